/** Which names headers may have (RFC 9110, section 5.6.2), and which of them people may set. */

export function isHeaderName(name: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]{1,200}$/.test(name)
}

/** They belong to the connection, or the host makes them of the request. */
const ofTheHost =
  /^(host|content-length|content-type|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|cookie|accept-encoding)$/i

export function mayBeSet(name: string): boolean {
  return isHeaderName(name) && !ofTheHost.test(name)
}

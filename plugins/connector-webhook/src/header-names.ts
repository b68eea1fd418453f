/** Which names headers may have (RFC 9110, section 5.6.2), which of them people may set, and to what. */

export function isHeaderName(name: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]{1,200}$/.test(name)
}

/** They belong to the connection, or the host makes them of the request. */
const ofTheHost =
  /^(host|content-length|content-type|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|cookie|accept-encoding)$/i

/** Latin characters, and no line breaks. */
export function isHeaderText(text: string): boolean {
  return /^[\t\x20-\x7e\u0080-\u00ff]*$/.test(text)
}

export function mayBeSet(name: string): boolean {
  return isHeaderName(name) && !ofTheHost.test(name)
}

/** Puts a token where it belongs in a request: at the place that the account declares, and where templates wrote its sign. */
import type { TokenPlace } from '@sluice/connector-sdk'
import type { Credential } from './credential.ts'
import type { HttpRequest } from './transport.ts'
import { percentEncoded, withinJson } from './written-text.ts'

export type TokenCredential = Exclude<Credential, { readonly kind: 'hmac' }>

export function placeToken(request: HttpRequest, { place }: TokenCredential, token: string): HttpRequest {
  return placed(withSigns(request, token), place, token)
}

/** Whether the sign of a token stands anywhere in it. */
export function holdsSign({ body, headers, url }: HttpRequest, sign: string): boolean {
  return (
    (body?.includes(sign) ?? false) ||
    url.includes(sign) ||
    Object.values(headers).some((value) => value.includes(sign))
  )
}

function placed(request: HttpRequest, place: TokenPlace, token: string): HttpRequest {
  switch (place.in) {
    case 'header': {
      const { name, prefix = 'Bearer' } = place
      const value = prefix === '' ? token : `${prefix} ${token}`
      return { ...request, headers: { ...request.headers, [name]: value } }
    }
    case 'query': {
      const url = new URL(request.url)
      url.searchParams.set(place.name, token)
      return { ...request, url: url.toString() }
    }
    case 'templates':
      return request
  }
}

function withSigns(request: HttpRequest, token: string): HttpRequest {
  const { body, headers, tokenSign: sign, url } = request
  if (sign === undefined) return request
  // A function, since a replacement text has signs of its own (`$&`).
  const filled = (text: string, written: string) => text.replaceAll(sign, () => written)
  return {
    ...request,
    url: filled(url, percentEncoded(token)),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, filled(value, token)] as const),
    ),
    body: body === null ? null : filled(body, written(token, headers['content-type'] ?? '')),
  }
}

/** As the type of the body wants texts written; the quotes of JSON are around the sign. */
function written(token: string, contentType: string): string {
  if (/[/+]json\b/i.test(contentType)) return withinJson(token)
  if (/\/x-www-form-urlencoded\b/i.test(contentType)) return percentEncoded(token)
  if (/[/+]xml\b/i.test(contentType)) {
    return token.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
  }
  return token
}

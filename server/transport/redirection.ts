/** Where an answer sends a request on to, and what of the request goes there (RFC 9110, section 15.4). */
import type { HttpRequest, HttpResult } from '../../engine/sending/transport.ts'

type Answer = Extract<HttpResult, { readonly kind: 'answer' }>

/** Far more than an honest vendor needs. */
export const mostRedirects = 10

const redirecting: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** The next request; null where the answer is the last word: it leads nowhere, to another host, or the method forbids it. */
export function redirected(request: HttpRequest, { headers, status }: Answer): HttpRequest | null {
  if (!redirecting.has(status)) return null
  const url = targetOf(request.url, headers['location'])
  if (url === null) return null
  if (status === 303 && request.method !== 'GET') return asked(request, url)
  // Clients may make a GET of it, which would lose the record, or post it again, where it may be taken twice.
  if (request.method === 'POST' && (status === 301 || status === 302)) return null
  return { ...request, url }
}

/** Whether a vendor that redirects so may have done what it was asked for: 307 and 308 say that it has not. */
export function mayHaveApplied({ status }: Answer): boolean {
  return status !== 307 && status !== 308
}

/** Asks for what came of it: without the body and what tells of the body. */
function asked(request: HttpRequest, url: string): HttpRequest {
  const headers = Object.entries(request.headers).filter(([name]) => !/^content-/i.test(name))
  return { ...request, method: 'GET', url, headers: Object.fromEntries(headers), body: null }
}

/** The request carries a record and the account's secrets, which are for this host alone. */
function targetOf(from: string, location: string | undefined): string | null {
  if (location === undefined || !URL.canParse(location, from)) return null
  const before = new URL(from)
  const after = new URL(location, from)
  const isPlain = after.username === '' && after.password === ''
  const isSame = after.origin === before.origin
  const isUpgrade =
    after.hostname === before.hostname &&
    before.protocol === 'http:' &&
    after.protocol === 'https:' &&
    before.port === '' &&
    after.port === ''
  return isPlain && (isSame || isUpgrade) ? after.toString() : null
}

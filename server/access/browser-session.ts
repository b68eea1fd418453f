/** Signs GraphiQL in on loopback: a cookie that lives as long as the process, and the checks that keep other pages out. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Refusal, RequestMarks } from './rules.ts'

export interface BrowserSession {
  /** For the `Set-Cookie` header of the GraphiQL page. */
  readonly cookie: () => string
  /** Whether a request tries to use the cookie. */
  isClaimed(marks: RequestMarks): boolean
  /** Why the cookie does not count; undefined when it does. */
  refusalOf(marks: RequestMarks): Refusal | undefined
  /** Whether the Host header names this server on loopback: a page that rebinds its own name's address can't. */
  isOwnHost(host: string | null): boolean
}

/** `port` is asked late, because a free port is known only once the server listens. */
export function createBrowserSession({ port }: { readonly port: () => number }): BrowserSession {
  const secret = randomBytes(32).toString('base64url')
  // Cookies don't tell ports apart: two installations on one machine need two names.
  const name = () => `sluice_graphiql_${port()}`
  const isOwnHost = (host: string | null) => ownHosts(port()).some((own) => own === host?.toLowerCase())

  return {
    cookie: () => `${name()}=${secret}; Path=/graphql; HttpOnly; SameSite=Strict`,
    isOwnHost,
    isClaimed: ({ cookie }) => cookieNamed(cookie, name()) !== undefined,
    refusalOf(marks) {
      if (!isOwnHost(marks.host)) return foreignHost
      if (!isFromOwnPage(marks)) return foreignOrigin
      return isEqual(cookieNamed(marks.cookie, name()) ?? '', secret) ? undefined : endedSession
    },
  }
}

export const foreignHost: Refusal = {
  status: 403,
  code: 'foreign_host',
  message: 'GraphiQL is served to this machine only. Open it at the address that was printed at the start.',
}

export const foreignOrigin: Refusal = {
  status: 403,
  code: 'foreign_origin',
  message: 'This cookie counts only for pages of Sluice itself. Send a token instead.',
}

const endedSession: Refusal = {
  status: 401,
  code: 'unauthenticated',
  message: 'The server was started anew since this page was opened. Reload the page.',
}

export function ownHosts(port: number): readonly string[] {
  return [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]
}

/**
 * Pages of other ports of this machine get the cookie along (SameSite knows no ports), so the page must be
 * named: by Origin, or for a GET, which has none on its own page, by Sec-Fetch-Site.
 */
function isFromOwnPage({ method, origin, host, secFetchSite }: RequestMarks): boolean {
  if (origin !== null) return origin.toLowerCase() === `http://${host?.toLowerCase()}`
  return method === 'GET' && secFetchSite === 'same-origin'
}

function cookieNamed(header: string | null, name: string): string | undefined {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}

function isEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

/** The address that browsers know Sluice by: its pages' origins, and whether a request comes from one of them. */
import { ownHosts } from '../access/browser-session.ts'
import type { RequestMarks } from '../access/rules.ts'

export interface PublicAddress {
  /** Scheme, host and port. */
  readonly url: string
  /** Where pages of ours can be open. */
  readonly origins: readonly string[]
}

/** An address that was given; else loopback's, under each of its names. */
export function publicAddress(given: string | undefined, port: number): PublicAddress {
  if (given !== undefined) return { url: given, origins: [given] }
  const origins = ownHosts(port).map((host) => `http://${host}`)
  return { url: `http://127.0.0.1:${port}`, origins }
}

/** A page names itself by Origin, or for a GET, which has none on its own page, by Sec-Fetch-Site. */
export function isFromPageOf(
  { origins }: PublicAddress,
  { method, origin, secFetchSite }: RequestMarks,
): boolean {
  if (origin !== null) return origins.includes(origin.toLowerCase())
  return method === 'GET' && secFetchSite === 'same-origin'
}

/** Cookies don't tell ports apart: two installations on one machine need two names. */
export function cookiePrefix({ url }: PublicAddress): string {
  const { port } = new URL(url)
  return port === '' ? 'sluice' : `sluice_${port}`
}

/** The door to the sign-in library: only the paths that are meant, and only headers that were checked. */
import { signInErrors } from './rules.ts'

/** Set by us and nobody else: whoever sends it is overruled. */
export const clientAddressHeader = 'x-sluice-client-address'

/** Of the library's many paths those that Sluice offers. */
const offered = [
  /^\/sign-(up|in)\/email$/,
  /^\/sign-in\/social$/,
  /^\/link-social$/,
  /^\/callback\/oidc$/,
  /^\/sign-out$/,
  /^\/get-session$/,
  /^\/list-sessions$/,
  /^\/revoke-(session|sessions|other-sessions)$/,
  /^\/(change|reset)-password$/,
  /^\/delete-user$/,
  /^\/error$/,
]

export async function answerOf(
  handle: (request: Request) => Promise<Response>,
  request: Request,
  clientAddress: string,
): Promise<Response> {
  const path = new URL(request.url).pathname.replace(/^\/auth/, '')
  if (!offered.some((form) => form.test(path))) return problem(404, signInErrors.noSuchPath)
  const headers = new Headers(request.headers)
  headers.set(clientAddressHeader, clientAddress)
  const answer = await handle(new Request(request, { headers }))
  return guarded(answer)
}

export function problem(status: number, body: { readonly code: string; readonly message: string }): Response {
  return guarded(Response.json(body, { status }))
}

/** Answers about people are nobody else's to keep, show or frame. */
function guarded(answer: Response): Response {
  const headers = new Headers(answer.headers)
  headers.set('cache-control', 'no-store')
  headers.set('x-content-type-options', 'nosniff')
  headers.set('referrer-policy', 'no-referrer')
  headers.set(
    'content-security-policy',
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  )
  const retryAfter = headers.get('x-retry-after')
  if (retryAfter !== null) headers.set('retry-after', retryAfter)
  return new Response(answer.body, { status: answer.status, headers })
}

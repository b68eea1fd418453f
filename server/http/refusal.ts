/** A refusal as GraphQL clients read it: a body with `errors`, whatever the status. */
import type { Refusal } from '../access/rules.ts'

export interface RefusalOptions extends Pick<Refusal, 'code' | 'message'> {
  readonly status: number
  /** What else stands beside the code. */
  readonly details?: Readonly<Record<string, unknown>>
}

export function refusalResponse({ status, code, message, details }: RefusalOptions): Response {
  const body = JSON.stringify({ errors: [{ message, extensions: { code, ...details } }] })
  return new Response(body, {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(status === 401 && { 'www-authenticate': 'Bearer realm="sluice"' }),
    },
  })
}

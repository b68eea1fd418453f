/** A refusal as GraphQL clients read it: a body with `errors`, whatever the status. */
import type { Refusal } from '../access/rules.ts'

export interface RefusalOptions extends Pick<Refusal, 'code' | 'message'> {
  readonly status: number
}

export function refusalResponse({ status, code, message }: RefusalOptions): Response {
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] })
  return new Response(body, {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(status === 401 && { 'www-authenticate': 'Bearer realm="sluice"' }),
    },
  })
}

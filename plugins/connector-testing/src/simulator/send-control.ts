/** Sends the page or a control answer, with nothing cached and nothing loaded from elsewhere. */
import type { ServerResponse } from 'node:http'
import type { ControlAnswer } from './control.ts'

export function sendControl(response: ServerResponse, { status, type, text }: ControlAnswer): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(text)
}

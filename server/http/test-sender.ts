/** Sends one request for people who wait: a connection test, choices, a preparation. Now, once, with the account's secrets. */
import { encodeBody, httpRequest } from '../../engine/sending/send-request.ts'
import type { Transport } from '../../engine/sending/transport.ts'
import type { SendOnce } from '../connectors/rules.ts'

interface Deps {
  readonly transport: Transport
  readonly clock: () => Date
}

const timeoutMs = 10_000

const explanations: Readonly<Record<string, string>> = {
  connection_failed:
    'The host does not take connections. Check the address, and that the host can be reached from here.',
  host_not_found: 'There is no host with this name. Check the address.',
  tls_failed: "The host's certificate is not valid. Check the address.",
  timed_out: `The host did not answer within ${timeoutMs / 1000} s. Test again; if it stays so, check the address.`,
  private_address: 'The address is a private one. Name it in SLUICE_ALLOW_PRIVATE_HOSTS if it may be called.',
  host_not_allowed: 'The address is not one of HTTP or HTTPS. Check it.',
  answer_too_large: 'The host answered with more than a vendor does. Check the address.',
}

export function createTestSender({ transport, clock }: Deps): SendOnce {
  return async (request, account) => {
    const http = httpRequest(account, request, encodeBody(request), timeoutMs)
    if (http === null) return failed('host_not_allowed')
    const result = await transport(http)
    if (result.kind !== 'answer') return failed(result.code, result.kind === 'no-answer')
    const { status, headers, text } = result
    const response = { status, headers, text, json: parseJson(text), receivedAt: clock().getTime() }
    return { ok: true, response }
  }
}

function failed(code: string, mayHaveArrived = false) {
  const message = explanations[code] ?? 'The connection broke off before the answer was complete. Test again.'
  return { ok: false, code, message, mayHaveArrived } as const
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON is an answer like any other: `interpret` sees undefined.
    return undefined
  }
}

/** Sends one request for people who wait: a connection test, choices, a preparation. Now, once, with the account's secrets. */
import { encodeBody } from '../../engine/sending/body.ts'
import { httpRequest } from '../../engine/sending/http-request.ts'
import { exchange, responseOf, type SendingDeps } from '../../engine/sending/send-request.ts'
import type { SendOnce } from '../connectors/rules.ts'

interface Deps extends SendingDeps {
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
  secret_missing: 'A secret that the request needs is not set. Give all secrets of the form.',
  token_refused:
    'The token endpoint does not give a token for these settings. Check its address, the client id, its secret and the scopes.',
  token_unavailable:
    'The token endpoint gave no usable answer. Test again; if it stays so, check its address.',
  key_unusable: 'The key to sign with cannot be used. Give the whole private key as PEM, of the right kind.',
  certificate_unusable:
    'The client certificate cannot be used. Give the certificate and its own key as PEM, and the passphrase where it has one.',
  certificate_refused:
    'The host does not accept the client certificate. Check which one is registered there.',
  authorization_missing: 'Nobody has allowed the access at the vendor yet. Begin with beginAuthorization.',
  authorization_expired:
    'The vendor no longer accepts the authorization. Allow the access again with beginAuthorization.',
  answer_too_large: 'The host answered with more than a vendor does. Check the address.',
}

export function createTestSender(deps: Deps): SendOnce {
  return async (request, account) => {
    const result = await exchange(deps, httpRequest(account, request, encodeBody(request), timeoutMs))
    if (result.kind !== 'answer') return failed(result.code, result.kind === 'no-answer')
    return { ok: true, response: responseOf(result, deps.clock().getTime()) }
  }
}

function failed(code: string, mayHaveArrived = false) {
  const message = explanations[code] ?? 'The connection broke off before the answer was complete. Test again.'
  return { ok: false, code, message, mayHaveArrived } as const
}

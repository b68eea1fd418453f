/** HTTP to vendors over undici: bounded in time and size, no redirects, and exact about how it ended. */
import { Agent } from 'undici'
import type { HttpRequest, HttpResult, Transport } from '../../engine/sending/transport.ts'
import { createGuardedConnector } from './guarded-connector.ts'
import { createAddressRules } from './private-addresses.ts'

interface Options {
  /** Private hosts that may be called. */
  readonly allowPrivateHosts: readonly string[]
}

export interface HttpTransport {
  readonly send: Transport
  close(): Promise<void>
}

const connectTimeoutMs = 5_000
/** More than any vendor answers to a batch; a longer answer is cut off and its items are unknown. */
const mostAnswerBytes = 4 * 1024 * 1024
const mostConnections = 64

export function createHttpTransport({ allowPrivateHosts }: Options): HttpTransport {
  const agent = new Agent({
    connect: createGuardedConnector(createAddressRules(allowPrivateHosts), connectTimeoutMs),
    connections: mostConnections,
    maxResponseSize: mostAnswerBytes,
    headersTimeout: 0,
    bodyTimeout: 0,
  })

  async function send({ method, url, headers, body, timeoutMs }: HttpRequest): Promise<HttpResult> {
    const { origin, pathname, search, protocol } = new URL(url)
    if (protocol !== 'http:' && protocol !== 'https:')
      return { kind: 'not-allowed', code: 'host_not_allowed' }
    try {
      const answer = await agent.request({
        origin,
        path: pathname + search,
        method,
        headers,
        body,
        // One limit for everything: a body that drips never reaches undici's own time-out.
        signal: AbortSignal.timeout(timeoutMs),
      })
      const text = await answer.body.text()
      return { kind: 'answer', status: answer.statusCode, headers: flat(answer.headers), text }
    } catch (error) {
      return endingOf(error)
    }
  }

  return { send, close: () => agent.close() }
}

const notSent: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection_failed',
  EHOSTUNREACH: 'connection_failed',
  ENETUNREACH: 'connection_failed',
  EADDRNOTAVAIL: 'connection_failed',
  UND_ERR_CONNECT_TIMEOUT: 'connection_failed',
  // A character that no header or path may have, as in a secret that was pasted with a line break.
  UND_ERR_INVALID_ARG: 'request_invalid',
  ENOTFOUND: 'host_not_found',
  EAI_AGAIN: 'host_not_found',
}

/** Only what certainly failed before the first byte is `not-sent`; everything else may have been applied. */
function endingOf(error: unknown): HttpResult {
  const code = codeOf(error)
  if (code === 'private_address') return { kind: 'not-allowed', code }
  const failed = notSent[code]
  if (failed !== undefined) return { kind: 'not-sent', code: failed }
  if (/^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) {
    return { kind: 'not-sent', code: 'tls_failed' }
  }
  if (code === 'TimeoutError' || code === 'UND_ERR_ABORTED') return { kind: 'no-answer', code: 'timed_out' }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return { kind: 'no-answer', code: 'answer_too_large' }
  return { kind: 'no-answer', code: 'connection_lost' }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if (error.name === 'TimeoutError') return error.name
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const single: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) single[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return single
}

/** HTTP to vendors over undici: bounded in time and size, and exact about how it ended. */
import type { SecureContext } from 'node:tls'
import { Agent } from 'undici'
import type { HttpRequest, HttpResult, Transport } from '../../engine/sending/transport.ts'
import { createCertificateAgents } from './certificate-agents.ts'
import { exchange } from './exchange.ts'
import { createGuardedConnector, type Lookup } from './guarded-connector.ts'
import { createAddressRules } from './private-addresses.ts'
import { mayHaveApplied, mostRedirects, redirected } from './redirection.ts'

interface Options {
  /** Private hosts that may be called. */
  readonly allowPrivateHosts: readonly string[]
  /** How names are resolved. Default: as the system does. */
  readonly lookup?: Lookup
}

export interface HttpTransport {
  readonly send: Transport
  close(): Promise<void>
}

const connectTimeoutMs = 5_000
/** More than any vendor answers to a batch; a longer answer is cut off and its items are unknown. */
const mostAnswerBytes = 4 * 1024 * 1024
const mostConnections = 64
/** Answers are not unpacked; who is not told so may pack them (RFC 9110, 12.5.3). */
const plainly = { 'accept-encoding': 'identity' }

export function createHttpTransport({ allowPrivateHosts, lookup }: Options): HttpTransport {
  const rules = createAddressRules(allowPrivateHosts)
  const agentFor = (secureContext?: SecureContext) =>
    new Agent({
      connect: createGuardedConnector(rules, connectTimeoutMs, { secureContext, lookup }),
      connections: mostConnections,
      maxResponseSize: mostAnswerBytes,
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  const plain = agentFor()
  const presenting = createCertificateAgents(agentFor)

  async function send(request: HttpRequest): Promise<HttpResult> {
    const endsAt = performance.now() + request.timeoutMs
    let left = Math.min(request.redirects ?? 0, mostRedirects)
    let result = await sendOnce(request)
    let mayBeApplied = false
    for (let next: HttpRequest | null = request; left > 0 && result.kind === 'answer'; left -= 1) {
      next = redirected(next, result)
      if (next === null) return result
      mayBeApplied ||= mayHaveApplied(result)
      result = await sendOnce({ ...next, timeoutMs: Math.max(1, endsAt - performance.now()) })
    }
    if (result.kind === 'answer' || result.kind === 'no-answer' || !mayBeApplied) return result
    return { kind: 'no-answer', code: result.code }
  }

  async function sendOnce(request: HttpRequest): Promise<HttpResult> {
    const { body, certificate, headers, method, timeoutMs, url } = request
    const { origin, pathname, search, protocol } = new URL(url)
    if (protocol !== 'http:' && protocol !== 'https:')
      return { kind: 'not-allowed', code: 'host_not_allowed' }
    const agent = certificate === undefined ? plain : presenting.of(certificate)
    if (agent === null) return { kind: 'not-allowed', code: 'certificate_unusable' }
    const asked = { origin, path: pathname + search, method, headers: { ...plainly, ...headers }, body }
    const ended = await exchange(agent, asked, timeoutMs)
    if (ended.kind === 'failed') {
      const isTurnedDown = certificate !== undefined && certificateRefused.test(codeOf(ended.error))
      return isTurnedDown ? { kind: 'not-allowed', code: 'certificate_refused' } : endingOf(ended)
    }
    return { ...ended, headers: flat(ended.headers) }
  }

  return {
    send,
    async close() {
      await Promise.all([plain.close(), presenting.close()])
    },
  }
}

/** Codes of what kept a request from being sent, other than a connection that failed. */
const notSent: Readonly<Record<string, string>> = {
  // A character that no header or path may have, as in a secret that was pasted with a line break.
  UND_ERR_INVALID_ARG: 'request_invalid',
  UND_ERR_NOT_SUPPORTED: 'request_invalid',
  ENOTFOUND: 'host_not_found',
  EAI_AGAIN: 'host_not_found',
}

/** Codes of what became of an answer, other than a connection that was lost. */
const noAnswer: Readonly<Record<string, string>> = {
  timed_out: 'timed_out',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'answer_too_large',
  UND_ERR_HEADERS_OVERFLOW: 'answer_too_large',
}

/**
 * The alerts by which a server turns down a client's certificate, or asks for the one it did not get: nobody has read
 * the request. Over TLS 1.3 they may come too late to be told from a lost connection.
 */
const certificateRefused =
  /^ERR_SSL_.*ALERT_(CERTIFICATE_\w+|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE)$/

/** What failed before its first byte was written is `not-sent`; everything else may have been applied. */
function endingOf({
  error,
  hasStarted,
}: {
  readonly error: unknown
  readonly hasStarted: boolean
}): HttpResult {
  const code = codeOf(error)
  if (hasStarted) return { kind: 'no-answer', code: noAnswer[code] ?? 'connection_lost' }
  if (code === 'private_address') return { kind: 'not-allowed', code }
  const isTls = /^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO)/.test(code)
  return { kind: 'not-sent', code: isTls ? 'tls_failed' : (notSent[code] ?? 'connection_failed') }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const single: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) single[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return single
}

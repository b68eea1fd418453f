/** Sends a request for real, and tells as the host does how it ended: answered, never sent, or sent without an answer. */
import type { HttpRequest, HttpResult } from '../../../engine/sending/transport.ts'

/** Enough for a simulator on this machine; a test of a vendor that never answers waits so long. */
const timeoutMs = 2_000
/** How a connection fails before a byte of the request was written. */
const notConnected = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']

export async function sendOverHttp({ body, headers, method, url }: HttpRequest): Promise<HttpResult> {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(url, { method, headers, body, signal, redirect: 'manual' })
    const text = await response.text()
    return { kind: 'answer', status: response.status, headers: Object.fromEntries(response.headers), text }
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError')
      return { kind: 'no-answer', code: 'timed_out' }
    return notConnected.includes(codeOf(error))
      ? { kind: 'not-sent', code: 'connection_failed' }
      : { kind: 'no-answer', code: 'connection_lost' }
  }
}

/** fetch wraps what happened to the connection. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}

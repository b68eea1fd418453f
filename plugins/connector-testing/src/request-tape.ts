/** What goes over the wire in a test: each request is written down, and answered as the test says. */
import type { HttpRequest, HttpResult, Transport } from '../../../engine/sending/transport.ts'
import { sendOverHttp } from './send-over-http.ts'
import { jsonOrText } from './simulator/json-or-text.ts'

/**
 * How the vendor answers a request: with a status and a body, or not at all. `unreached` ends before the first byte
 * was written, `lost` after it: then the vendor may have applied the request.
 */
export type TestAnswer =
  | {
      readonly status: number
      /** Names in lower case. */
      readonly headers?: Readonly<Record<string, string>>
      /** A value becomes JSON, a text stays as it is. */
      readonly body?: unknown
    }
  | 'unreached'
  | 'lost'

/** A request as it went over the wire. */
export interface TestRequest {
  readonly method: string
  readonly url: string
  /** Secrets stand in it as `<name>`. */
  readonly headers: Readonly<Record<string, string>>
  /** Parsed where it is JSON, else its text; null where there is none. */
  readonly body: unknown
}

/** One for each request, in order, what makes one of a request, or `http` to send them for real, to an address or there. */
export type TestResponses =
  | readonly TestAnswer[]
  | ((request: TestRequest, index: number) => TestAnswer)
  | 'http'
  | { readonly http: string }

export interface RequestTape {
  /** In the order in which they were sent. */
  readonly requests: readonly TestRequest[]
  readonly transport: Transport
}

export function createRequestTape(responses: TestResponses): RequestTape {
  const requests: TestRequest[] = []
  return {
    requests,
    async transport(http) {
      const request = shown(http)
      const index = requests.push(request) - 1
      if (responses === 'http') return sendOverHttp(http)
      if ('http' in responses) return sendOverHttp({ ...http, url: movedTo(responses.http, http.url) })
      const answer = typeof responses === 'function' ? responses(request, index) : responses[index]
      if (answer !== undefined) return resultOf(answer)
      const which = `${request.method} ${request.url} is request ${index + 1}`
      throw new Error(`${which}: no response is left for it.`)
    },
  }
}

function movedTo(address: string, url: string): string {
  const { pathname, search } = new URL(url)
  return `${new URL(address).origin}${pathname}${search}`
}

function shown({ body, headers, method, url }: HttpRequest): TestRequest {
  return { method, url, headers, body: body === null ? null : jsonOrText(body) }
}

function resultOf(answer: TestAnswer): HttpResult {
  if (answer === 'unreached') return { kind: 'not-sent', code: 'connection_failed' }
  if (answer === 'lost') return { kind: 'no-answer', code: 'connection_lost' }
  const { body = '', headers = {}, status } = answer
  return { kind: 'answer', status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) }
}

/** What a simulated vendor is asked and what it answers. */
import type { IncomingHttpHeaders } from 'node:http'

export interface ArrivedRequest {
  /** From 1, in the order of arrival. */
  readonly sequence: number
  /** Epoch milliseconds. */
  readonly arrivedAt: number
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** The body as it came, undefined where it was too long. */
  readonly text: string | undefined
  /** The parsed body, its text where it is no JSON, undefined where it was too long. */
  readonly body: unknown
}

/** What a request gets unless a fault stands in its way. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  /** Lets the request take effect; missing when nothing does. */
  readonly apply?: (() => void) | undefined
}

/** A webhook as the receiver writes it down. */
import type { IncomingHttpHeaders } from 'node:http'

export interface ReceivedWebhook {
  /** From 1, in the order of arrival. */
  readonly sequence: number
  /** When it came, epoch milliseconds. */
  readonly at: number
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** Names in lower case, secrets included: the page shows masks. */
  readonly headers: IncomingHttpHeaders
  /** As it came; undefined where it was too long. */
  readonly text: string | undefined
  /** Parsed, or the text where it is no JSON. */
  readonly body: unknown
  /** What it was answered; a fault may answer otherwise. */
  readonly status: number
}

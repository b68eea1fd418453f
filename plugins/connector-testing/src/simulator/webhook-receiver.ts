/** A receiver of webhooks on loopback: takes any request, answers as told, shows what came on a page. */
import { createFaults, type Fault, type Faults } from './faults.ts'
import { type HostedVendorOptions, hostVendor } from './host-vendor.ts'
import type { ReceivedWebhook } from './received-webhook.ts'
import type { ArrivedRequest, Reply } from './reply.ts'
import { createRequestLog } from './request-log.ts'
import { renderWebhooks } from './webhook-page.ts'

export interface WebhookAnswer {
  /** Default: 200. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. Default: `{}`. */
  readonly body?: unknown
}

export interface WebhookReceiverOptions {
  /** For its page. Default: Webhook. */
  readonly name?: string
  /** Default 0: any free port of 127.0.0.1. */
  readonly port?: number
  /** How many of the latest requests are kept. Default: 1,000. */
  readonly keepRequests?: number
  /** Most bytes of a body; a longer one gets a 413. Default: 16,000,000. */
  readonly maxBodyBytes?: number
  /** How each request is answered. Default: 200 with `{}`. */
  readonly answer?: (request: Omit<ReceivedWebhook, 'status'>) => WebhookAnswer
  /** What a request counts in the totals. Default: the entries of a JSON list, else 1. */
  readonly recordsOf?: (body: unknown) => number
}

export interface WebhookReceiver {
  readonly url: string
  /** The latest requests, in the order of arrival. */
  readonly received: readonly ReceivedWebhook[]
  readonly faults: Faults
  /** Has the next requests answered so, each fault once unless it says `times`; the first that fits is used. */
  answerNext(...faults: readonly Fault[]): void
  /** Cuts what is open and stops listening. */
  close(): Promise<void>
}

/**
 * Starts a receiver that takes every method at every path but `/`, which is its page. `GET /_simulator/stats` tells
 * the totals, `POST /_simulator/faults` takes faults as JSON.
 *
 * @example
 * ```ts
 * const receiver = await createWebhookReceiver()
 * receiver.answerNext({ kind: 'status', status: 307, headers: { location: '/moved' } }, { kind: 'reset' })
 * // … send to `${receiver.url}/hook` …
 * receiver.received[0]?.body
 * ```
 */
export async function createWebhookReceiver({
  answer = () => ({}),
  keepRequests = 1_000,
  maxBodyBytes = 16_000_000,
  name = 'Webhook',
  port = 0,
  recordsOf = (body) => (Array.isArray(body) ? body.length : 1),
}: WebhookReceiverOptions = {}): Promise<WebhookReceiver> {
  const faults = createFaults<Fault>(1)
  const received: ReceivedWebhook[] = []
  const totals = { requests: 0, records: 0 }

  function respond({ arrivedAt, body, headers, method, path, query, sequence, text }: ArrivedRequest): Reply {
    const request = { sequence, at: arrivedAt, method, path, query, headers, text, body }
    const told: WebhookAnswer =
      text === undefined ? { status: 413, body: { message: 'Content Too Large' } } : answer(request)
    const status = told.status ?? 200
    received.push({ ...request, status })
    if (received.length > keepRequests) received.shift()
    totals.requests += 1
    return {
      status,
      headers: told.headers ?? {},
      body: told.body ?? {},
      apply: () => {
        if (status < 300) totals.records += recordsOf(body)
      },
    }
  }

  const vendor = await hostVendor(
    (): HostedVendorOptions<Fault> => ({
      port,
      maxBodyBytes,
      control: { faults, totals: () => totals, page: () => renderWebhooks(name, totals, received) },
      exchange: { faults, log: createRequestLog(0), now: Date.now, respond },
    }),
  )
  return {
    url: vendor.url,
    received,
    faults,
    answerNext(...next) {
      for (const fault of next) faults.add(fault)
    },
    close: vendor.close,
  }
}

/** A vendor on loopback for a connector's tests: routes that answer, limits, and on script what goes wrong. */
import { createFaults, type Fault, type Faults } from './faults.ts'
import { type HostedVendorOptions, hostVendor } from './host-vendor.ts'
import { createRateWindow, type RateHeaders } from './rate-window.ts'
import { createRequestLog, type LoggedRequest } from './request-log.ts'
import { createRoutes } from './routes.ts'
import { renderRequests } from './vendor-page.ts'

/** A request as a route is given it. */
export interface VendorRequest {
  /** The text that stands in the place of the braces of the route; empty where it has none. */
  readonly name: string
  readonly query: URLSearchParams
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Parsed, or the text where it is no JSON. */
  readonly body: unknown
}

export interface VendorAnswer {
  /** Default: 200. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. Default: `{}`. */
  readonly body?: unknown
  /**
   * What the request changes, in a vendor that keeps something. It is not called where a fault answers instead, unless
   * the fault says that it `stores`.
   */
  readonly apply?: () => void
}

export interface VendorLimit {
  /** Path prefix the limit is for. */
  readonly match: string
  readonly requests: number
  readonly perMs: number
  /** Default: `retry-after` in seconds on a 429. */
  readonly headers?: RateHeaders
}

export interface VendorSimulatorOptions {
  /** By method and path, such as `POST /contacts` or `PUT /lists/{name}`, with at most one segment in braces. */
  readonly routes: Readonly<Record<string, (request: VendorRequest) => VendorAnswer>>
  /** For its page. Default: Vendor. */
  readonly name?: string
  /** Whether a request may come in, for example by its key; what may not gets a 401. Default: all may. */
  readonly isAuthorized?: (request: Pick<VendorRequest, 'headers' | 'query'>) => boolean
  /** Windows on the clock. Default: none. */
  readonly limits?: readonly VendorLimit[]
  /** How long an answer takes that no fault gives. Default: 0. */
  readonly latencyMs?: number
  /** Default 0: any free port of 127.0.0.1. */
  readonly port?: number
  /** How many of the latest requests are kept. Default: 100. */
  readonly keepRequests?: number
  /** Most bytes of a body; a longer one gets a 413. Default: 4,000,000. */
  readonly maxBodyBytes?: number
  /** The clock of the limits, epoch milliseconds. Default: Date.now. */
  readonly now?: () => number
}

export interface VendorSimulator {
  readonly url: string
  /** The latest requests, in the order in which they were answered or given up; never with `authorization`. */
  readonly requests: readonly LoggedRequest[]
  readonly faults: Faults
  /** Has the next requests answered so, each fault once unless it says `times`; the first that fits is used. */
  answerNext(...faults: readonly Fault[]): void
  /** Cuts what is open and stops listening. */
  close(): Promise<void>
}

/**
 * Starts a vendor that behaves as told. `GET /` is a page to look at; `POST /_simulator/faults` takes faults as JSON.
 *
 * @example
 * ```ts
 * const vendor = await createVendorSimulator({
 *   routes: { 'POST /contacts': () => ({ body: { failed: [] } }) },
 *   limits: [{ match: '/contacts', requests: 100, perMs: 1_000 }],
 * })
 * vendor.answerNext({ kind: 'reset', stores: true }, { kind: 'status', status: 503, times: 2 })
 * ```
 */
export async function createVendorSimulator(options: VendorSimulatorOptions): Promise<VendorSimulator> {
  const {
    keepRequests = 100,
    latencyMs = 0,
    maxBodyBytes = 4_000_000,
    name = 'Vendor',
    now = Date.now,
    port = 0,
  } = options
  const faults = createFaults<Fault>(1)
  const log = createRequestLog(keepRequests)
  const vendor = await hostVendor(
    (): HostedVendorOptions<Fault> => ({
      port,
      maxBodyBytes,
      control: {
        faults,
        totals: () => ({ requests: vendor.exchanges.requests }),
        page: () => renderRequests(name, vendor.exchanges.requests, log.entries),
      },
      exchange: { faults, log, now, latencyMs, respond: createRespond(options, now) },
    }),
  )
  return {
    url: vendor.url,
    requests: log.entries,
    faults,
    answerNext(...next) {
      for (const fault of next) faults.add(fault)
    },
    close: vendor.close,
  }
}

function createRespond(
  { isAuthorized = () => true, limits = [], routes }: VendorSimulatorOptions,
  now: () => number,
): HostedVendorOptions<Fault>['exchange']['respond'] {
  const routeOf = createRoutes(routes)
  const windows = limits.map(({ headers = 'standard', match, ...limit }) => ({
    match,
    window: createRateWindow({ ...limit, headers }),
  }))
  const refused = (status: number, message: string, headers = {}) => ({ status, headers, body: { message } })

  return ({ body, headers, method, path, query }) => {
    if (!isAuthorized({ headers, query })) return refused(401, 'Unauthorized')
    let told: Readonly<Record<string, string>> = {}
    for (const { window } of windows.filter(({ match }) => path.startsWith(match))) {
      const taken = window.take(now())
      told = { ...told, ...taken.headers }
      if (!taken.isAllowed) return refused(429, 'Too Many Requests', told)
    }
    if (body === undefined) return refused(413, 'Content Too Large', told)
    const match = routeOf(method, path)
    if (match === undefined) return refused(404, 'Not Found', told)
    const answer = match.endpoint({ name: match.name, query, headers, body })
    return {
      status: answer.status ?? 200,
      headers: { ...told, ...answer.headers },
      body: answer.body ?? {},
      apply: answer.apply,
    }
  }
}

/** How much a vendor takes: in one request, in a period, and at once. */
import type { RequestPlan } from './exchange.ts'

/**
 * What one request may carry. The host cuts groups of items by it before it asks for a plan.
 *
 * @example
 * ```ts
 * limits: () => ({ weights: { users: 100 }, bytes: 1_000_000, onePerRecipient: true })
 * ```
 */
export interface ActionLimits {
  /** Most units a request may carry, by the names that `weigh` returns; units not named are free. */
  readonly weights: Readonly<Record<string, number>>
  /** Most bytes of a request's body. */
  readonly bytes: number
  /** True when two items of one recipient may not share a request. */
  readonly onePerRecipient: boolean
}

/**
 * How fast the vendor lets an account be: so many requests in a period, in a day, or at once. A request to which several
 * limits apply counts in each. Declare what the vendor documents: for now the host waits when the vendor says 429, and
 * a later version keeps to the limits over all workers before it does.
 *
 * @example
 * ```ts
 * rateLimits: [
 *   { scope: 'credential', match: '/users', requests: 250, perMs: 60_000 },
 *   // 100,000 users a day and list, whatever the number of requests.
 *   {
 *     scope: 'credential',
 *     match: '/lists/',
 *     requests: 100_000,
 *     perDay: 'UTC',
 *     key: ({ path }) => path,
 *     cost: ({ parts }) => parts.length,
 *   },
 *   { scope: 'credential', match: '/', requests: 10, atOnce: true },
 * ]
 * ```
 */
export type RateLimit = CountedRequests &
  (
    | {
        /** The length of the period, in milliseconds. */
        readonly perMs: number
      }
    | {
        /** From midnight to midnight in this time zone, by its name in the IANA database. */
        readonly perDay: string
      }
    | {
        /** So many may be under way at the same time. */
        readonly atOnce: true
      }
  )

/** Which requests a limit counts, how, and up to what. */
interface CountedRequests {
  /** Limits of scope `credential` are shared by all actions with the same secret. */
  readonly scope: 'credential'
  /** Path prefix that the limit is for. Of several, the requests count together, against one limit. */
  readonly match: string | readonly string[]
  /** Most requests; with `cost`, the most that they may cost together. */
  readonly requests: number
  /** Pure: requests count together only with those of the same key, such as a list's id. Default: all do. */
  key?(request: RequestPlan): string
  /** Pure: what a request counts, from 0. Default: 1. */
  cost?(request: RequestPlan): number
}

/** What a simulator can be told when it is made. */
import type { MessageState } from './outbox.ts'

export interface BrazeSimulatorOptions {
  /** The key that it accepts. Default: `simulator-key`. */
  readonly apiKey?: string
  /** Default 0: any free port. It listens on 127.0.0.1 only. */
  readonly port?: number
  /** Requests to /users/track in 3 s. Default 3,000; with Infinity there are no `x-ratelimit-*` headers. */
  readonly trackRequestsPerWindow?: number
  /** Requests to /users/delete and /users/identify together in a minute. Default 20,000. */
  readonly deleteRequestsPerWindow?: number
  /** Requests to both versions of /subscription/status/set together in a minute. Default 5,000. */
  readonly subscriptionRequestsPerWindow?: number
  /** Requests for messages of all kinds together in an hour. Default 250,000. */
  readonly messageRequestsPerWindow?: number
  /** Requests for catalog items, putting and deleting together, in a minute. Default 16,000. */
  readonly catalogRequestsPerWindow?: number
  /** Requests to /users/export/ids in a minute. Default 250. */
  readonly exportRequestsPerWindow?: number
  /**
   * How an answer tells when the window ends: epoch seconds (default), seconds left, or seconds left with
   * `x-ratelimit-retry-after` alone on a 429.
   */
  readonly rateLimitHeaders?: RateLimitHeaders
  /** Permissions of the key. Default: all endpoints'. */
  readonly permissions?: readonly string[]
  /** The API-triggered campaigns by id. Default: none. */
  readonly campaigns?: Readonly<Record<string, MessageState>>
  /** The API-triggered Canvases by id. Default: none. */
  readonly canvases?: Readonly<Record<string, MessageState>>
  /** The transactional campaigns by id. Default: none. */
  readonly transactionalCampaigns?: Readonly<Record<string, MessageState>>
  /** The names of the fields of each catalog beside `id`. Default: no catalogs. */
  readonly catalogs?: Readonly<Record<string, readonly string[]>>
  /** External ids that Braze has blocked. Default: none. */
  readonly blockedUsers?: readonly string[]
  /** Entries of `errors[]`: recorded sentences (default), documented codes, or bare strings without an index. */
  readonly errorStyle?: ErrorStyle
  /** Whether /users/track takes 75 objects together (default), or 75 of each kind, as older contracts have it. */
  readonly objectLimit?: ObjectLimit
  /** How many of the latest requests `log` and `applications` keep. Default 100. */
  readonly keepRequests?: number
  /** How long after the answer a write takes effect. Default 0: before the answer. */
  readonly applyDelayMs?: number
  /** Seed of the faults that fire at a rate. Default 1. */
  readonly seed?: number
  /** The clock of rate windows and events, epoch milliseconds. Default: Date.now. */
  readonly now?: () => number
}

export type RateLimitHeaders = 'epoch' | 'seconds' | 'retryAfter'
export type ObjectLimit = 'combined' | 'each'
export type ErrorStyle = 'texts' | 'codes' | 'strings'

export const defaultOptions: Required<BrazeSimulatorOptions> = {
  apiKey: 'simulator-key',
  port: 0,
  trackRequestsPerWindow: 3000,
  deleteRequestsPerWindow: 20_000,
  subscriptionRequestsPerWindow: 5000,
  messageRequestsPerWindow: 250_000,
  catalogRequestsPerWindow: 16_000,
  exportRequestsPerWindow: 250,
  rateLimitHeaders: 'epoch',
  permissions: [
    'users.track',
    'users.delete',
    'users.export.ids',
    'users.identify',
    'subscription.status.set',
    'campaigns.list',
    'campaigns.trigger.send',
    'canvas.list',
    'canvas.trigger.send',
    'transactional.send',
    'catalogs.replace_items',
    'catalogs.delete_items',
  ],
  campaigns: {},
  canvases: {},
  transactionalCampaigns: {},
  catalogs: {},
  blockedUsers: [],
  errorStyle: 'texts',
  objectLimit: 'combined',
  keepRequests: 100,
  applyDelayMs: 0,
  seed: 1,
  now: Date.now,
}

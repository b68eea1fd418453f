/** What a connector is: data plus pure functions. The host does everything that touches the world. */
import type { z } from 'zod'
import type { Auth } from './auth.ts'
import { type Branded, brand } from './brand.ts'
import type { JobResult, JobState } from './job.ts'
import type { Captured } from './stages.ts'
import type { Verdict } from './verdicts.ts'

/** How repeating an item changes the vendor: `set` is harmless, `append` and `delta` count twice. */
export type Effect = 'set' | 'append' | 'delta'
/** Whether an item adds or changes its recipient, or takes it out. */
export type Change = 'upsert' | 'leave'

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue | undefined }

export type Body =
  | { readonly kind: 'json'; readonly value: JsonValue }
  | { readonly kind: 'form'; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: 'text'; readonly text: string; readonly contentType: string }

/** Which item of the group, and which of the item's parts, a piece of a request carries. */
export interface Part {
  /** Index of the item in the group given to `plan`. */
  readonly item: number
  /** Index of the part within the item; 0 when the item has one part. */
  readonly part: number
  readonly effect: Effect
  /** Set where the vendor takes an item once by the item's `key`, which the request carries: then it may be repeated. */
  readonly isDeduplicated?: true
}

/** A request as data. The host adds authentication, the base URL and the pace, and sends it. */
export interface RequestPlan {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path below the connector's base URL, starting with a slash. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Body
  /**
   * Set where the vendor takes a request once by a header of this name: the host puts a keyed hash of delivery and
   * body there, and may then repeat the identical request.
   */
  readonly deduplicationHeader?: string
  /**
   * From 0, which is the default, to 9. A request is sent for an item only after all of its requests of earlier stages
   * were taken; where one was not, the rest of the item is not sent.
   */
  readonly stage?: number
  /** In the order in which `interpret` gives its verdicts. */
  readonly parts: readonly Part[]
}

export interface VendorResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** The parsed body, undefined when it is not JSON. */
  readonly json: unknown
  /** When the answer arrived, epoch milliseconds by the host's clock. */
  readonly receivedAt: number
}

/** Settings as plugin code sees them: without the secrets. */
export type PublicSettings = Readonly<Record<string, unknown>>

export interface PlannedItem<Payload> {
  readonly payload: Payload
  readonly change: Change
  /**
   * Stable over retries and replays; send it where the vendor deduplicates. It is made when it is read, so read it off
   * the item: a copy by spreading lacks it.
   */
  readonly key: string
  /** What earlier stages captured: read it with `captured(item, name)`. */
  captured?(name: string): string
}

export interface PlanContext {
  readonly settings: PublicSettings
  /** The creation of the delivery, epoch milliseconds: a repeated plan is the same plan. */
  readonly now: number
}

export interface ActionLimits {
  /** Most units a request may carry, by the names that `weigh` returns; units not named are free. */
  readonly weights: Readonly<Record<string, number>>
  /** Most bytes of a request's body. */
  readonly bytes: number
  /** True when two items of one recipient may not share a request. */
  readonly onePerRecipient: boolean
}

/**
 * The uploads are the requests of `plan`: where `interpret` answers `accepted`, a job has taken the part. Its items
 * wait, and whatever is newer for their recipients waits behind them, until the job is over. The handle is kept
 * encrypted, so that a worker that dies does not make another upload.
 *
 * An item is in one request of the plan, which names no stage.
 *
 * @example
 * ```ts
 * job: {
 *   submit: (request, response) => idIn(response.json),
 *   poll: {
 *     plan: (handle) => ({ method: 'GET', path: `/jobs/${encodeURIComponent(handle)}`, parts: [] }),
 *     interpret: (response) => (isFinished(response.json) ? { kind: 'done' } : { kind: 'running' }),
 *   },
 * }
 * ```
 */
export interface JobDefinition {
  /** Pure: the job's handle, at most 2,000 characters, out of the answer to an upload; undefined when it has none. */
  submit(request: RequestPlan, response: VendorResponse): string | undefined
  /**
   * Pure: asks how far the job is. `interpret` is given answers of 2xx, and of 4xx that are about the job; the host
   * reads the others: a wrong key pauses, and a vendor that throttles or fails is asked again later.
   */
  readonly poll: {
    plan(handle: string, context: PlanContext): RequestPlan
    interpret(response: VendorResponse): JobState
  }
  /** Pure: asks a job that is done for results of single items; undefined, and asked again, where it can't be read. */
  readonly collect?: {
    plan(handle: string, context: PlanContext): RequestPlan
    interpret(response: VendorResponse): readonly JobResult[] | undefined
  }
  /** How soon a job is asked, in milliseconds, from 1 second to 1 hour, where it does not say. By default 30 seconds. */
  readonly pollAfterMs?: number
  /** How long a job may take, in milliseconds; then its items are `unknown`. By default 24 hours. */
  readonly mostMs?: number
}

export interface ActionDefinition<Parameters extends z.ZodObject = z.ZodObject> {
  readonly title: string
  readonly description: string
  /** Grows when the parameters change shape; `migrations[n]` brings mappings from version n to n + 1. */
  readonly version: number
  readonly modes: readonly Change[]
  readonly parameters: Parameters
  limits(settings: PublicSettings): ActionLimits
  /** What a payload costs, in the units that `limits` names. */
  weigh(payload: z.output<Parameters>): Readonly<Record<string, number>>
  /** The key for order: who receives it. Hashed before it is kept. */
  recipient(payload: z.output<Parameters>): string
  /** Pure and deterministic: every part of every item is addressed exactly once. */
  plan(items: readonly PlannedItem<z.output<Parameters>>[], context: PlanContext): readonly RequestPlan[]
  /** Pure: one verdict for each of the request's parts, in their order. Default: by HTTP status. */
  interpret?(request: RequestPlan, response: VendorResponse): readonly Verdict[]
  /**
   * Pure: what later stages need from an answer, for each of the request's parts, in their order. Kept nowhere: after
   * a crash the stage is repeated, or reported where that could do harm.
   */
  capture?(request: RequestPlan, response: VendorResponse): readonly Captured[]
  /** Where the vendor takes uploads as jobs. */
  readonly job?: JobDefinition
}

export interface RateLimit {
  /** Limits of scope `credential` are shared by all actions with the same secret. */
  readonly scope: 'credential'
  /** Path prefix the limit is for. */
  readonly match: string
  readonly requests: number
  readonly perMs: number
}

/** The class under which a vendor's code is counted. */
export type ErrorClass = 'data' | 'throttle' | 'setup' | 'transient' | 'limit'

export interface ConnectorDefinition<Settings extends z.ZodObject = z.ZodObject> {
  /** Unique, kebab-case, for ever: it names the type in saved configuration. */
  readonly id: string
  readonly name: string
  /** The semver range of SDK versions it was written for. */
  readonly api: string
  readonly vendor: string
  readonly categories: readonly string[]
  readonly deprecated?: string
  readonly docs: {
    readonly summary: string
    readonly requirements: readonly string[]
    readonly links: readonly { readonly title: string; readonly url: string }[]
  }
  readonly settings: Settings
  readonly auth: Auth
  /** Where requests go. The host allows this host and no other. */
  baseUrl(settings: PublicSettings): string
  readonly rateLimits: readonly RateLimit[]
  /** The vendor codes that may be stored; anything else is stored as a keyed fingerprint. */
  readonly errorCatalogue: Readonly<Record<string, ErrorClass>>
  /** A request that changes nothing and proves that the settings work. */
  readonly testConnection: {
    plan(context: PlanContext): RequestPlan
    interpret(response: VendorResponse): Verdict
  }
  readonly actions: Readonly<Record<string, ActionDefinition>>
}

export type Connector = Branded<ConnectorDefinition, 'connector'>

/**
 * Declares a connector: the default export of a package with `"sluice": { "role": "connector" }`.
 *
 * @example
 * ```ts
 * export default defineConnector({ id: 'acme', name: 'Acme', …, actions: { 'add-user': addUser } })
 * ```
 */
export function defineConnector<Settings extends z.ZodObject>(
  definition: ConnectorDefinition<Settings>,
): Connector {
  return brand('connector', definition as unknown as ConnectorDefinition)
}

/**
 * Declares one action of a connector, with its payload type inferred from `parameters`.
 *
 * @example
 * ```ts
 * export const addUser = defineAction({ title: 'Add user', parameters: z.object({ … }), plan: (items) => […] })
 * ```
 */
export function defineAction<Parameters extends z.ZodObject>(
  definition: ActionDefinition<Parameters>,
): ActionDefinition {
  return definition as unknown as ActionDefinition
}

/** What a connector is: data plus pure functions. The host does everything that touches the world. */
import type { z } from 'zod'
import type { Auth } from './auth.ts'
import { type Branded, brand } from './brand.ts'
import type { JobResult, JobState } from './job.ts'
import type { MappingMigration } from './mappings.ts'
import type { SecretRef, SecretText } from './secret-ref.ts'
import type { Captured } from './stages.ts'
import type { Verdict } from './verdicts.ts'

/**
 * How repeating an item changes the vendor: `set` is harmless, `append` and `delta` count twice.
 *
 * @example
 * ```ts
 * parts: items.map((_, item) => ({ item, part: 0, effect: 'append' })) // events: a repeated one is counted again
 * ```
 */
export type Effect = 'set' | 'append' | 'delta'
/**
 * Whether an item adds or changes its recipient, or takes it out.
 *
 * @example
 * ```ts
 * const method = item.change === 'leave' ? 'DELETE' : 'PUT'
 * ```
 */
export type Change = 'upsert' | 'leave'

/**
 * What a JSON body may hold: no dates, bigints, NaN or infinity. A name whose value is undefined is left out.
 *
 * @example
 * ```ts
 * const user: JsonValue = { id: '1', tags: ['new'], name: undefined } // {"id":"1","tags":["new"]}
 * ```
 */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue | undefined }

/**
 * JSON with secrets at places of their own.
 *
 * @example
 * ```ts
 * const body: JsonWithSecrets = { auth: { key: secretRef('apiKey') }, users: [{ id: '1' }] }
 * ```
 */
export type JsonWithSecrets =
  | JsonValue
  | SecretRef
  | readonly JsonWithSecrets[]
  | { readonly [name: string]: JsonWithSecrets | undefined }

/**
 * The body of a request, as data: the host encodes it and sets its content type.
 *
 * @example
 * ```ts
 * body: { kind: 'json', value: { users: [{ id: '1' }] } }
 * body: { kind: 'form', fields: { id: '1' } }
 * body: { kind: 'text', text: 'id\n1', contentType: 'text/csv' }
 * ```
 */
export type Body =
  | { readonly kind: 'json'; readonly value: JsonWithSecrets }
  | { readonly kind: 'form'; readonly fields: Readonly<Record<string, SecretText>> }
  | { readonly kind: 'text'; readonly text: SecretText; readonly contentType: string }

/**
 * Which item of the group, and which of the item's parts, a piece of a request carries.
 *
 * @example
 * ```ts
 * // The second item's events, of which this request carries the first two.
 * parts: [
 *   { item: 1, part: 0, effect: 'append' },
 *   { item: 1, part: 1, effect: 'append' },
 * ]
 * ```
 */
export interface Part {
  /** Index of the item in the group given to `plan`. */
  readonly item: number
  /** Index of the part within the item; 0 when the item has one part. */
  readonly part: number
  readonly effect: Effect
  /** Set where the vendor takes an item once by the item's `key`, which the request carries: then it may be repeated. */
  readonly isDeduplicated?: true
}

/**
 * A request as data. The host adds authentication, the base URL and the pace, and sends it.
 *
 * @example
 * ```ts
 * const request: RequestPlan = {
 *   method: 'POST',
 *   path: '/users',
 *   body: { kind: 'json', value: { users: items.map(({ payload }) => ({ id: payload.id })) } },
 *   parts: items.map((_, item) => ({ item, part: 0, effect: 'set' })),
 * }
 * ```
 */
export interface RequestPlan {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path below the connector's base URL, starting with a slash. */
  readonly path: string
  readonly query?: Readonly<Record<string, SecretText>>
  readonly headers?: Readonly<Record<string, SecretText>>
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
  /**
   * How many redirections the host follows, at most 10. Default: none, and the redirection itself is the answer. It
   * follows to the same host only, by the methods of RFC 9110; what is not followed is the answer.
   */
  readonly redirects?: number
  /** In the order in which `interpret` gives its verdicts. */
  readonly parts: readonly Part[]
}

/**
 * A vendor's whole answer. Believe nothing of it: it may be a page of a proxy, cut short, or of another form.
 *
 * @example
 * ```ts
 * interpret: (request, { json, status }) =>
 *   everyPart(
 *     request,
 *     status === 200 && json !== undefined ? verdict.delivered : verdict.unknown('unreadable_answer'),
 *   )
 * ```
 */
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

/**
 * Settings as plugin code sees them: without the secrets.
 *
 * @example
 * ```ts
 * baseUrl: (settings) => String(settings['endpoint'])
 * ```
 */
export type PublicSettings = Readonly<Record<string, unknown>>

/**
 * One record on its way: what the action's parameters made of it, and what is to be done with it.
 *
 * @example
 * ```ts
 * plan: (items) => items.map(({ change, key, payload }, item) => ({
 *   method: change === 'leave' ? 'DELETE' : 'PUT',
 *   path: `/users/${encodeURIComponent(payload.id)}`,
 *   headers: { 'idempotency-key': key },
 *   parts: [{ item, part: 0, effect: 'set', isDeduplicated: true }],
 * }))
 * ```
 */
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

/**
 * What a plan may go by beside its items. There is no clock: the same items make the same plan.
 *
 * @example
 * ```ts
 * plan: (items, { now, settings }) => [requestOf(items, settings, new Date(now).toISOString())]
 * ```
 */
export interface PlanContext {
  readonly settings: PublicSettings
  /** The creation of the delivery, epoch milliseconds: a repeated plan is the same plan. */
  readonly now: number
  /** The outputs of the action's `prepare`, by name; left out where it has none. */
  readonly prepared?: Readonly<Record<string, string>>
}

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

/**
 * What a page of choices is asked with.
 *
 * @example
 * ```ts
 * plan: ({ cursor }) => ({ method: 'GET', path: '/lists', query: { after: cursor ?? '' }, parts: [] })
 * ```
 */
export interface ChoicesContext {
  readonly settings: PublicSettings
  /** The `next` of the page before; null for the first. */
  readonly cursor: string | null
}

/**
 * One choice: what a mapping gets as a constant, and what people see.
 *
 * @example
 * ```ts
 * const choice: Choice = { id: 'l-1', label: 'Newsletter' }
 * ```
 */
export interface Choice {
  readonly id: string
  readonly label: string
}

/**
 * A page of choices.
 *
 * @example
 * ```ts
 * const page: ChoicesPage = { kind: 'choices', choices: [{ id: 'l-1', label: 'Newsletter' }], next: 'l-1' }
 * ```
 */
export interface ChoicesPage {
  readonly kind: 'choices'
  readonly choices: readonly Choice[]
  /** Asks for the next page; left out on the last. */
  readonly next?: string
}

/**
 * How to ask the vendor for the choices of one parameter. Both functions are pure; the host adds the credentials, asks
 * page by page up to a limit, and keeps nothing.
 *
 * @example
 * ```ts
 * choices: {
 *   listId: {
 *     plan: ({ cursor }) => ({ method: 'GET', path: '/lists', query: { after: cursor ?? '' }, parts: [] }),
 *     interpret(response) {
 *       const lists = listsIn(response.json)
 *       if (lists === undefined) return verdictByStatus(response)
 *       return { kind: 'choices', choices: lists.map(({ id, name }) => ({ id, label: name })) }
 *     },
 *   },
 * }
 * ```
 */
export interface LiveChoices {
  /** A request that changes nothing, without parts. */
  plan(context: ChoicesContext): RequestPlan
  /** The choices in the answer to what was planned with `context`, or the verdict that says why there are none. */
  interpret(response: VendorResponse, context: ChoicesContext): ChoicesPage | Verdict
}

/**
 * What a preparation is planned with.
 *
 * @example
 * ```ts
 * plan: ({ actionName, key }) => ({
 *   method: 'POST',
 *   path: '/lists',
 *   headers: { 'idempotency-key': key },
 *   body: { kind: 'json', value: { name: actionName } },
 *   parts: [],
 * })
 * ```
 */
export interface PrepareContext {
  readonly settings: PublicSettings
  /** The action's name, to name what is created after it. */
  readonly actionName: string
  /** Always the same for one action of one account: send it where the vendor creates a thing once by such a key. */
  readonly key: string
}

/**
 * It was created.
 *
 * @example
 * ```ts
 * const prepared: Prepared = { kind: 'prepared', outputs: { listId: 'l-1' } }
 * ```
 */
export interface Prepared {
  readonly kind: 'prepared'
  /** A text for each of the declared outputs: ids, never an attribute of a record. */
  readonly outputs: Readonly<Record<string, string>>
}

/**
 * Creates something at the vendor, once for each action and account. People start it, and an action that has it is
 * published only after it. Its outputs are kept encrypted, reach `plan` as `context.prepared`, and can be mapped.
 *
 * @example
 * ```ts
 * prepare: {
 *   outputs: ['listId'],
 *   isDeduplicated: true,
 *   plan: ({ actionName, key }) => ({
 *     method: 'POST',
 *     path: '/lists',
 *     headers: { 'idempotency-key': key },
 *     body: { kind: 'json', value: { name: actionName } },
 *     parts: [],
 *   }),
 *   interpret(response) {
 *     const id = listIdIn(response.json)
 *     return id === undefined ? verdictByStatus(response) : { kind: 'prepared', outputs: { listId: id } }
 *   },
 * }
 * ```
 */
export interface Prepare {
  /** Names of what it gives: letters and digits, beginning with a letter. */
  readonly outputs: readonly string[]
  /**
   * Set where the vendor creates it once by `context.key`, which the request carries: then it may be repeated. Else a
   * preparation without a clear answer is shown to people, who decide.
   */
  readonly isDeduplicated?: true
  /** One request, without parts; pure. */
  plan(context: PrepareContext): RequestPlan
  /** What was created, or the verdict that says why nothing was; pure. */
  interpret(response: VendorResponse): Prepared | Verdict
}

/**
 * One operation of a vendor: its parameters as a form, its limits, and two pure functions between records and
 * HTTP.
 *
 * @example
 * ```ts
 * export const addUser = defineAction({
 *   title: 'Add user',
 *   description: 'Adds a user, or changes it.',
 *   version: 1,
 *   modes: ['upsert'],
 *   parameters: z.object({ id: z.string().meta({ title: 'Id', description: 'Your id of the user.' }) }),
 *   limits: () => ({ weights: { users: 100 }, bytes: 1_000_000, onePerRecipient: true }),
 *   weigh: () => ({ users: 1 }),
 *   recipient: ({ id }) => id,
 *   plan: (items) => [requestFor(items)],
 *   interpret: (request, response) => everyPart(request, verdictByStatus(response)),
 * })
 * ```
 */
export interface ActionDefinition<Parameters extends z.ZodObject = z.ZodObject> {
  readonly title: string
  readonly description: string
  /** From 1; grows when the parameters change shape. */
  readonly version: number
  /** `migrations[n]` brings saved mappings from version n to n + 1: one for every version before this. */
  readonly migrations?: Readonly<Record<number, MappingMigration>>
  readonly modes: readonly Change[]
  readonly parameters: Parameters
  /** Where the vendor itself knows what a parameter may be, by the parameter's name. */
  readonly choices?: Readonly<Record<string, LiveChoices>>
  /** Creates a list or an audience at the vendor, once, before the first delivery. */
  readonly prepare?: Prepare
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

/**
 * How fast the vendor lets an account be: the host keeps to it over all workers.
 *
 * @example
 * ```ts
 * rateLimits: [{ scope: 'credential', match: '/users', requests: 250, perMs: 60_000 }]
 * ```
 */
export interface RateLimit {
  /** Limits of scope `credential` are shared by all actions with the same secret. */
  readonly scope: 'credential'
  /** Path prefix that the limit is for. Of several, the requests count together, against one limit. */
  readonly match: string | readonly string[]
  readonly requests: number
  readonly perMs: number
}

/**
 * The class under which a vendor's code is counted: the record's own fault, too fast, credentials or
 * configuration, passing, or over a limit.
 *
 * @example
 * ```ts
 * errorCatalogue: { invalid_email: 'data', account_suspended: 'setup' }
 * ```
 */
export type ErrorClass = 'data' | 'throttle' | 'setup' | 'transient' | 'limit'

/**
 * A vendor as data and pure functions: its page in the marketplace, its settings, and its actions.
 *
 * @example
 * ```ts
 * export default defineConnector({
 *   id: 'acme',
 *   name: 'Acme',
 *   api: '^1.0.0',
 *   vendor: 'Acme',
 *   categories: ['CRM'],
 *   docs: {
 *     summary: 'Keeps users at Acme.',
 *     requirements: ['An API key.'],
 *     links: [{ title: 'Acme: users', url: 'https://acme.example/docs' }],
 *   },
 *   settings: z.object({ apiKey: secret({ title: 'API key', description: 'From your account page.' }) }),
 *   auth: bearer('apiKey'),
 *   baseUrl: () => 'https://api.acme.example',
 *   rateLimits: [],
 *   errorCatalogue: { user_unknown: 'data' },
 *   testConnection: {
 *     plan: () => ({ method: 'GET', path: '/me', parts: [] }),
 *     interpret: (response) => verdictByStatus(response),
 *   },
 *   actions: { 'add-user': addUser },
 * })
 * ```
 */
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
  /** How requests prove themselves; made of the settings, without their secrets, where people choose the way. */
  readonly auth: Auth | ((settings: PublicSettings) => Auth)
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

/**
 * What {@link defineConnector} makes: a definition that a host takes.
 *
 * @example
 * ```ts
 * const connector: Connector = defineConnector(definition)
 * ```
 */
export type Connector = Branded<ConnectorDefinition, 'connector'>

/**
 * Declares a connector: the default export of a package with `"sluice": { "role": "connector" }`.
 *
 * @example
 * ```ts
 * export default defineConnector({
 *   ...page,
 *   settings,
 *   auth: bearer('apiKey'),
 *   baseUrl,
 *   testConnection,
 *   actions: { 'add-user': addUser },
 * })
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
 * export const addUser = defineAction({
 *   ...about,
 *   parameters: z.object({ id: z.string().meta({ title: 'Id', description: 'Your id of the user.' }) }),
 *   recipient: ({ id }) => id, // the payload's type is that of the parameters
 *   plan: (items) => items.map(({ payload }, item) => putUser(payload.id, item)),
 * })
 * ```
 */
export function defineAction<Parameters extends z.ZodObject>(
  definition: ActionDefinition<Parameters>,
): ActionDefinition {
  return definition as unknown as ActionDefinition
}

/** Requests to a vendor as data, and the vendor's answers. */
import type { SecretRef, SecretText } from './secret-ref.ts'

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

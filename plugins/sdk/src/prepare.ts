/** What an action creates at the vendor once, before its first delivery. */
import type { RequestPlan, VendorResponse } from './exchange.ts'
import type { PublicSettings } from './form.ts'
import type { Verdict } from './verdicts.ts'

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

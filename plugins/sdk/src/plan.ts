/** What a plan is made from: items, and what is the same for all of them. */
import type { PublicSettings } from './form.ts'

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

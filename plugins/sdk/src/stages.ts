/** Requests that depend on one another: what an answer hands to a later stage. */

/**
 * What an answer says for one item, by names of your choice: at most 8, each a text of 1 to 1,000 characters.
 *
 * @example
 * ```ts
 * const found: Captured = { personId: 'p-1' }
 * ```
 */
export type Captured = Readonly<Record<string, string>>

/**
 * What an earlier stage captured for an item, for a request of a later stage. Put it into the request as it is, or
 * through `encodeURIComponent`.
 *
 * A plan is made before anything is sent, and again before each later stage: until its stage has come the text is a
 * placeholder, which is never sent. An item whose earlier answers hold no such value is refused as `capture_missing`.
 *
 * @param name letters and digits, at most 64
 * @example
 * ```ts
 * { stage: 1, method: 'POST', path: `/people/${encodeURIComponent(captured(item, 'personId'))}/events`, … }
 * ```
 */
export function captured(item: { captured?(name: string): string }, name: string): string {
  return item.captured?.(name) ?? `*captured.${name}*`
}

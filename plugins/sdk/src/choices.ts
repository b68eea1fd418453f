/** What a parameter can be, asked of the vendor while people map. */
import type { RequestPlan, VendorResponse } from './exchange.ts'
import type { PublicSettings } from './form.ts'
import type { Verdict } from './verdicts.ts'

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

/** What people see of a connector in the marketplace beside its name: what it takes, how it changed, how long it stays. */

/**
 * What a connector's records are: `records` are rows of data sources; `events` and `visitors` are for hosts that have
 * them. For now the host has `records` only.
 *
 * @example
 * ```ts
 * dataKinds: ['records']
 * ```
 */
export const dataKinds = ['records', 'events', 'visitors'] as const
/**
 * One of {@link dataKinds}.
 *
 * @example
 * ```ts
 * const kind: DataKind = 'records'
 * ```
 */
export type DataKind = (typeof dataKinds)[number]

/**
 * Why a connector should not be used any more. `functional`: it still works, and may be removed. `full`: it no longer
 * works, since the vendor has closed what it needs; its actions stand still.
 *
 * @example
 * ```ts
 * deprecated: { kind: 'full', reason: 'Acme has closed version 1 of its API. Use "Acme 2".' }
 * ```
 */
export interface Deprecation {
  readonly kind: 'functional' | 'full'
  /** For people: what happened, and what to use instead. */
  readonly reason: string
}

/**
 * What a version of the package changed, for people.
 *
 * @example
 * ```ts
 * changelog: [{ version: '1.1.0', date: '2026-11-30', notes: 'Adds the action "Delete contact".' }]
 * ```
 */
export interface ChangelogEntry {
  readonly version: string
  /** The day, as `2026-11-30`. */
  readonly date: string
  readonly notes: string
}

/**
 * A page to read on.
 *
 * @example
 * ```ts
 * const link: PageLink = { title: 'Acme: users', url: 'https://acme.example/docs' }
 * ```
 */
export interface PageLink {
  readonly title: string
  readonly url: string
  /** `internal`: of whoever wrote the connector, such as its set-up guide. Default: `external`, the vendor's. */
  readonly kind?: 'internal' | 'external'
}

/**
 * What people agree to before they use a connector.
 *
 * @example
 * ```ts
 * terms: { title: 'Terms of the Acme API', url: 'https://acme.example/terms' }
 * ```
 */
export interface Terms {
  readonly title: string
  readonly url: string
}

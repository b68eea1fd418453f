/** Saved mappings as a migration sees them: what goes where, without any record. */

/**
 * Where a mapped value comes from.
 *
 * @example
 * ```ts
 * const origin: MappingOrigin = { kind: 'attribute', attribute: 'email' }
 * ```
 */
export type MappingOrigin =
  | { readonly kind: 'attribute'; readonly attribute: string }
  | { readonly kind: 'constant'; readonly value: string | number | boolean }
  /** What Sluice knows about the delivery, for example `action.name` or `time`. */
  | { readonly kind: 'metadata'; readonly field: string }
  /** An output of the action's `prepare`. */
  | { readonly kind: 'prepared'; readonly output: string }
  /** What a template of the action renders, by its name. */
  | { readonly kind: 'template'; readonly template: string }

/**
 * One parameter, or one entry of a group, and what fills it.
 *
 * @example
 * ```ts
 * const mapping: ActionMapping = { parameter: 'attributes', key: 'tier', from: { kind: 'constant', value: 'gold' } }
 * ```
 */
export interface ActionMapping {
  readonly parameter: string
  /** Names the entry of an open or repeated group. */
  readonly key?: string
  readonly from: MappingOrigin
}

/**
 * Brings mappings from one version of an action to the next. Pure: what it is given is frozen, and published versions
 * are brought forward anew each time they are compiled.
 *
 * @example
 * ```ts
 * // Version 2 calls it `phoneNumber`.
 * migrations: {
 *   1: (mappings) =>
 *     mappings.map((mapping) =>
 *       mapping.parameter === 'phone' ? { ...mapping, parameter: 'phoneNumber' } : mapping,
 *     ),
 * }
 * ```
 */
export type MappingMigration = (mappings: readonly ActionMapping[]) => readonly ActionMapping[]

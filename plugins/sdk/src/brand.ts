/** The brand by which a host recognises a plugin's export, whichever copy of the SDK made it. */

/**
 * The version of the contract that this SDK implements; a plugin's `api` range must include it.
 *
 * @example
 * ```ts
 * api: `^${apiVersion}`
 * ```
 */
export const apiVersion = '1.1.0'

const brandKey = '$sluice' as const

/**
 * A plugin's definition with the mark by which a host knows its role. Made by `defineConnector` and
 * `defineSource` only.
 *
 * @example
 * ```ts
 * const connector: Branded<ConnectorDefinition, 'connector'> = defineConnector(definition)
 * ```
 */
export type Branded<Definition, Role extends string> = Definition & { readonly [brandKey]: Role }

export function brand<Definition extends object, Role extends string>(
  role: Role,
  definition: Definition,
): Branded<Definition, Role> {
  return Object.freeze({ ...definition, [brandKey]: role })
}

/**
 * Whether a value was made by `defineConnector` or `defineSource`.
 *
 * @example
 * ```ts
 * isBranded(module.default, 'connector')
 * ```
 */
export function isBranded(value: unknown, role: string): boolean {
  return typeof value === 'object' && value !== null && (value as Record<string, unknown>)[brandKey] === role
}

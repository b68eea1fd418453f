/** Declarative authentication: which setting is the secret and where the host puts it when it sends. */

/**
 * Where the host puts a secret when it sends: made by {@link noAuth}, {@link bearer}, {@link basic}, {@link
 * header} or {@link query}.
 *
 * @example
 * ```ts
 * const auth: Auth = bearer('apiKey')
 * ```
 */
export type Auth =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly secret: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'header'; readonly name: string; readonly secret: string }
  | { readonly kind: 'query'; readonly name: string; readonly secret: string }

/**
 * No authentication.
 *
 * @example
 * ```ts
 * auth: noAuth
 * ```
 */
export const noAuth: Auth = { kind: 'none' }

/**
 * `Authorization: Bearer …` with the value of a secret setting.
 *
 * @example
 * ```ts
 * auth: bearer('apiKey')
 * ```
 */
export function bearer(secret: string): Auth {
  return { kind: 'bearer', secret }
}

/**
 * HTTP basic authentication from two settings.
 *
 * @example
 * ```ts
 * auth: basic('username', 'password')
 * ```
 */
export function basic(username: string, password: string): Auth {
  return { kind: 'basic', username, password }
}

/**
 * A header whose value is a secret setting.
 *
 * @example
 * ```ts
 * auth: header('x-api-key', 'apiKey')
 * ```
 */
export function header(name: string, secret: string): Auth {
  return { kind: 'header', name, secret }
}

/**
 * A query parameter whose value is a secret setting.
 *
 * @example
 * ```ts
 * auth: query('key', 'apiKey')
 * ```
 */
export function query(name: string, secret: string): Auth {
  return { kind: 'query', name, secret }
}

/** Declarative authentication: which setting is the secret and where the host puts it when it sends. */
import type { JwtAuth } from './jwt.ts'
import type { AuthorizationCodeAuth, ClientCredentialsAuth, PasswordGrantAuth } from './oauth2.ts'
import type { HmacAuth } from './signing.ts'

/**
 * How a connector proves itself: made by {@link noAuth}, {@link bearer}, {@link basic}, {@link header}, {@link
 * query} and their like. Names are names of settings: their values never reach a plugin's code.
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
  | HmacAuth
  | JwtAuth
  | ClientCredentialsAuth
  | PasswordGrantAuth
  | AuthorizationCodeAuth
  | MutualTlsAuth

/**
 * A client certificate, and what else each request needs. Made by {@link mutualTls}.
 *
 * @example
 * ```ts
 * const auth: MutualTlsAuth = mutualTls({ certificate: 'certificate', key: 'privateKey' })
 * ```
 */
export interface MutualTlsAuth {
  readonly kind: 'mutual-tls'
  /** The secret setting with the certificate (PEM), with its chain where the vendor wants it. */
  readonly certificate: string
  /** The secret setting with its private key (PEM). */
  readonly key: string
  /** The secret setting with the key's passphrase. */
  readonly passphrase?: string
  /** The setting with the certificates (PEM) of a private authority that the vendor's own certificate is from. */
  readonly authority?: string
  /** Any other kind. Default: none. */
  readonly auth?: Auth
}

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

/**
 * Mutual TLS: the host presents a client certificate whenever it connects, to the token endpoint too.
 *
 * @example
 * ```ts
 * auth: mutualTls({ certificate: 'certificate', key: 'privateKey', auth: bearer('apiKey') })
 * ```
 */
export function mutualTls(options: Omit<MutualTlsAuth, 'kind'>): MutualTlsAuth {
  return { ...options, kind: 'mutual-tls' }
}

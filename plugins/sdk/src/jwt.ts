/** JSON Web Tokens that the host signs itself (RFC 7519), as bearer tokens. */
import type { FromSettings } from './oauth2.ts'
import type { TokenPlace } from './token-place.ts'

/**
 * A signed token with declared claims; `iat` and `exp` are the host's. Made by {@link jwt}.
 *
 * @example
 * ```ts
 * const auth: JwtAuth = jwt({ algorithm: 'HS256', key: 'signingKey', issuer: 'sluice', lifetimeSeconds: 300 })
 * ```
 */
export interface JwtAuth {
  readonly kind: 'jwt'
  readonly algorithm: 'HS256' | 'RS256' | 'ES256'
  /** The secret setting with the key: a text for HS256, a private key as PEM for the others. */
  readonly key: string
  /** `kid` of the header. */
  readonly keyId?: FromSettings
  /** `iss`. */
  readonly issuer?: FromSettings
  /** `sub`. */
  readonly subject?: FromSettings
  /** `aud`. */
  readonly audience?: FromSettings
  /** How long a token is valid, in seconds; a new one is made shortly before. */
  readonly lifetimeSeconds: number
  /** Further claims. */
  readonly claims?: Readonly<Record<string, FromSettings>>
  /** Where the token goes. Default: the header `authorization`, after `Bearer`. */
  readonly place?: TokenPlace
}

/**
 * `Authorization: Bearer …`, or another place, with a token that the host signs with a secret key.
 *
 * @example
 * ```ts
 * auth: jwt({
 *   algorithm: 'ES256',
 *   key: 'privateKey',
 *   keyId: ({ keyId }) => String(keyId),
 *   issuer: ({ teamId }) => String(teamId),
 *   audience: 'https://api.acme.example',
 *   lifetimeSeconds: 600,
 * })
 * ```
 */
export function jwt(options: Omit<JwtAuth, 'kind'>): JwtAuth {
  return { ...options, kind: 'jwt' }
}

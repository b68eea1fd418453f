/** OAuth 2 (RFC 6749): the host fetches, keeps and renews the tokens. */

/**
 * A text, or one that the settings give; they come without their secrets.
 *
 * @example
 * ```ts
 * const tokenUrl: FromSettings = ({ endpoint }) => `${endpoint}/oauth/token`
 * ```
 */
export type FromSettings = string | ((settings: Readonly<Record<string, unknown>>) => string)

/**
 * Who asks for a token, and where.
 *
 * @example
 * ```ts
 * const client: OAuth2Client = { tokenUrl: 'https://login.acme.example/token', clientId: 'clientId' }
 * ```
 */
export interface OAuth2Client {
  /** Where tokens are fetched: an absolute URL. The client's secret goes there and nowhere else. */
  readonly tokenUrl: FromSettings
  /** The setting with the client's id. */
  readonly clientId: string
  /** The secret setting with the client's secret. Left out for public clients, which prove themselves by PKCE alone. */
  readonly clientSecret?: string
  /** How the client proves itself: by HTTP basic or in the body (`client_secret`). Default: `basic`. */
  readonly clientAuthentication?: 'basic' | 'body'
  readonly scopes?: readonly string[]
  /** Parameters that the vendor wants beside, for example `audience`. */
  readonly parameters?: Readonly<Record<string, FromSettings>>
}

/**
 * A token for the account itself, fetched with the client's id and secret. Made by {@link clientCredentials}.
 *
 * @example
 * ```ts
 * const auth: ClientCredentialsAuth = clientCredentials({ tokenUrl, clientId: 'clientId', clientSecret: 'clientSecret' })
 * ```
 */
export interface ClientCredentialsAuth extends OAuth2Client {
  readonly kind: 'client-credentials'
  readonly clientSecret: string
}

/**
 * A token for a user, who has allowed it in a browser; renewed without them. Made by {@link authorizationCode}.
 *
 * @example
 * ```ts
 * const auth: AuthorizationCodeAuth = authorizationCode({ authorizationUrl, tokenUrl, clientId: 'clientId' })
 * ```
 */
export interface AuthorizationCodeAuth extends OAuth2Client {
  readonly kind: 'authorization-code'
  /** The page on which people allow it: an absolute URL. `parameters` go there. */
  readonly authorizationUrl: FromSettings
}

/**
 * OAuth 2 with client credentials. One token serves all requests of a process; it is renewed before it expires, and
 * once when the vendor answers 401.
 *
 * @example
 * ```ts
 * auth: clientCredentials({
 *   tokenUrl: ({ endpoint }) => `${endpoint}/oauth/token`,
 *   clientId: 'clientId',
 *   clientSecret: 'clientSecret',
 *   scopes: ['contacts.write'],
 * })
 * ```
 */
export function clientCredentials(options: Omit<ClientCredentialsAuth, 'kind'>): ClientCredentialsAuth {
  return { ...options, kind: 'client-credentials' }
}

/**
 * OAuth 2 with an authorization code and PKCE: people allow it once, `beginAuthorization` and `completeAuthorization`
 * of the API lead through it, and the host renews the token from then on.
 *
 * @example
 * ```ts
 * auth: authorizationCode({
 *   authorizationUrl: 'https://login.acme.example/authorize',
 *   tokenUrl: 'https://login.acme.example/token',
 *   clientId: 'clientId',
 *   clientSecret: 'clientSecret',
 *   scopes: ['contacts.write', 'offline_access'],
 * })
 * ```
 */
export function authorizationCode(options: Omit<AuthorizationCodeAuth, 'kind'>): AuthorizationCodeAuth {
  return { ...options, kind: 'authorization-code' }
}

/** OAuth 2 (RFC 6749): the host fetches, keeps and renews the tokens. */
import type { SecretText } from './secret-ref.ts'
import type { TokenPlace } from './token-place.ts'

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
  /** How tokens are asked for, where the vendor does not keep to the standard. */
  readonly tokenRequest?: TokenRequest
  /** Where the answer has what, where the vendor does not keep to the standard. */
  readonly tokenAnswer?: TokenAnswer
  /** Where the token goes. Default: the header `authorization`, after `Bearer`. */
  readonly place?: TokenPlace
}

/**
 * What a token request has beside its parameters.
 *
 * @example
 * ```ts
 * const tokenRequest: TokenRequest = { contentType: 'json', headers: { 'x-api-key': secretRef('apiKey') } }
 * ```
 */
export interface TokenRequest {
  /** Further headers; one of a name that the host makes too is taken instead. */
  readonly headers?: Readonly<Record<string, SecretText>>
  /** How the parameters are written: as a form, as the standard says, or as one JSON object. Default: `form`. */
  readonly contentType?: 'form' | 'json'
}

/**
 * The places of values in the JSON that a token endpoint answers: names with dots between, from the outermost.
 *
 * @example
 * ```ts
 * const tokenAnswer: TokenAnswer = { accessToken: 'data.token', expiresIn: 'data.validForSeconds' }
 * ```
 */
export interface TokenAnswer {
  /** Default: `access_token`. */
  readonly accessToken?: string
  /** The token's life in seconds. Default: `expires_in`. */
  readonly expiresIn?: string
  /** Default: `refresh_token`. */
  readonly refreshToken?: string
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
  /** Names and values that are sent instead of all parameters, those of the client too. */
  readonly tokenBody?: Readonly<Record<string, SecretText>>
}

/**
 * A token for the account itself, fetched with a user's name and password (RFC 6749, section 4.3). Made by {@link
 * passwordGrant}.
 *
 * @example
 * ```ts
 * const auth: PasswordGrantAuth = passwordGrant({ tokenUrl, clientId: 'clientId', username: 'user', password: 'password' })
 * ```
 */
export interface PasswordGrantAuth extends OAuth2Client {
  readonly kind: 'password-grant'
  /** The setting with the user's name. */
  readonly username: string
  /** The secret setting with the user's password. */
  readonly password: string
  /** Names and values that are sent instead of all parameters, those of the client and the user too. */
  readonly tokenBody?: Readonly<Record<string, SecretText>>
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
 * OAuth 2 with a user's name and password, for vendors that offer nothing better. The token is kept and renewed as with
 * {@link clientCredentials}.
 *
 * @example
 * ```ts
 * auth: passwordGrant({
 *   tokenUrl: 'https://login.acme.example/token',
 *   clientId: 'clientId',
 *   clientSecret: 'clientSecret',
 *   username: 'username',
 *   password: 'password',
 * })
 * ```
 */
export function passwordGrant(options: Omit<PasswordGrantAuth, 'kind'>): PasswordGrantAuth {
  return { ...options, kind: 'password-grant' }
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

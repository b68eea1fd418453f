/** What is made only when a request is sent, a signature or a token, with the account's own values. */
import type {
  Auth,
  ClientCredentialsAuth,
  FromSettings,
  HmacAuth,
  JwtAuth,
  OAuth2Client,
  PasswordGrantAuth,
  SecretText,
  TokenAnswer,
  TokenPlace,
} from '@sluice/connector-sdk'
import type { Account } from './account.ts'
import { fillText, type SecretOf } from './body.ts'

export type Credential =
  | { readonly kind: 'hmac'; readonly key: string; readonly scheme: HmacAuth }
  | {
      readonly kind: 'jwt'
      readonly key: string
      readonly algorithm: JwtAuth['algorithm']
      readonly keyId: string | null
      readonly claims: Readonly<Record<string, string>>
      readonly lifetimeSeconds: number
      readonly place: TokenPlace
    }
  /** A token for the account itself, whatever it is asked for with. */
  | {
      readonly kind: 'client-credentials'
      readonly client: Client
      /** Of the token request, the grant included. */
      readonly parameters: Readonly<Record<string, string>>
      /** What is sent instead of all parameters. */
      readonly body?: Readonly<Record<string, string>>
      readonly place: TokenPlace
    }
  | {
      readonly kind: 'authorization-code'
      readonly client: Client
      /** Whose grant it is; null where the account is not a saved one. */
      readonly owner: Account['owner'] | null
      /** Where its tokens may go: a grant that was given for another address is not used. */
      readonly audience: string
      readonly place: TokenPlace
    }

/** What a client presents in TLS, all in PEM. */
export interface ClientCertificate {
  readonly certificate: string
  readonly key: string
  readonly passphrase?: string
  /** The authority that the other side's certificate is from, beside those that Node knows. */
  readonly authority?: string
}

/** An OAuth 2 client with its secret. */
export interface Client {
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string | null
  readonly authentication: 'basic' | 'body'
  /** Of its token requests, beside those that the host makes. */
  readonly headers: Readonly<Record<string, string>>
  readonly contentType: 'form' | 'json'
  readonly answer: Required<TokenAnswer>
}

/** A secret or setting that authentication needs has no value. */
export class MissingSecretError extends Error {
  override readonly name = 'MissingSecretError'
  readonly code = 'secret_missing'
}

/** Null where nothing has to be made. Throws `MissingSecretError`, or what the connector's own code throws. */
export function credentialOf(auth: Auth, account: Account): Credential | null {
  switch (auth.kind) {
    case 'none':
    case 'bearer':
    case 'basic':
    case 'header':
    case 'query':
      return null
    case 'mutual-tls':
      return auth.auth === undefined ? null : credentialOf(auth.auth, account)
    case 'hmac':
      return { kind: 'hmac', key: settingOf(account, auth.secret), scheme: auth }
    case 'jwt':
      return jwtOf(auth, account)
    case 'client-credentials':
      return ownToken(auth, account, { grant_type: 'client_credentials' })
    case 'password-grant':
      return ownToken(auth, account, {
        grant_type: 'password',
        username: settingOf(account, auth.username),
        password: settingOf(account, auth.password),
      })
    case 'authorization-code': {
      const client = clientOf(auth, account)
      const { origin } = new URL(account.definition.baseUrl(account.settings))
      const audience = JSON.stringify([origin, client.tokenUrl, client.clientId])
      const owner = account.owner ?? null
      return { kind: 'authorization-code', client, owner, audience, place: placeOf(auth) }
    }
  }
}

function ownToken(
  auth: ClientCredentialsAuth | PasswordGrantAuth,
  account: Account,
  grant: Readonly<Record<string, string>>,
): Credential {
  const { parameters, tokenBody } = auth
  return {
    kind: 'client-credentials',
    client: clientOf(auth, account),
    parameters: { ...scopeOf(auth), ...textsOf(parameters, account), ...grant },
    ...(tokenBody === undefined ? {} : { body: filled(tokenBody, account) }),
    place: placeOf(auth),
  }
}

function placeOf({ place }: { readonly place?: TokenPlace }): TokenPlace {
  return place ?? { in: 'header', name: 'authorization' }
}

/** The client certificate; undefined where none is declared. Throws `MissingSecretError`. */
export function certificateOf(auth: Auth, account: Account): ClientCertificate | undefined {
  if (auth.kind !== 'mutual-tls') return undefined
  const { authority, certificate, key, passphrase } = auth
  return {
    certificate: settingOf(account, certificate),
    key: settingOf(account, key),
    ...optional('passphrase', account, passphrase),
    ...optional('authority', account, authority),
  }
}

/** Throws `MissingSecretError`, or what the connector's own code throws. */
export function clientOf(auth: OAuth2Client, account: Account): Client {
  const { clientAuthentication = 'basic', clientId, clientSecret, tokenAnswer, tokenRequest, tokenUrl } = auth
  return {
    tokenUrl: textOf(tokenUrl, account),
    clientId: settingOf(account, clientId),
    clientSecret: clientSecret === undefined ? null : settingOf(account, clientSecret),
    authentication: clientAuthentication,
    headers: filled(tokenRequest?.headers ?? {}, account),
    contentType: tokenRequest?.contentType ?? 'form',
    answer: {
      accessToken: tokenAnswer?.accessToken ?? 'access_token',
      expiresIn: tokenAnswer?.expiresIn ?? 'expires_in',
      refreshToken: tokenAnswer?.refreshToken ?? 'refresh_token',
    },
  }
}

/** The parameter `scope`, where scopes are declared. */
export function scopeOf({ scopes = [] }: OAuth2Client): Readonly<Record<string, string>> {
  return scopes.length === 0 ? {} : { scope: scopes.join(' ') }
}

export function textsOf(
  texts: Readonly<Record<string, FromSettings>> | undefined,
  account: Account,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(texts ?? {}).map(([name, text]) => [name, textOf(text, account)] as const),
  )
}

export function textOf(text: FromSettings, { settings }: Account): string {
  return typeof text === 'string' ? text : text(settings)
}

/** Empty where there is none. Secrets first: a setting of the same name is none. */
export function settingText({ secrets, settings }: Account, name: string): string {
  return String((Object.hasOwn(secrets, name) ? secrets : settings)[name] ?? '')
}

export function settingOf(account: Account, name: string): string {
  const value = settingText(account, name)
  if (value === '') throw new MissingSecretError()
  return value
}

/** Only what is a secret: plugin code reads other settings itself. */
export function secretsOf({ secrets }: Account): SecretOf {
  return (name) => {
    const secret = Object.hasOwn(secrets, name) ? secrets[name] : undefined
    if (secret === undefined) throw new MissingSecretError()
    return secret
  }
}

function filled(
  texts: Readonly<Record<string, SecretText>>,
  account: Account,
): Readonly<Record<string, string>> {
  const secretOf = secretsOf(account)
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, fillText(text, secretOf)] as const),
  )
}

/** Keys without a passphrase, and vendors with a public certificate, are as usual. */
function optional<Name extends string>(
  name: Name,
  account: Account,
  setting: string | undefined,
): { readonly [Key in Name]?: string } {
  if (setting === undefined) return {}
  const value = settingText(account, setting)
  return value === '' ? {} : ({ [name]: value } as { readonly [Key in Name]: string })
}

function jwtOf(auth: JwtAuth, account: Account): Credential {
  const { algorithm, audience, claims, issuer, key, keyId, lifetimeSeconds, subject } = auth
  const registered = { iss: issuer, sub: subject, aud: audience }
  const given = Object.entries(registered).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, textOf(text, account)] as const],
  )
  return {
    kind: 'jwt',
    key: settingOf(account, key),
    algorithm,
    keyId: keyId === undefined ? null : textOf(keyId, account),
    claims: { ...textsOf(claims, account), ...Object.fromEntries(given) },
    lifetimeSeconds,
    place: placeOf(auth),
  }
}

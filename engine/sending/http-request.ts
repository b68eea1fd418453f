/** Makes a request-as-data one of HTTP: the account's address, its secrets, and what has to be made when it is sent. */
import type { Auth, Connector, PublicSettings, RequestPlan } from '@sluice/connector-sdk'
import type { Account } from './account.ts'
import { authOf } from './auth-of.ts'
import { type EncodedBody, fillText, type SecretOf } from './body.ts'
import {
  type Credential,
  certificateOf,
  credentialOf,
  MissingSecretError,
  settingText,
} from './credential.ts'
import type { HttpRequest, HttpResult } from './transport.ts'

export type NotAllowed = Extract<HttpResult, { readonly kind: 'not-allowed' }>

/**
 * Not allowed where the connector's base URL and path make no address of its own host, nothing may go there, and where
 * a secret is not set.
 */
export function httpRequest(
  account: Account,
  request: RequestPlan,
  body: EncodedBody,
  timeoutMs: number,
): HttpRequest | NotAllowed {
  const { definition, settings } = account
  const url = addressOf(definition, settings, request.path)
  if (url === null) return { kind: 'not-allowed', code: 'host_not_allowed' }
  try {
    const secretOf = secretsOf(account)
    for (const [name, value] of Object.entries(request.query ?? {})) {
      url.searchParams.set(name, fillText(value, secretOf))
    }
    const headers: Record<string, string> = { accept: 'application/json' }
    if (body.contentType !== null) headers['content-type'] = body.contentType
    for (const [name, value] of Object.entries(request.headers ?? {}))
      headers[name] = fillText(value, secretOf)
    const auth = authOf(account)
    authenticate(auth, account, headers, url)
    const credential = credentialOf(auth, account)
    const certificate = certificateOf(auth, account)
    const redirects = redirectsOf(request, credential)
    return {
      method: request.method,
      url: url.toString(),
      headers,
      body: body.fill === undefined ? body.text : body.fill(secretOf),
      timeoutMs,
      ...(credential === null ? {} : { credential }),
      ...(certificate === undefined ? {} : { certificate }),
      ...(redirects === 0 ? {} : { redirects }),
    }
  } catch (error) {
    // Else the connector's own code failed; what it throws may hold values.
    const code = error instanceof MissingSecretError ? error.code : 'connector_failed'
    return { kind: 'not-allowed', code }
  }
}

/** A signature is of the address that it was made for. */
function redirectsOf({ redirects = 0 }: RequestPlan, credential: Credential | null): number {
  return credential?.kind === 'hmac' ? 0 : redirects
}

function addressOf(definition: Connector, settings: PublicSettings, path: string): URL | null {
  try {
    const base = definition.baseUrl(settings).replace(/\/+$/, '')
    const url = new URL(base + path)
    // A path like `@elsewhere` or `.elsewhere` would carry records and the secret to another host.
    return url.origin === new URL(base).origin ? url : null
  } catch {
    // No address at all; what the connector throws may hold values.
    return null
  }
}

/** Only what is a secret: a plan reads other settings itself. */
function secretsOf({ secrets }: Account): SecretOf {
  return (name) => {
    const secret = Object.hasOwn(secrets, name) ? secrets[name] : undefined
    if (secret === undefined) throw new MissingSecretError()
    return secret
  }
}

function authenticate(auth: Auth, account: Account, headers: Record<string, string>, url: URL): void {
  const value = (name: string) => settingText(account, name)
  switch (auth.kind) {
    case 'none':
    // What is made when it is sent: `credentialOf`.
    case 'hmac':
    case 'jwt':
    case 'client-credentials':
    case 'authorization-code':
      return
    case 'bearer':
      headers['authorization'] = `Bearer ${value(auth.secret)}`
      return
    case 'basic':
      headers['authorization'] = `Basic ${btoa(`${value(auth.username)}:${value(auth.password)}`)}`
      return
    case 'header':
      headers[auth.name] = value(auth.secret)
      return
    case 'query':
      url.searchParams.set(auth.name, value(auth.secret))
      return
    case 'mutual-tls':
      if (auth.auth !== undefined) authenticate(auth.auth, account, headers, url)
  }
}

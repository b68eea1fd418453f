/** Makes a request-as-data one of HTTP: the account's address, its secrets, and what has to be made when it is sent. */
import type { Auth, Connector, PublicSettings, RequestPlan } from '@sluice/connector-sdk'
import type { Account } from './account.ts'
import { authOf } from './auth-of.ts'
import { type EncodedBody, fillText } from './body.ts'
import {
  type Credential,
  certificateOf,
  credentialOf,
  MissingSecretError,
  secretsOf,
  settingText,
} from './credential.ts'
import { holdsSign } from './place-token.ts'
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
    const http: HttpRequest = {
      method: request.method,
      url: url.toString(),
      headers,
      body: body.fill === undefined ? body.text : body.fill(secretOf),
      timeoutMs,
      ...(credential === null ? {} : { credential }),
      ...(certificate === undefined ? {} : { certificate }),
      ...(redirects === 0 ? {} : { redirects }),
    }
    const { tokenSign } = account
    if (tokenSign === undefined || !holdsSign(http, tokenSign)) return http
    if (credential === null || credential.kind === 'hmac') return noToken
    return { ...http, tokenSign }
  } catch (error) {
    // Else the connector's own code failed; what it throws may hold values.
    const code = error instanceof MissingSecretError ? error.code : 'connector_failed'
    return { kind: 'not-allowed', code }
  }
}

/** A template wants a token, and the account has none. */
const noToken: NotAllowed = { kind: 'not-allowed', code: 'no_access_token' }

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

function authenticate(auth: Auth, account: Account, headers: Record<string, string>, url: URL): void {
  const value = (name: string) => settingText(account, name)
  switch (auth.kind) {
    case 'none':
    // What is made when it is sent: `credentialOf`.
    case 'hmac':
    case 'jwt':
    case 'client-credentials':
    case 'password-grant':
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

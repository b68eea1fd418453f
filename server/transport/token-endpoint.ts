/** Asks a vendor's token endpoint (RFC 6749, section 3.2), over the same guarded transport as everything else. */
import { z } from 'zod'
import type { Client, ClientCertificate } from '../../engine/sending/credential.ts'
import { responseOf } from '../../engine/sending/send-request.ts'
import type { HttpResult, Transport } from '../../engine/sending/transport.ts'
import type { Token } from './token.ts'

export type TokenAnswer =
  | { readonly kind: 'tokens'; readonly access: Token; readonly refreshToken: string | null }
  /** The vendor does not give a token. `isGrant`: for the grant it was shown, not for the client. */
  | { readonly kind: 'refused'; readonly isGrant: boolean }
  | Extract<HttpResult, { readonly kind: 'not-sent' | 'not-allowed' }>

interface Deps {
  readonly transport: Transport
  readonly now: () => number
}

const timeoutMs = 10_000

/** Vendors are not strict: the life of a token comes as a text too, and its type may be missing. */
const tokensSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().optional().catch(undefined),
  refresh_token: z.string().min(1).optional().catch(undefined),
})
const errorSchema = z.object({ error: z.string() })

/** The parameters of a token request, those of the client aside, or all that is sent instead of parameters. */
export type TokenQuestion =
  | { readonly parameters: Readonly<Record<string, string>> }
  | { readonly body: Readonly<Record<string, string>> }

export async function requestToken(
  { now, transport }: Deps,
  client: Client,
  question: TokenQuestion,
  certificate?: ClientCertificate,
): Promise<TokenAnswer> {
  if (!URL.canParse(client.tokenUrl)) return { kind: 'not-allowed', code: 'host_not_allowed' }
  const askedAt = now()
  const result = await transport({
    method: 'POST',
    url: client.tokenUrl,
    headers: {
      accept: 'application/json',
      'content-type': contentTypes[client.contentType],
      ...basicOf(client),
      ...client.headers,
    },
    body: encoded(client, 'body' in question ? question.body : { ...question.parameters, ...inBody(client) }),
    timeoutMs,
    ...(certificate === undefined ? {} : { certificate }),
  })
  if (result.kind === 'not-allowed') return result
  // Whatever became of it, the request that needs the token was not sent.
  if (result.kind !== 'answer' || isPassing(result.status))
    return { kind: 'not-sent', code: 'token_unavailable' }
  const { json } = responseOf(result, now())
  const tokens = tokensSchema.safeParse(valuesIn(json, client.answer))
  if (result.status >= 300 || !tokens.success) {
    return { kind: 'refused', isGrant: errorSchema.safeParse(json).data?.error === 'invalid_grant' }
  }
  const { access_token: value, expires_in: seconds, refresh_token: refreshToken = null } = tokens.data
  // From when it was asked for: the answer took its time.
  const expiresAt = seconds === undefined ? null : askedAt + seconds * 1000
  return { kind: 'tokens', access: { value, expiresAt }, refreshToken }
}

const contentTypes = { form: 'application/x-www-form-urlencoded', json: 'application/json' } as const

function encoded({ contentType }: Client, values: Readonly<Record<string, string>>): string {
  return contentType === 'json' ? JSON.stringify(values) : new URLSearchParams(values).toString()
}

/** By the names of the standard, wherever the vendor has them. */
function valuesIn(json: unknown, { accessToken, expiresIn, refreshToken }: Client['answer']) {
  return {
    access_token: valueAt(json, accessToken),
    expires_in: valueAt(json, expiresIn),
    refresh_token: valueAt(json, refreshToken),
  }
}

function valueAt(json: unknown, place: string): unknown {
  let value = json
  for (const name of place.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = Reflect.get(value, name)
  }
  return value
}

/** The endpoint is busy or broken, which says nothing about the client. */
function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}

/** Id and secret are encoded as in a form before they are joined (RFC 6749, section 2.3.1). */
function basicOf({ authentication, clientId, clientSecret }: Client): Readonly<Record<string, string>> {
  if (clientSecret === null || authentication !== 'basic') return {}
  const pair = [clientId, clientSecret].map(formEncoded).join(':')
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

function inBody({ authentication, clientId, clientSecret }: Client): Readonly<Record<string, string>> {
  if (clientSecret === null) return { client_id: clientId }
  return authentication === 'body' ? { client_id: clientId, client_secret: clientSecret } : {}
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1)
}

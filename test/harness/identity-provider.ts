/** An identity provider on this machine (OpenID Connect): checks the client, PKCE and codes, and signs who somebody is. */
import { createHash, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { listenLocally } from './listen-locally.ts'

export interface IdentityProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Somebody opens the page and signs in: the code and the state that the browser brings back. */
  signIn(page: string, claims: Record<string, unknown>): URLSearchParams
  close(): Promise<void>
}

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  const [clientId, clientSecret] = ['sluice-test', randomUUID()]
  const codes = new Map<
    string,
    { readonly asked: URLSearchParams; readonly claims: Record<string, unknown> }
  >()
  let issuer = ''

  async function tokens(
    form: URLSearchParams,
    authorization: string | undefined,
  ): Promise<object | undefined> {
    const grant = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
    const isClient = authorization === basic || form.get('client_secret') === clientSecret
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (grant === undefined || !isClient || challenge !== grant.asked.get('code_challenge')) return undefined
    const idToken = await new SignJWT({ ...grant.claims, nonce: grant.asked.get('nonce') ?? undefined })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(issuer)
      .setAudience(clientId)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey)
    return { access_token: randomUUID(), token_type: 'Bearer', expires_in: 300, id_token: idToken }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (request.url === '/.well-known/openid-configuration') {
      reply(200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        id_token_signing_alg_values_supported: ['RS256'],
      })
    } else if (request.url === '/jwks') reply(200, { keys: [jwk] })
    else if (request.url === '/token') {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const form = new URLSearchParams(Buffer.concat(chunks).toString())
      const given = await tokens(form, request.headers.authorization)
      reply(given === undefined ? 400 : 200, given ?? { error: 'invalid_grant' })
    } else reply(404, {})
  }

  const server = await listenLocally((request, response) => void answer(request, response))
  issuer = server.url
  return {
    issuer,
    clientId,
    clientSecret,
    signIn(page, claims) {
      const asked = new URL(page).searchParams
      const code = randomUUID()
      codes.set(code, { asked, claims })
      return new URLSearchParams({ code, state: asked.get('state') ?? '' })
    },
    close: server.close,
  }
}

/** Every way to authenticate, from the sending engine over real HTTP to a vendor that checks what it gets. */
import { createHash, createHmac, createSecretKey, generateKeyPairSync } from 'node:crypto'
import type { RequestListener } from 'node:http'
import type { Auth, Connector, RequestPlan, Verdict } from '@sluice/connector-sdk'
import { hmacSignature, jwt, passwordGrant } from '@sluice/connector-sdk'
import { jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { authOf } from '../../engine/sending/auth-of.ts'
import { encodeBody } from '../../engine/sending/body.ts'
import { sendRequest } from '../../engine/sending/send-request.ts'
import { referring, selfSigned, signed, withClient } from '../../test/harness/auth-connectors.ts'
import { useLocalServers } from '../../test/harness/local-server.ts'
import { createTokenVendor } from '../../test/harness/token-vendor.ts'
import { createAuthorize } from './authorize.ts'
import { createHttpTransport } from './http-transport.ts'

const { closeAfterwards, serve, unusedPort } = useLocalServers()
const start = Date.UTC(2026, 4, 28, 10)

const plan: RequestPlan = {
  method: 'POST',
  path: '/users',
  query: { page: '1' },
  body: { kind: 'json', value: { name: 'Ann é' } },
  parts: [{ item: 0, part: 0, effect: 'append' }],
}

interface Got {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** A process that sends; its clock is the test's. */
function sender(clock = { at: start }) {
  const http = createHttpTransport({ allowPrivateHosts: ['127.0.0.1'] })
  closeAfterwards(http)
  const now = () => clock.at
  const grants = { token: () => Promise.reject(new Error('No grants here.')) }
  const deps = {
    transport: http.send,
    authorize: createAuthorize({ transport: http.send, grants, now }),
    now,
  }
  return async (
    definition: Connector,
    settings: object,
    secrets: Readonly<Record<string, string>>,
    request = plan,
  ) => {
    const account = { definition, settings: { ...settings }, secrets }
    const { verdicts } = await sendRequest(deps, account, request, encodeBody(request), 2000, undefined)
    return verdicts[0]
  }
}

/** Keeps what arrives. */
async function recorder(answer = 200) {
  const got: Got[] = []
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { headers, method = '', url = '' } = request
      got.push({ method, url, headers, body: Buffer.concat(chunks).toString('utf8') })
      response.writeHead(answer).end()
    })
  }
  return { got, endpoint: `http://127.0.0.1:${await serve(listener)}` }
}

const delivered: Verdict = { kind: 'delivered' }

describe('a secret by reference', () => {
  it('arrives in header and body', async () => {
    const { endpoint, got } = await recorder()
    const request = referring.testConnection.plan({ settings: {}, now: 0 })
    await sender()(referring, { endpoint }, { apiKey: 'k"1' }, { ...request, parts: plan.parts })
    expect(got[0]?.headers['authorization']).toBe('Token token=k"1')
    expect(JSON.parse(got[0]?.body ?? '')).toEqual({ auth: { key: 'k"1' } })
  })
})

describe('a signature', () => {
  const key = 'signing key é'

  it('is of what is sent, at the time of sending', async () => {
    const { endpoint, got } = await recorder()
    expect(await sender()(signed, { endpoint }, { signingKey: key })).toEqual(delivered)
    const [{ body, headers } = { body: '', headers: {} }] = got
    const seconds = String(start / 1000)
    const expected = createHmac('sha256', key).update(`${seconds}.POST/users.${body}`).digest('hex')
    expect(headers).toMatchObject({ 'x-signature': `v1=${expected}`, 'x-timestamp': seconds })
    expect(JSON.stringify(got)).not.toContain('signing key')
  })

  it('takes every part, encoding and form of key', async () => {
    const { endpoint, got } = await recorder()
    const auth = hmacSignature({
      secret: 'signingKey',
      secretEncoding: 'base64',
      algorithm: 'sha512',
      parts: ['host', 'query', { text: '\n' }, 'bodyHash', 'timestamp'],
      encoding: 'base64',
      header: 'authorization',
      timestamp: { header: 'date', format: 'iso' },
    })
    const bytes = Buffer.from([0, 1, 254, 255])
    await sender()(as(auth), { endpoint }, { signingKey: bytes.toString('base64') })
    const bodyHash = createHash('sha512')
      .update(got[0]?.body ?? '')
      .digest('hex')
    const text = `${new URL(endpoint).host}page=1\n${bodyHash}2026-05-28T10:00:00.000Z`
    expect(got[0]?.headers['authorization']).toBe(createHmac('sha512', bytes).update(text).digest('base64'))
  })

  it('that was refused is made anew, once, when its time has moved on', async () => {
    const { endpoint, got } = await recorder(401)
    expect(await sender()(signed, { endpoint }, { signingKey: key })).toEqual({
      kind: 'setup',
      code: 'http_401',
    })
    expect(got).toHaveLength(1)
    const ticking = {
      get at() {
        return start + got.length * 1000
      },
    }
    await sender(ticking)(signed, { endpoint }, { signingKey: key })
    expect(got).toHaveLength(3)
  })

  it('is not made without a key', async () => {
    const { endpoint, got } = await recorder()
    expect(await sender()(signed, { endpoint }, {})).toEqual({ kind: 'setup', code: 'secret_missing' })
    expect(got).toEqual([])
  })
})

describe('a token that we sign', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const settings = (endpoint: string) => ({ endpoint, teamId: 'team-7', keyId: 'key-1' })

  it('says what is declared, and is used until shortly before it expires', async () => {
    const { endpoint, got } = await recorder()
    const clock = { at: start }
    const send = sender(clock)
    await send(selfSigned, settings(endpoint), { privateKey: pem })
    clock.at += 500_000
    await send(selfSigned, settings(endpoint), { privateKey: pem })
    clock.at += 50_000
    await send(selfSigned, settings(endpoint), { privateKey: pem })
    const tokens = got.map(({ headers }) => String(headers['authorization']).replace('Bearer ', ''))
    expect(tokens[1]).toBe(tokens[0])
    expect(tokens[2]).not.toBe(tokens[0])
    const { payload, protectedHeader } = await jwtVerify(tokens[0] ?? '', publicKey, {
      currentDate: new Date(start),
    })
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'JWT', kid: 'key-1' })
    const seconds = start / 1000
    expect(payload).toEqual({
      iss: 'team-7',
      aud: 'https://api.acme.example',
      iat: seconds,
      exp: seconds + 600,
    })
  })

  it('is signed with a text or an RSA key as well, whose line breaks may be written out', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const rsaPem = rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString().replaceAll('\n', '\\n')
    const { endpoint, got } = await recorder()
    const shared = 'a shared key of at least thirty-two bytes'
    const claims = { subject: 'ann', claims: { role: 'writer' }, lifetimeSeconds: 60 }
    await sender()(
      as(jwt({ algorithm: 'RS256', key: 'privateKey', ...claims })),
      { endpoint },
      { privateKey: rsaPem },
    )
    await sender()(
      as(jwt({ algorithm: 'HS256', key: 'privateKey', ...claims })),
      { endpoint },
      { privateKey: shared },
    )
    const keys = [rsa.publicKey, createSecretKey(shared, 'utf8')]
    for (const [index, { headers }] of got.entries()) {
      const token = String(headers['authorization']).replace('Bearer ', '')
      const { payload } = await jwtVerify(token, keys[index] ?? rsa.publicKey, {
        currentDate: new Date(start),
      })
      expect(payload).toMatchObject({ sub: 'ann', role: 'writer' })
    }
    expect(got).toHaveLength(2)
  })

  it('is not made with what is no key', async () => {
    const { endpoint, got } = await recorder()
    const verdict = await sender()(selfSigned, settings(endpoint), { privateKey: 'no key' })
    expect(verdict).toEqual({ kind: 'setup', code: 'key_unusable' })
    expect(got).toEqual([])
  })
})

describe('client credentials', () => {
  const client = { clientId: 'client: 7', clientSecret: 's3cret %&' }
  const scope = 'contacts.read contacts.write'

  async function scene(options: Partial<Parameters<typeof createTokenVendor>[0]> = {}) {
    const clock = { at: start }
    const vendor = createTokenVendor({ ...client, scope, now: () => clock.at, ...options })
    const endpoint = `http://127.0.0.1:${await serve(vendor.listener)}`
    const sendAs = sender(clock)
    const settings = { endpoint, clientId: client.clientId }
    const send = (secrets = { clientSecret: client.clientSecret }) => sendAs(withClient, settings, secrets)
    return { vendor, clock, send }
  }

  it('fetch one token for all requests that need it, with scopes and parameters', async () => {
    const { send, vendor } = await scene()
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => send()))
    expect(new Set(verdicts.map((each) => each?.kind))).toEqual(new Set(['delivered']))
    expect(vendor.grants).toEqual(['client_credentials'])
    expect(vendor.forms[0]?.get('audience')).toBe('https://api.acme.example')
    expect(vendor.taken).toHaveLength(20)
  })

  it('fetch the next token before the last one ends', async () => {
    const { clock, send, vendor } = await scene({ expiresInSeconds: 600 })
    await send()
    clock.at += 539_000
    await send()
    expect(vendor.grants).toHaveLength(1)
    clock.at += 2_000
    await send()
    expect(vendor.grants).toHaveLength(2)
    expect(vendor.answers).toEqual([200, 200, 200])
  })

  it('fetch a new token once when the vendor takes the old one no more, and send what it refused again', async () => {
    const { send, vendor } = await scene()
    await send()
    vendor.revoke()
    const verdicts = await Promise.all(Array.from({ length: 10 }, () => send()))
    expect(new Set(verdicts.map((each) => each?.kind))).toEqual(new Set(['delivered']))
    expect(vendor.grants).toHaveLength(2)
    expect(vendor.taken).toHaveLength(11)
  })

  it('leave the token endpoint in peace when new tokens are refused too', async () => {
    let takesNone = false
    const { clock, send, vendor } = await scene({ takesNone: () => takesNone })
    expect(await send()).toEqual(delivered)
    takesNone = true
    for (let times = 0; times < 5; times += 1)
      expect(await send()).toEqual({ kind: 'setup', code: 'http_401' })
    expect(vendor.grants).toHaveLength(2)
    takesNone = false
    vendor.revoke()
    clock.at += 11_000
    expect(await send()).toEqual(delivered)
    expect(vendor.grants).toHaveLength(3)
  })

  it('that the vendor refuses stop the sending before the request is sent', async () => {
    const { send, vendor } = await scene()
    expect(await send({ clientSecret: 'wrong' })).toEqual({ kind: 'setup', code: 'token_refused' })
    expect(vendor.answers).toEqual([])
  })

  it.each([429, 500, 503])('are tried again later when the endpoint answers %i', async (status) => {
    let isBroken = true
    const { send, vendor } = await scene({ fault: () => (isBroken ? status : null) })
    expect(await send()).toEqual({ kind: 'retry', code: 'token_unavailable' })
    isBroken = false
    expect(await send()).toEqual(delivered)
    expect(vendor.answers).toEqual([200])
  })

  it('are proven in the body where the vendor wants it', async () => {
    const auth = authOf({ definition: withClient, settings: {} })
    if (auth.kind !== 'client-credentials') throw new Error('Not what it should be.')
    const vendor = createTokenVendor({ ...client, authentication: 'body', scope, now: () => start })
    const endpoint = `http://127.0.0.1:${await serve(vendor.listener)}`
    const inBody = { ...withClient, auth: { ...auth, clientAuthentication: 'body' as const } }
    const secrets = { clientSecret: client.clientSecret }
    expect(await sender()(inBody, { endpoint, clientId: client.clientId }, secrets)).toEqual(delivered)
  })

  it('go to no address that must not be called', async () => {
    const auth = authOf({ definition: withClient, settings: {} })
    if (auth.kind !== 'client-credentials') throw new Error('Not what it should be.')
    const { endpoint, got } = await recorder()
    const secrets = { clientSecret: client.clientSecret }
    const elsewhere = (tokenUrl: string) => ({ ...withClient, auth: { ...auth, tokenUrl } })
    const sendTo = (tokenUrl: string) =>
      sender()(elsewhere(tokenUrl), { endpoint, clientId: client.clientId }, secrets)
    expect(await sendTo('http://169.254.169.254/latest')).toEqual({ kind: 'setup', code: 'private_address' })
    expect(await sendTo('file:///etc/passwd')).toEqual({ kind: 'setup', code: 'host_not_allowed' })
    expect(await sendTo('nowhere')).toEqual({ kind: 'setup', code: 'host_not_allowed' })
    const port = await unusedPort()
    expect(await sendTo(`http://127.0.0.1:${port}/`)).toEqual({ kind: 'retry', code: 'token_unavailable' })
    expect(got).toEqual([])
  })
})

describe('a name and a password', () => {
  const client = { clientId: 'client-7', clientSecret: 's3cret' }
  const user = { username: 'ann', password: 'p&w: é' }
  const auth = passwordGrant({
    tokenUrl: ({ endpoint }) => `${endpoint}/token`,
    ...{ clientId: 'clientId', clientSecret: 'clientSecret', username: 'username', password: 'password' },
    parameters: { audience: 'hooks' },
  })
  async function scene() {
    const vendor = createTokenVendor({ ...client, user, scope: '', now: () => start })
    const endpoint = `http://127.0.0.1:${await serve(vendor.listener)}`
    const settings = { endpoint, clientId: client.clientId, username: user.username }
    const send = sender()
    return {
      vendor,
      send: (password: string) => send(as(auth), settings, { clientSecret: client.clientSecret, password }),
    }
  }

  it('get a token, once, which is sent as every token', async () => {
    const { send, vendor } = await scene()
    expect([await send(user.password), await send(user.password)]).toEqual([delivered, delivered])
    expect(vendor.grants).toEqual(['password'])
    expect(vendor.forms[0]?.get('audience')).toBe('hooks')
  })

  it('that are wrong stop the sending', async () => {
    const { send, vendor } = await scene()
    expect(await send('wrong')).toEqual({ kind: 'setup', code: 'token_refused' })
    expect(vendor.answers).toEqual([])
  })

  it('are not asked for without a password', async () => {
    const { send, vendor } = await scene()
    expect(await send('')).toEqual({ kind: 'setup', code: 'secret_missing' })
    expect(vendor.grants).toEqual([])
  })
})

/** Another way to authenticate, with the settings of the connector that signs. */
function as(auth: Auth): Connector {
  return { ...signed, auth }
}

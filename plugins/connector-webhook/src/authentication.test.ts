/** Every way to authenticate that the settings offer, over the host's own transport to a receiver that checks it. */
import { createHmac, createSecretKey } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type RequestPlan, verdict } from '@sluice/connector-sdk'
import { createWebhookReceiver, type WebhookReceiver } from '@sluice/connector-testing/simulator'
import { jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeBody } from '../../../engine/sending/body.ts'
import { sendRequest } from '../../../engine/sending/send-request.ts'
import { readAccount, type SavedAccount } from '../../../server/connectors/read-connector.ts'
import { createAuthorize } from '../../../server/transport/authorize.ts'
import { createHttpTransport, type HttpTransport } from '../../../server/transport/http-transport.ts'
import * as certificates from '../../../test/harness/certificates.ts'
import webhook from './index.ts'

const at = Date.UTC(2026, 4, 28, 10)
/** What templates write where the token is to stand. */
const sign = 'Zk3-sign_of-this_delivery0'

const standardAnswer = { access_token: 'fetched', expires_in: 60 }
let tokenAnswer: object = standardAnswer
let receiver: WebhookReceiver
let transport: HttpTransport
beforeEach(async () => {
  tokenAnswer = standardAnswer
  receiver = await createWebhookReceiver({
    answer: ({ path }) => (path === '/token' ? { body: tokenAnswer } : {}),
  })
  transport = createHttpTransport({ allowPrivateHosts: ['127.0.0.1'] })
})
afterEach(async () => {
  await transport.close()
  await receiver.close()
})

/** Settings as people give them, sent with as a host does; returns the verdict. */
async function send(given: object, changes: Partial<RequestPlan> = {}, fields: object = {}) {
  const read = readAccount(webhook, { url: `${receiver.url}/hook`, ...given }, null)
  if (!read.ok) throw new Error(read.issues.map(({ message }) => message).join(' '))
  const account = { definition: webhook, settings: read.settings, secrets: read.secrets, tokenSign: sign }
  const grants = {
    token: () => Promise.resolve({ kind: 'token', token: { value: 'granted', expiresAt: null } } as const),
  }
  const now = () => at
  const deps = {
    transport: transport.send,
    now,
    authorize: createAuthorize({ transport: transport.send, grants, now }),
  }
  const action = webhook.actions['send-custom-data']
  const payload = action?.parameters.parse({ body: '{"id":1}', queryText: 'a=1', ...fields }) ?? {}
  const [planned] =
    action?.plan([{ payload, change: 'upsert', key: 'k' }], { settings: read.settings, now: at }) ?? []
  if (planned === undefined) throw new Error('Nothing was planned.')
  const request = { ...planned, ...changes }
  const { verdicts } = await sendRequest(
    deps,
    account,
    request,
    encodeBody(request),
    2_000,
    action?.interpret,
  )
  return verdicts[0]
}

const last = () => receiver.received.at(-1)

describe('a request', () => {
  it('goes without any', async () => {
    expect(await send({})).toEqual(verdict.delivered)
    expect(last()?.headers).not.toHaveProperty('authorization')
  })

  it('has user and password', async () => {
    expect(await send({ authentication: 'basic', username: 'ann', password: 'p:w' })).toEqual(
      verdict.delivered,
    )
    expect(last()?.headers.authorization).toBe(`Basic ${btoa('ann:p:w')}`)
  })

  it('has a token', async () => {
    await send({ authentication: 'bearer', token: 'T' })
    expect(last()?.headers.authorization).toBe('Bearer T')
  })

  it('has a key in a header, or in a parameter beside the others', async () => {
    await send({ authentication: 'header', token: 'T', tokenName: 'X-Api-Key' })
    expect(last()?.headers['x-api-key']).toBe('T')
    await send({ authentication: 'query', token: 'T &', tokenName: 'key' })
    expect([...(last()?.query ?? [])]).toEqual([
      ['a', '1'],
      ['key', 'T &'],
    ])
  })

  it.each([
    ['body', '{"id":1}'],
    ['timestamp.body', `${at / 1000}.{"id":1}`],
    ['method-path-body', 'POST\n/hook?a=1\n{"id":1}'],
  ])('is signed: %s', async (signedContent, text) => {
    const signature = { signatureAlgorithm: 'sha512', signatureEncoding: 'base64', signaturePrefix: 'v=' }
    await send({
      authentication: 'hmac',
      signingKey: 'S',
      signedContent,
      signatureHeader: 'X-Sig',
      ...signature,
    })
    expect(last()?.headers['x-sig']).toBe(`v=${createHmac('sha512', 'S').update(text).digest('base64')}`)
  })

  it('has a token that is signed here', async () => {
    const claims = {
      jwtIssuer: 'sluice',
      jwtAudience: 'hooks',
      jwtKeyId: 'k1',
      jwtClaims: { scope: 'write' },
    }
    await send({ authentication: 'jwt', signingKey: 'a key of thirty-two bytes or more', ...claims })
    const token = last()?.headers.authorization?.replace('Bearer ', '') ?? ''
    const key = createSecretKey(Buffer.from('a key of thirty-two bytes or more'))
    const { payload, protectedHeader } = await jwtVerify(token, key, { currentDate: new Date(at) })
    expect(payload).toMatchObject({ iss: 'sluice', aud: 'hooks', scope: 'write', exp: at / 1000 + 300 })
    expect(protectedHeader).toMatchObject({ alg: 'HS256', kid: 'k1' })
  })

  it('has a token of the client', async () => {
    const client = {
      clientId: 'C',
      clientSecret: 'S',
      scopes: 'read  write',
      oauthParameters: { audience: 'hooks' },
    }
    await send({ authentication: 'client-credentials', tokenUrl: `${receiver.url}/token`, ...client })
    const [token, hook] = receiver.received
    expect(token?.headers.authorization).toBe(`Basic ${btoa('C:S')}`)
    expect(Object.fromEntries(new URLSearchParams(token?.text))).toEqual({
      grant_type: 'client_credentials',
      scope: 'read write',
      audience: 'hooks',
    })
    expect(hook?.headers.authorization).toBe('Bearer fetched')
  })

  describe('has a token that the endpoint gives', () => {
    const client = { clientId: 'C', clientSecret: 'S' }
    const own = { authentication: 'client-credentials', ...client }
    const tokenUrl = () => `${receiver.url}/token`
    const form = () => Object.fromEntries(new URLSearchParams(receiver.received[0]?.text))

    it("for a user's name and password", async () => {
      const user = { authentication: 'password-grant', username: 'ann', password: 'P &' }
      const given = { tokenUrl: tokenUrl(), ...client, ...user, oauthParameters: { audience: 'hooks' } }
      expect(await send(given)).toEqual(verdict.delivered)
      expect(receiver.received[0]?.headers.authorization).toBe(`Basic ${btoa('C:S')}`)
      expect(form()).toEqual({
        ...{ grant_type: 'password', username: 'ann', password: 'P &', audience: 'hooks' },
      })
      expect(last()?.headers.authorization).toBe('Bearer fetched')
    })

    it('for them and a client without a secret', async () => {
      const user = { authentication: 'password-grant', username: 'ann', password: 'P' }
      await send({ tokenUrl: tokenUrl(), clientId: 'C', clientAuthentication: 'none', ...user })
      expect(receiver.received[0]?.headers).not.toHaveProperty('authorization')
      expect(form()).toEqual({ grant_type: 'password', username: 'ann', password: 'P', client_id: 'C' })
    })

    it('for a request in JSON, with headers of its own', async () => {
      await send({
        ...{ ...own, tokenUrl: tokenUrl(), clientAuthentication: 'body', tokenContentType: 'json' },
        tokenHeaders: { 'X-Client': '{{clientId}}:{{ clientSecret }}', 'X-Fixed': 'a {{b}}' },
      })
      expect(receiver.received[0]).toMatchObject({
        headers: { 'content-type': 'application/json', 'x-client': 'C:S', 'x-fixed': 'a {{b}}' },
        body: { grant_type: 'client_credentials', client_id: 'C', client_secret: 'S' },
      })
      expect(last()?.headers.authorization).toBe('Bearer fetched')
    })

    it.each(['form', 'json'])('for a body of its own as %s', async (tokenContentType) => {
      const tokenBody = { key: '{{clientId}}', secret: '{{clientSecret}}', kind: 'machine' }
      await send({ ...own, tokenUrl: tokenUrl(), tokenContentType, tokenBody })
      const [asked] = receiver.received
      expect(tokenContentType === 'json' ? asked?.body : form()).toEqual({
        ...{ key: 'C', secret: 'S', kind: 'machine' },
      })
      expect(last()?.headers.authorization).toBe('Bearer fetched')
    })

    it('where its answer has it', async () => {
      tokenAnswer = { data: { token: 'deep', life: 60 } }
      const fields = { accessTokenField: 'data.token', expiresInField: 'data.life' }
      await send({ ...own, tokenUrl: tokenUrl(), ...fields })
      expect(last()?.headers.authorization).toBe('Bearer deep')
    })

    it('and sends nothing where its answer has none', async () => {
      tokenAnswer = { data: {} }
      const given = { ...own, tokenUrl: tokenUrl(), accessTokenField: 'data.token' }
      expect(await send(given)).toEqual(verdict.setup('token_refused'))
      expect(receiver.received).toHaveLength(1)
    })
  })

  describe('has its token', () => {
    const own = () => ({
      ...{ authentication: 'client-credentials', clientId: 'C', clientSecret: 'S' },
      tokenUrl: `${receiver.url}/token`,
    })

    it('in another header, after another prefix or none', async () => {
      await send({ ...own(), tokenName: 'X-Auth', tokenPrefix: 'Token' })
      expect(last()?.headers).toMatchObject({ 'x-auth': 'Token fetched' })
      expect(last()?.headers).not.toHaveProperty('authorization')
      await send({ ...own(), tokenPrefix: '' })
      expect(last()?.headers.authorization).toBe('fetched')
    })

    it('in a URL parameter beside the others', async () => {
      await send({ ...own(), tokenPlace: 'query', tokenName: 'key' })
      expect([...(last()?.query ?? [])]).toEqual([
        ['a', '1'],
        ['key', 'fetched'],
      ])
      expect(last()?.headers).not.toHaveProperty('authorization')
    })

    it('only where templates write it: path, parameters, headers, cookies, body', async () => {
      const fields = {
        path: `/t/${sign}`,
        queryText: `token=${sign}`,
        query: { also: `x ${sign}` },
        headers: { Authorization: `Custom ${sign}` },
        cookies: { session: sign },
        body: `{"token":"${sign}"}`,
      }
      tokenAnswer = { access_token: 'a/b+"c"=' }
      expect(await send({ ...own(), tokenPlace: 'templates' }, {}, fields)).toEqual(verdict.delivered)
      const { body, headers, path, query } = last() ?? {}
      expect(decodeURIComponent(path ?? '')).toBe('/hook/t/a/b+"c"=')
      expect(Object.fromEntries(query ?? [])).toEqual({ token: 'a/b+"c"=', also: 'x a/b+"c"=' })
      expect(headers).toMatchObject({ authorization: 'Custom a/b+"c"=', cookie: 'session=a/b+"c"=' })
      expect(body).toEqual({ token: 'a/b+"c"=' })
      await send({ ...own(), tokenPlace: 'templates' })
      expect(last()?.headers).not.toHaveProperty('authorization')
    })

    it('in the fields of a form, of both kinds', async () => {
      tokenAnswer = { access_token: 'a&b=c' }
      const form = (contentType: string) =>
        send({ ...own(), tokenPlace: 'templates' }, {}, { contentType, formFields: { t: `x ${sign}` } })
      await form('application/x-www-form-urlencoded')
      expect(new URLSearchParams(last()?.text).get('t')).toBe('x a&b=c')
      await form('multipart/form-data')
      const parts = await new Response(last()?.text ?? '', {
        headers: { 'content-type': String(last()?.headers['content-type']) },
      }).formData()
      expect(parts.get('t')).toBe('x a&b=c')
    })

    it('that a user has allowed, and one that is signed here, in the same places', async () => {
      const user = {
        ...{ ...own(), authentication: 'authorization-code', tokenName: 'X-Auth', tokenPrefix: '' },
        authorizationUrl: 'https://login.example.com/authorize',
      }
      await send(user, {}, { body: `{"t":"${sign}"}` })
      expect(last()).toMatchObject({ headers: { 'x-auth': 'granted' }, body: { t: 'granted' } })
      const signed = { authentication: 'jwt', signingKey: 'a key of thirty-two bytes or more' }
      await send({ ...signed, tokenPlace: 'query', tokenName: 'jwt' })
      expect(last()?.query.get('jwt')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    })

    it('or is not sent where a template wants one and none is made', async () => {
      const given = { authentication: 'bearer', token: 'T' }
      expect(await send(given, {}, { body: `{"t":"${sign}"}` })).toEqual(verdict.setup('no_access_token'))
      expect(receiver.received).toEqual([])
    })
  })

  it('presents a certificate, with the other authentication inside', async () => {
    const { authority, clientCertificate, clientKey, serverCertificate, serverKey } = certificates
    const seen: unknown[] = []
    const tls = { cert: serverCertificate, key: serverKey, ca: authority, requestCert: true }
    const server = createServer(tls, ({ headers }, response) => {
      seen.push(headers.authorization)
      response.end()
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    const given = { url, authentication: 'bearer', token: 'T', certificateAuthority: authority }
    const own = { certificate: clientCertificate, certificateKey: clientKey }
    expect(await send({ ...given, ...own, presentsCertificate: true })).toEqual(verdict.delivered)
    expect(await send({ ...given, ...own })).toMatchObject({ kind: 'retry' })
    expect(seen).toEqual(['Bearer T'])
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  it('has the token that a user has allowed', async () => {
    const client = {
      clientId: 'C',
      clientSecret: 'S',
      authorizationUrl: 'https://login.example.com/authorize',
    }
    await send({ authentication: 'authorization-code', tokenUrl: `${receiver.url}/token`, ...client })
    expect(last()?.headers.authorization).toBe('Bearer granted')
  })
})

describe('a redirection', () => {
  const redirect = (location: string) =>
    receiver.answerNext({ kind: 'status', status: 307, headers: { location } })

  it('is followed on the same host with the key, where people want it', async () => {
    redirect('/moved')
    expect(await send({ authentication: 'bearer', token: 'T' }, { redirects: 5 })).toEqual(verdict.delivered)
    expect(last()).toMatchObject({ path: '/moved', text: '{"id":1}', headers: { authorization: 'Bearer T' } })
  })

  it('is refused otherwise, elsewhere, and where the request is signed', async () => {
    redirect('/moved')
    expect(await send({})).toEqual(verdict.refused('http_307'))
    redirect('http://169.254.169.254/')
    expect(await send({}, { redirects: 5 })).toEqual(verdict.refused('http_307'))
    redirect('/moved')
    expect(await send({ authentication: 'hmac', signingKey: 'S' }, { redirects: 5 })).toEqual(
      verdict.refused('http_307'),
    )
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/hook', '/hook'])
  })
})

describe('settings', () => {
  const url = 'https://hooks.example.com/v1'
  const issuesOf = (given: object, saved: SavedAccount | null = null) => {
    const read = readAccount(webhook, { url, ...given }, saved)
    return read.ok ? [] : read.issues.map(({ path }) => path.join('.')).toSorted()
  }

  it.each<[string, readonly string[]]>([
    ['basic', ['password', 'username']],
    ['bearer', ['token']],
    ['header', ['token', 'tokenName']],
    ['query', ['token', 'tokenName']],
    ['hmac', ['signingKey']],
    ['jwt', ['signingKey']],
    ['client-credentials', ['clientId', 'clientSecret', 'tokenUrl']],
    ['password-grant', ['clientId', 'clientSecret', 'password', 'tokenUrl', 'username']],
    ['authorization-code', ['authorizationUrl', 'clientId', 'clientSecret', 'tokenUrl']],
  ])('say what %s needs', (authentication, needed) => {
    expect(issuesOf({ authentication })).toEqual(needed.map((name) => `settings.${name}`))
  })

  it.each(['Host', 'content-length', 'a b', 'cookie'])('send no key in the header %s', (tokenName) => {
    expect(issuesOf({ authentication: 'header', token: 'T', tokenName })).toEqual(['settings.tokenName'])
  })

  it('send no token where none can stand', () => {
    const jwt = { authentication: 'jwt', signingKey: 'S' }
    expect(issuesOf({ ...jwt, tokenPlace: 'query' })).toEqual(['settings.tokenName'])
    expect(issuesOf({ ...jwt, tokenName: 'Host' })).toEqual(['settings.tokenName'])
    expect(issuesOf({ ...jwt, tokenPrefix: 'a\r\nb: c' })).toEqual(['settings.tokenPrefix'])
    expect(issuesOf({ ...jwt, tokenPlace: 'templates' })).toEqual([])
  })

  it.each([{ Host: 'a' }, { 'a b': 'c' }, { 'x-a': 'a\r\nb: c' }])(
    'send no token request with the header %j',
    (tokenHeaders) => {
      expect(issuesOf({ tokenHeaders })).toEqual([`settings.tokenHeaders.${Object.keys(tokenHeaders)[0]}`])
    },
  )

  it('say what a certificate needs', () => {
    expect(issuesOf({ presentsCertificate: true })).toEqual([
      'settings.certificate',
      'settings.certificateKey',
    ])
  })

  it.each([
    'file:///etc/passwd',
    'ftp://a.example',
    'https://a.example/?a=1',
    'https://u:p@a.example/',
    'hooks',
  ])('take no address like %s', (address) => expect(issuesOf({ url: address })).toEqual(['settings.url']))

  it('want every secret again when the address of the API or of its tokens changes', () => {
    const kind = { authentication: 'client-credentials', clientId: 'C' }
    const saved = {
      settings: { url, ...kind, tokenUrl: 'https://login.example.com/token' },
      secrets: { clientSecret: 'S' },
    }
    const given = { ...kind, tokenUrl: 'https://login.example.com/token' }
    expect(issuesOf(given, saved)).toEqual([])
    expect(issuesOf({ ...given, tokenUrl: 'https://evil.example/token' }, saved)).toEqual([
      'settings.clientSecret',
    ])
    expect(issuesOf({ ...given, url: 'https://evil.example' }, saved)).toEqual(['settings.clientSecret'])
    expect(issuesOf({ authentication: 'none' }, saved)).toEqual(['settings.clientSecret'])
  })
})

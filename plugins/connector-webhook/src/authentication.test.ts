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

let receiver: WebhookReceiver
let transport: HttpTransport
beforeEach(async () => {
  receiver = await createWebhookReceiver({
    answer: ({ path }) => (path === '/token' ? { body: { access_token: 'fetched', expires_in: 60 } } : {}),
  })
  transport = createHttpTransport({ allowPrivateHosts: ['127.0.0.1'] })
})
afterEach(async () => {
  await transport.close()
  await receiver.close()
})

/** Settings as people give them, sent with as a host does; returns the verdict. */
async function send(given: object, changes: Partial<RequestPlan> = {}) {
  const read = readAccount(webhook, { url: `${receiver.url}/hook`, ...given }, null)
  if (!read.ok) throw new Error(read.issues.map(({ message }) => message).join(' '))
  const account = { definition: webhook, settings: read.settings, secrets: read.secrets }
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
  const payload = action?.parameters.parse({ body: '{"id":1}', queryText: 'a=1' }) ?? {}
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
    ['authorization-code', ['authorizationUrl', 'clientId', 'clientSecret', 'tokenUrl']],
  ])('say what %s needs', (authentication, needed) => {
    expect(issuesOf({ authentication })).toEqual(needed.map((name) => `settings.${name}`))
  })

  it.each(['Host', 'content-length', 'a b', 'cookie'])('send no key in the header %s', (tokenName) => {
    expect(issuesOf({ authentication: 'header', token: 'T', tokenName })).toEqual(['settings.tokenName'])
  })

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

/** OAuth 2 through the API: somebody allows the access in a browser, and the tokens stay with the vendor and us. */
import { createWebhookReceiver } from '@sluice/connector-testing/simulator'
import webhook from '@sluice/connector-webhook'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRegistry } from '../../server/registry/registry.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { allowed, certified, referring, selfSigned, signed, withClient } from '../harness/auth-connectors.ts'
import { type LocalListener, listenLocally } from '../harness/listen-locally.ts'
import { realPlugins } from '../harness/real-plugins.ts'
import { seed } from '../harness/seed.ts'
import { createTokenVendor } from '../harness/token-vendor.ts'
import { formsOfText } from '../privacy/forms.ts'
import { searchBytes, searchTables } from '../privacy/search.ts'

const client = { clientId: 'client-7', clientSecret: 'canary-client-secret-5c21' }
const redirectUri = 'https://console.acme.example/back'

let app: TestApp
let server: LocalListener
const clock = { at: Date.now() }
const vendor = createTokenVendor({
  ...client,
  scope: 'contacts.write offline_access',
  now: () => clock.at,
  rotates: true,
})
beforeAll(async () => {
  const definitions = [allowed, certified, referring, selfSigned, signed, webhook, withClient]
  const registry = createRegistry({
    connectors: definitions.map((definition) => ({
      definition,
      packageName: 'acme',
      packageVersion: '1.0.0',
    })),
    sources: realPlugins.sources(),
    unavailable: [],
  })
  app = await createTestApp({ registry })
  server = await listenLocally(vendor.listener)
})
afterAll(async () => {
  await server.close()
  await app.close()
})

async function mutate(verb: string, type: string, input: object, token?: string) {
  const fields = `__typename
    ... on Problem { code message }
    ... on InvalidInput { issues { path code } }
    ... on ${type} { ${type === 'Connector' ? 'id isAuthorized secretsSet' : type === 'ConnectionTest' ? 'ok errorCode message' : 'url expiresAt'} }`
  const name = `${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}Input`
  const { data, errors } = await app.ask(
    `mutation ($input: ${name}!) { ${verb}(input: $input) { ${fields} } }`,
    { input },
    token,
  )
  expect(errors).toBeUndefined()
  return data[verb]
}

async function newConnector(type: string, settings: object) {
  const { workspace } = await seed(app).workspace().create()
  const input = {
    workspaceId: workspace.id,
    name: 'Acme',
    type,
    settings: { endpoint: server.url, ...settings },
  }
  return mutate('createConnector', 'Connector', input)
}

const begin = (id: string, uri = redirectUri) =>
  mutate('beginAuthorization', 'StartedAuthorization', { id, redirectUri: uri })
const complete = ({ code, state }: { readonly state: string; readonly code: string }, token?: string) =>
  mutate('completeAuthorization', 'Connector', { code, state }, token)
const testConnection = (id: string) => mutate('testConnection', 'ConnectionTest', { id })
const unknownState = {
  __typename: 'InvalidInput',
  issues: [{ path: ['state'], code: 'authorization_state_unknown' }],
}

test('access is allowed once, used, renewed, and leaves no token where it could be read', async () => {
  const connector = await newConnector('allowed', client)
  expect(connector).toMatchObject({ isAuthorized: false })
  expect(await testConnection(connector.id)).toMatchObject({ ok: false, errorCode: 'authorization_missing' })

  const { url } = await begin(connector.id)
  expect(new URL(url).origin).toBe(server.url)
  const { code, redirectUri: back, state } = vendor.allow(url)
  expect(back).toBe(redirectUri)
  expect(await complete({ state, code })).toMatchObject({ id: connector.id, isAuthorized: true })
  expect(await testConnection(connector.id)).toMatchObject({ ok: true })
  vendor.revoke()
  expect(await testConnection(connector.id)).toMatchObject({ ok: true })
  expect(vendor.grants).toEqual(['authorization_code', 'refresh_token'])

  const secrets = [...vendor.secrets, client.clientSecret, state]
  expect(secrets.length).toBeGreaterThan(5)
  const forms = secrets.flatMap((secret, index) => formsOfText(`secret ${index}`, secret))
  expect(await searchTables(app.databaseUrl, forms)).toEqual([])
  expect(searchBytes(Buffer.from(app.log.join('\n')), forms)).toEqual([])
})

test('access is asked for where the settings choose so, and only there', async () => {
  const { workspace } = await seed(app).workspace().create()
  const create = (name: string, settings: object) =>
    mutate('createConnector', 'Connector', {
      ...{ workspaceId: workspace.id, name, type: 'webhook' },
      settings: { url: server.url, ...settings },
    })
  const open = await create('Open', {})
  expect(open).toMatchObject({ isAuthorized: null })
  expect(await begin(open.id)).toMatchObject({ issues: [{ path: ['id'], code: 'not_applicable' }] })

  const addresses = { tokenUrl: `${server.url}/token`, authorizationUrl: `${server.url}/authorize` }
  const scopes = 'contacts.write offline_access'
  const chosen = await create('Chosen', {
    authentication: 'authorization-code',
    ...client,
    ...addresses,
    scopes,
  })
  expect(chosen).toMatchObject({ isAuthorized: false })
  const { code, state } = vendor.allow((await begin(chosen.id)).url)
  expect(await complete({ state, code })).toMatchObject({ isAuthorized: true })
  expect(await testConnection(chosen.id)).toMatchObject({ ok: true })
})

test('a vendor with a token endpoint of its own form is asked, and asked again, in that form', async () => {
  const tokens = { given: 0 }
  const receiver = await createWebhookReceiver({
    answer: ({ path }) => {
      if (path !== '/token') return {}
      tokens.given += 1
      const data = { token: `canary-access-${tokens.given}`, again: `canary-refresh-${tokens.given}` }
      return { body: { data } }
    },
  })
  try {
    const { workspace } = await seed(app).workspace().create()
    const connector = await mutate('createConnector', 'Connector', {
      ...{ workspaceId: workspace.id, name: 'Own form', type: 'webhook' },
      settings: {
        ...{ url: `${receiver.url}/hook`, authentication: 'authorization-code', ...client },
        ...{ tokenUrl: `${receiver.url}/token`, authorizationUrl: `${receiver.url}/authorize?a=1` },
        ...{ clientAuthentication: 'body', tokenContentType: 'json' },
        tokenHeaders: { 'X-Client': '{{clientId}}' },
        ...{ accessTokenField: 'data.token', refreshTokenField: 'data.again' },
        ...{ oauthParameters: { prompt: 'consent' }, tokenName: 'X-Auth', tokenPrefix: 'Token' },
      },
    })
    const { searchParams } = new URL((await begin(connector.id)).url)
    expect([searchParams.get('a'), searchParams.get('prompt')]).toEqual(['1', 'consent'])
    const state = searchParams.get('state') ?? ''
    expect(await complete({ state, code: 'canary-code' })).toMatchObject({ isAuthorized: true })
    receiver.answerNext({ kind: 'status', status: 401 })
    expect(await testConnection(connector.id)).toMatchObject({ ok: true })

    const asked = { headers: { 'content-type': 'application/json', 'x-client': client.clientId } }
    const named = { client_id: client.clientId, client_secret: client.clientSecret }
    expect(receiver.received.filter(({ path }) => path === '/token')).toMatchObject([
      { ...asked, body: { grant_type: 'authorization_code', code: 'canary-code', ...named } },
      { ...asked, body: { grant_type: 'refresh_token', refresh_token: 'canary-refresh-1', ...named } },
    ])
    expect(receiver.received.at(-1)).toMatchObject({
      ...{ path: '/hook', headers: { 'x-auth': 'Token canary-access-2' } },
    })
  } finally {
    await receiver.close()
  }
})

test('a state works once, for a while, and for those whose workspace it is', async () => {
  const connector = await newConnector('allowed', client)
  const first = vendor.allow((await begin(connector.id)).url)
  const { workspace: other } = await seed(app).workspace().create()
  const stranger = await app.tokenFor(other.id.replace('Workspace_', ''))
  expect(await complete(first, stranger)).toMatchObject(unknownState)
  const both = await Promise.all([complete(first), complete(first)])
  expect(both.map(({ __typename }) => __typename).toSorted()).toEqual(['Connector', 'InvalidInput'])
  expect(await complete({ state: 'made up', code: 'x' })).toMatchObject(unknownState)

  const late = vendor.allow((await begin(connector.id)).url)
  await app.db.pendingAuthorization.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } })
  expect(await complete(late)).toMatchObject(unknownState)
})

test('a code that the vendor does not know, or for another verifier, makes no grant', async () => {
  const connector = await newConnector('allowed', client)
  const { state } = vendor.allow((await begin(connector.id)).url)
  const refused = { __typename: 'InvalidInput', issues: [{ path: ['code'], code: 'authorization_refused' }] }
  expect(await complete({ state, code: 'made up' })).toMatchObject(refused)
  const mine = vendor.allow((await begin(connector.id)).url)
  const theirs = vendor.allow((await begin(connector.id)).url)
  expect(await complete({ state: mine.state, code: theirs.code })).toMatchObject(refused)
  expect(await app.db.connectorGrant.count()).toBeGreaterThan(0)
  expect(await testConnection(connector.id)).toMatchObject({ errorCode: 'authorization_missing' })
})

test('only what needs it is allowed, and back to an address of the web', async () => {
  const connector = await newConnector('with-client', client)
  expect(connector).toMatchObject({ isAuthorized: null })
  expect(await begin(connector.id)).toMatchObject({ issues: [{ path: ['id'], code: 'not_applicable' }] })
  const other = await newConnector('allowed', client)
  expect(await begin(other.id, 'javascript:alert(1)')).toMatchObject({ issues: [{ path: ['redirectUri'] }] })
})

test('the client secret goes to no other token endpoint before it is given again', async () => {
  const connector = await newConnector('allowed', client)
  const settings = { endpoint: 'http://127.0.0.1:9', clientId: client.clientId }
  expect(
    await mutate('updateConnector', 'Connector', { id: connector.id, revision: 1, settings }),
  ).toMatchObject({
    issues: [{ path: ['settings', 'clientSecret'], code: 'secret_required' }],
  })
})

test('a connection test says what is wrong with keys, certificates and clients', async () => {
  const codeOf = async (type: string, settings: object) =>
    (await testConnection((await newConnector(type, settings)).id)).errorCode
  expect(await codeOf('self-signed', { teamId: 't', keyId: 'k', privateKey: 'none' })).toBe('key_unusable')
  const pem = { certificate: 'none', privateKey: 'none', apiKey: 'k' }
  expect(await codeOf('certified', pem)).toBe('certificate_unusable')
  expect(await codeOf('with-client', { ...client, clientSecret: 'wrong' })).toBe('token_refused')
  // The vendor takes tokens only: what is signed arrives, and is refused.
  expect(await codeOf('signed', { signingKey: 'k' })).toBe('http_401')
  expect(await codeOf('referring', { apiKey: 'k' })).toBe('http_401')
})

test('dry run and sample show a mask in place of a token, in the answer of the vendor too', async () => {
  const settings = { endpoint: server.url, ...client }
  const map = (parameter: string, attribute: string) => ({
    parameter,
    from: { kind: 'attribute', attribute },
  })
  const { action, connector } = await seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector(settings, { type: 'allowed' })
    .action([map('user', 'email'), map('value', 'country')], { type: 'set-user' })
    .create()
  await complete(vendor.allow((await begin(connector.id)).url))

  const { data } = await app.ask(
    'query ($id: ID!) { action(id: $id) { dryRun(limit: 1) { ... on ActionDryRun { requests { headers } } } } }',
    { id: action.id },
  )
  expect(data.action.dryRun.requests).toMatchObject([{ headers: { authorization: 'Bearer ********' } }])
  const sample = await app.ask(
    `mutation ($input: SendSampleInput!) {
      sendSample(input: $input) { ... on SentSample { exchanges { request { headers } status answer } } }
    }`,
    { input: { id: action.id, key: ['1'] } },
  )
  expect(sample.data.sendSample.exchanges).toMatchObject([
    {
      request: { headers: { authorization: 'Bearer ********' } },
      status: 200,
      answer: '{"echo":"Bearer ********"}',
    },
  ])
  expect(vendor.taken.at(-1)).toContain('ann@example.com')
})

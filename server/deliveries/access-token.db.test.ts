/** The access token in templates, from the settings to the vendor: put in when a request is sent, and seen nowhere else. */
import { createWebhookReceiver, type WebhookReceiver } from '@sluice/connector-testing/simulator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../test/harness/app.ts'
import { planDelivery } from '../../test/harness/planned-delivery.ts'
import { type Row, seed } from '../../test/harness/seed.ts'
import { formsOfText } from '../../test/privacy/forms.ts'
import { searchBytes, searchTables } from '../../test/privacy/search.ts'

const token = 'canary-token/"+=é-91f3'
const clientSecret = 'canary-client-secret-20ad'
const tried = { answer: 200 }

let app: TestApp
let receiver: WebhookReceiver
beforeAll(async () => {
  app = await createTestApp()
  receiver = await createWebhookReceiver({
    answer: ({ path, text }) =>
      path === '/token'
        ? { body: { data: { token } } }
        : { status: tried.answer, body: { youSent: text, token, url: encodeURIComponent(token) } },
  })
})
afterAll(async () => {
  await receiver.close()
  await app.close()
})

/** Texts of records that look as if they were the token, or what stands for it. */
const rows: readonly Row[] = [
  { id: 1, note: '{{webhook_access_token}}', webhook_access_token: 'a column' },
  { id: 2, note: 'webhook_access_token', webhook_access_token: 'a column' },
  { id: 3, note: '********', webhook_access_token: 'a column' },
]
const templates = [
  {
    ...{ name: 'Body', kind: 'BODY', format: 'JSON' },
    source: '{"id": {{id.toInteger}}, "note": {{note.toJson}}, "key": {{webhook_access_token.toJson}}}',
  },
  { name: 'Auth', kind: 'HEADER', format: 'TEXT', source: 'Custom {{webhook_access_token}}' },
  { name: 'Path', kind: 'URL', format: 'TEXT', source: '/of/{{webhook_access_token}}' },
  { name: 'Query', kind: 'URL_PARAMETERS', format: 'TEXT', source: 'key={{webhook_access_token}}' },
]
const fromTemplate = (parameter: string, template: string, key?: string) => ({
  parameter,
  ...(key === undefined ? {} : { key }),
  from: { kind: 'template', template },
})
const mappings = [
  fromTemplate('body', 'Body'),
  fromTemplate('headers', 'Auth', 'X-Auth'),
  fromTemplate('path', 'Path'),
  fromTemplate('queryText', 'Query'),
  { parameter: 'idempotencyHeader', from: { kind: 'constant', value: 'idempotency-key' } },
]

function prepare(settings: object) {
  return seed(app)
    .workspace()
    .csvSource(rows)
    .segment()
    .connector({ url: `${receiver.url}/hook`, ...settings }, { type: 'webhook' })
    .action(mappings, { type: 'send-batched-custom-data', templates, retryDelaysMs: [1] })
}

const withClient = () => ({
  ...{ authentication: 'client-credentials', clientId: 'client-7', clientSecret, tokenPlace: 'templates' },
  ...{ tokenUrl: `${receiver.url}/token`, accessTokenField: 'data.token' },
})

const sent = () => receiver.received.filter(({ path }) => path.startsWith('/hook/'))

/** A planned delivery of the three rows. */
async function plannedDelivery(settings: object) {
  const { action } = await prepare(settings).publish()
  return planDelivery(app, action, '3')
}

async function expectNoSecret() {
  const forms = [token, clientSecret].flatMap((secret, index) => formsOfText(`secret ${index}`, secret))
  expect(await searchTables(app.databaseUrl, forms)).toEqual([])
  expect(searchBytes(Buffer.from(app.log.join('\n')), forms)).toEqual([])
}

it('arrives wherever a template writes it, the same request in every pass, and is kept nowhere', async () => {
  const { send } = await plannedDelivery(withClient())
  tried.answer = 503
  expect(await send()).toMatchObject({ kind: 'waiting' })
  tried.answer = 200
  expect(await send()).toEqual({ kind: 'over' })
  const [first, second] = sent()
  expect(decodeURIComponent(second?.path ?? '')).toBe(`/hook/of/${token}`)
  expect(second).toMatchObject({
    headers: { 'x-auth': `Custom ${token}` },
    body: rows.map(({ id, note }) => ({ id, note, key: token })),
  })
  expect(second?.query.get('key')).toBe(token)
  expect(second?.headers).not.toHaveProperty('authorization')
  expect(first?.headers['idempotency-key']).toMatch(/./)
  expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key'])
  await expectNoSecret()
})

it('is refused when it is published or tried where the connector makes none', async () => {
  const { action, workspace } = await prepare({ authentication: 'bearer', token: 'canary-key' }).create()
  const issues = ['Body', 'Auth', 'Path', 'Query'].map((name) => ({
    ...{ path: expect.arrayContaining(['templates', name, 'source']), code: 'no_access_token' },
  }))
  const { data } = await app.ask(
    `mutation ($input: PublishVersionInput!) { publishVersion(input: $input) {
      __typename ... on NotPublishable { problems { path code } } } }`,
    { input: { workspaceId: workspace.id, notes: 'test' } },
  )
  expect(data.publishVersion).toMatchObject({ problems: expect.arrayContaining(issues) })
  const tried = await app.ask(
    `query ($id: ID!) { action(id: $id) { dryRun { __typename ... on InvalidInput { issues { path code } } } } }`,
    { id: action.id },
  )
  expect(tried.data.action.dryRun.issues).toEqual(expect.arrayContaining(issues))
})

it('is a mask in a preview, a dry run and a sample, in the answer of the vendor too', async () => {
  const { action } = await prepare(withClient()).create()
  const { data, errors } = await app.ask(
    `query ($id: ID!) { action(id: $id) {
      templates { name draft { problems { code } preview(limit: 1) { ... on TemplatePreview { rows { text } } } } }
      dryRun(limit: 3) { ... on ActionDryRun { requests { url headers body } } }
    } }`,
    { id: action.id },
  )
  expect(errors).toBeUndefined()
  expect(data.action.dryRun.requests).toMatchObject([
    {
      url: `${receiver.url}/hook/of/********?key=********`,
      headers: { 'x-auth': 'Custom ********' },
      body: `[${rows.map(({ id, note }) => `{"id": ${id}, "note": ${JSON.stringify(note)}, "key": "********"}`)}]`,
    },
  ])
  const preview = JSON.stringify(data.action.templates)
  expect(preview).toContain('Custom ********')

  const sample = await app.ask(
    `mutation ($input: SendSampleInput!) { sendSample(input: $input) { __typename
      ... on SentSample { verdict errorCode exchanges { request { url headers body } status answer } } } }`,
    { input: { id: action.id, key: ['1'] } },
  )
  expect(sample.data.sendSample).toMatchObject({ verdict: 'delivered', exchanges: [{ status: 200 }] })
  expect(sent().at(-1)?.body).toEqual([{ id: 1, note: '{{webhook_access_token}}', key: token }])
  const forms = formsOfText('token', token)
  expect(searchBytes(Buffer.from(JSON.stringify([data, sample])), forms)).toEqual([])
  await expectNoSecret()
})

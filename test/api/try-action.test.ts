/** Trying an action before anything depends on it: what it would send, one row sent for real, another type. */
import { type BrazeSimulator, createBrazeSimulator } from '@sluice/connector-braze/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { type Row, seed } from '../harness/seed.ts'

let app: TestApp
let braze: BrazeSimulator
beforeAll(async () => {
  app = await createTestApp()
  braze = await createBrazeSimulator({ apiKey: 'canary-api-key-77ab' })
})
afterAll(async () => {
  await braze.close()
  await app.close()
})

const problems = `
  ... on Problem { code message }
  ... on InvalidInput { issues { path code message } }
`
const rows: readonly Row[] = [
  { id: 1, email: 'ann@example.com', country: 'NL', is_active: true },
  { id: 2, email: 'no address', country: 'BE', is_active: true },
  { id: 3, email: 'cyd@example.com', country: 'NL', is_active: false },
  { id: 4, email: 'dirk@example.com', country: 'DE', is_active: true },
]
const map = (parameter: string, attribute: string, key?: string) => ({
  parameter,
  ...(key === undefined ? {} : { key }),
  from: { kind: 'attribute', attribute },
})
const mappings = [map('externalId', 'id'), map('email', 'email'), map('attributes', 'country', 'home')]
const active = { any: [{ all: [{ attribute: 'is_active', operator: 'isTrue' }] }] }

function prepare(
  settings: object = { endpoint: braze.url, apiKey: braze.apiKey },
  wanted: readonly object[] = mappings,
) {
  return seed(app).workspace().csvSource(rows).segment(active).connector(settings).action(wanted).create()
}

async function dryRun(id: string, limit = 10) {
  const { data, errors } = await app.ask(
    `query ($id: ID!, $limit: Int!) {
      action(id: $id) {
        dryRun(limit: $limit) {
          __typename
          ... on ActionDryRun {
            records { key attributes errorCode parameterPath requests }
            requests { method url headers body }
          }
          ${problems}
        }
      }
    }`,
    { id, limit },
  )
  expect(errors).toBeUndefined()
  return data.action.dryRun
}

async function sendSample(id: string, ...key: readonly string[]) {
  const { data, errors } = await app.ask(
    `mutation ($input: SendSampleInput!) {
      sendSample(input: $input) {
        __typename
        ... on SentSample {
          verdict errorCode parameterPath
          exchanges { request { url headers body } status answer errorCode }
        }
        ${problems}
      }
    }`,
    { input: { id, key } },
  )
  expect(errors).toBeUndefined()
  return data.sendSample
}

async function changeType(input: object) {
  const { data, errors } = await app.ask(
    `mutation ($input: ChangeActionTypeInput!) {
      changeActionType(input: $input) {
        __typename
        ... on ChangedActionType { action { type mappings revision } dropped issues { path code } }
        ${problems}
      }
    }`,
    { input },
  )
  expect(errors).toBeUndefined()
  return data.changeActionType
}

test('a dry run shows the exact requests, the rejections, and no secret', async () => {
  const { action } = await prepare()
  const before = braze.requests
  const run = await dryRun(action.id)
  expect(run.records).toEqual([
    {
      key: ['1'],
      attributes: { is_active: true, id: 1, email: 'ann@example.com', country: 'NL' },
      errorCode: null,
      parameterPath: null,
      requests: [0],
    },
    expect.objectContaining({ key: ['2'], errorCode: 'invalid_email', parameterPath: 'email', requests: [] }),
    expect.objectContaining({ key: ['4'], errorCode: null, requests: [0] }),
  ])
  expect(run.requests).toEqual([
    {
      method: 'POST',
      url: `${braze.url}/users/track`,
      headers: expect.objectContaining({
        authorization: 'Bearer ********',
        'content-type': 'application/json',
      }),
      body: JSON.stringify({
        attributes: [
          { external_id: '1', email: 'ann@example.com', home: 'NL' },
          { external_id: '4', email: 'dirk@example.com', home: 'DE' },
        ],
      }),
    },
  ])
  expect(JSON.stringify(run)).not.toContain(braze.apiKey)
  expect(braze.requests).toBe(before)
})

test('a dry run sends what is known of the action, as the next version would', async () => {
  const metadata = (field: string) => ({
    parameter: 'attributes',
    key: field.replace('.', '_'),
    from: { kind: 'metadata', field },
  })
  const fields = ['action.name', 'version.number', 'time', 'delivery.id']
  const { action } = await prepare(undefined, [map('externalId', 'id'), ...fields.map(metadata)])
  const { requests } = await dryRun(action.id, 1)
  const [sent] = JSON.parse(requests[0].body).attributes
  expect(sent).toMatchObject({
    external_id: '1',
    action_name: expect.stringMatching(/^Action-/),
    version_number: 1,
  })
  expect(Date.parse(sent.time)).toBeLessThanOrEqual(Date.now())
  expect(sent.delivery_id).toMatch(/^[0-9a-f-]{36}$/)
})

test('a dry run takes as many rows as it is asked for', async () => {
  const { action } = await prepare()
  expect((await dryRun(action.id, 1)).records).toHaveLength(1)
  expect(await dryRun(action.id, 101)).toMatchObject({ __typename: 'InvalidInput' })
})

test('a dry run of an action that cannot run says everything that is wrong', async () => {
  const { action, source } = await prepare()
  await app.db.dataSource.updateMany({ where: { id: rowId(source.id) }, data: { columns: [] } })
  const run = await dryRun(action.id)
  expect(run).toMatchObject({ __typename: 'InvalidInput', code: 'invalid_input' })
  expect(run.issues.length).toBeGreaterThanOrEqual(mappings.length)
})

test('one row is sent for real, and its answer shown', async () => {
  const { action } = await prepare()
  expect(await sendSample(action.id, '4')).toEqual({
    __typename: 'SentSample',
    verdict: 'delivered',
    errorCode: null,
    parameterPath: null,
    exchanges: [
      {
        request: {
          url: `${braze.url}/users/track`,
          headers: expect.objectContaining({ authorization: 'Bearer ********' }),
          body: '{"attributes":[{"external_id":"4","email":"dirk@example.com","home":"DE"}]}',
        },
        status: 201,
        answer: expect.stringContaining('"attributes_processed":1'),
        errorCode: null,
      },
    ],
  })
  expect(braze.profile('4')).toMatchObject({ attributes: { home: 'DE' } })
})

test('a vendor that quotes the key does not give it away', async () => {
  const { action } = await prepare({ endpoint: braze.url, apiKey: 'canary-wrong-key-5e1d' })
  const sent = await sendSample(action.id, '1')
  expect(sent).toMatchObject({ verdict: 'setup', exchanges: [{ status: 401 }] })
  expect(sent.exchanges[0].answer).toContain('********')
  expect(JSON.stringify(sent)).not.toContain('canary-wrong-key')
})

test('a sample that gets no answer says why', async () => {
  const { action } = await prepare({ endpoint: 'http://127.0.0.1:9', apiKey: 'x' })
  expect(await sendSample(action.id, '1')).toMatchObject({
    verdict: 'retry',
    exchanges: [{ status: null, answer: null, errorCode: 'connection_failed' }],
  })
})

test.each([
  ['a row that is rejected', '2', { verdict: 'rejected', errorCode: 'invalid_email', exchanges: [] }],
  ['a row outside the segment', '3', { issues: [{ path: ['key'], code: 'row_not_in_segment' }] }],
  ['a row that is not there', '99', { issues: [{ path: ['key'], code: 'unknown_row' }] }],
])('%s is not sent', async (_, key, expected) => {
  const { action } = await prepare()
  const before = braze.requests
  expect(await sendSample(action.id, key)).toMatchObject(expected)
  expect(braze.requests).toBe(before)
})

test('a key names every key column', async () => {
  const { action } = await prepare()
  expect(await sendSample(action.id, '1', '2')).toMatchObject({
    issues: [{ path: ['key'], code: 'invalid_row_key', message: expect.stringContaining('id') }],
  })
})

test('another type keeps the mappings that it has places for, and lists the others', async () => {
  const { action } = await prepare()
  const changed = await changeType({ id: action.id, revision: action.revision, type: 'delete-user' })
  expect(changed).toEqual({
    __typename: 'ChangedActionType',
    action: { type: 'delete-user', mappings: mappings.slice(0, 2), revision: action.revision + 1 },
    dropped: mappings.slice(2),
    issues: [],
  })
})

test('a type that the connector does not have, and an older revision, are refused', async () => {
  const { action } = await prepare()
  const { id, revision } = action
  expect(await changeType({ id, revision, type: 'delete-usr' })).toMatchObject({
    issues: [
      { path: ['type'], code: 'unknown_action_type', message: expect.stringContaining('delete-user') },
    ],
  })
  expect(await changeType({ id, revision: revision - 1, type: 'delete-user' })).toMatchObject({
    code: 'revision_conflict',
  })
})

test('nobody tries an action of a workspace that the token does not cover', async () => {
  const { action } = await prepare()
  const { workspace } = await seed(app).workspace().create()
  const token = await app.tokenFor(rowId(workspace.id))
  const { data } = await app.ask(
    `mutation ($input: SendSampleInput!) { sendSample(input: $input) { __typename } }`,
    { input: { id: action.id, key: ['1'] } },
    token,
  )
  expect(data.sendSample.__typename).toBe('NotFound')
})

/** The row's own id within a global one. */
function rowId(globalId: string): string {
  return globalId.slice(globalId.indexOf('_') + 1)
}

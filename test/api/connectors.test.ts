/** Connectors: secrets go in and never come out, and a connection can be tested before anything depends on it. */
import { type BrazeSimulator, createBrazeSimulator } from '@sluice/connector-braze/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
let braze: BrazeSimulator
beforeAll(async () => {
  app = await createTestApp()
  braze = await createBrazeSimulator({ apiKey: 'canary-api-key-91c3' })
})
afterAll(async () => {
  await braze.close()
  await app.close()
})

const fields = `
  __typename
  ... on Connector { id name type settings secretsSet isInstalled isEnabled revision }
  ... on Problem { code message }
  ... on InvalidInput { issues { path code message } }
`
const conflict =
  '... on RevisionConflict { currentRevision current { ... on Connector { name settings secretsSet } } }'

async function mutate(verb: string, input: object) {
  const type = `${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}Input`
  const { data, errors } = await app.ask(
    `mutation ($input: ${type}!) { ${verb}(input: $input) { ${fields} ${verb === 'createConnector' ? '' : conflict} } }`,
    {
      input,
    },
  )
  expect(errors).toBeUndefined()
  return data[verb]
}

async function testConnection(id: string) {
  const { data, errors } = await app.ask(
    `mutation ($input: TestConnectionInput!) {
      testConnection(input: $input) {
        __typename
        ... on ConnectionTest { ok verdict errorCode message }
        ... on Problem { code message }
      }
    }`,
    { input: { id } },
  )
  expect(errors).toBeUndefined()
  return data.testConnection
}

async function newConnector(settings: object = { endpoint: braze.url, apiKey: braze.apiKey }) {
  const { workspace } = await seed(app).workspace().create()
  return mutate('createConnector', { workspaceId: workspace.id, name: 'Braze', type: 'braze', settings })
}

/** The row as bytes and text, as someone with the database would see it. */
async function storedRow(): Promise<string> {
  const rows = await app.db.$queryRaw<{ row: string; secrets: string }[]>`
    SELECT to_jsonb(connector)::text AS row, encode(secrets, 'escape') AS secrets FROM connector`
  return JSON.stringify(rows)
}

test('a secret goes in and comes out nowhere: not in answers, not in the database, not in the log', async () => {
  const canary = braze.apiKey
  const created = await newConnector()
  expect(created).toEqual({
    __typename: 'Connector',
    id: expect.stringMatching(/^Connector_/),
    name: 'Braze',
    type: 'braze',
    settings: { endpoint: braze.url },
    secretsSet: ['apiKey'],
    isInstalled: true,
    isEnabled: false,
    revision: 1,
  })
  const updated = await mutate('updateConnector', { id: created.id, revision: 1, name: 'Renamed' })
  const stale = await mutate('updateConnector', { id: created.id, revision: 1, name: 'Again' })
  const tested = await testConnection(created.id)
  expect(tested).toMatchObject({ ok: true })
  const wrong = await mutate('updateConnector', {
    id: created.id,
    revision: 2,
    settings: { endpoint: 'not a url', apiKey: canary, apikey: canary },
  })
  expect(wrong.__typename).toBe('InvalidInput')
  expect(JSON.stringify([created, updated, stale, tested, wrong])).not.toContain(canary)
  expect(app.log.join('\n')).not.toContain(canary)

  const stored = await storedRow()
  expect(stored).toContain('Renamed')
  expect(stored).not.toContain(canary)
  expect(stored).not.toContain(Buffer.from(canary).toString('base64'))
  expect(stored).not.toContain(Buffer.from(canary).toString('hex'))
})

test('settings are checked by the form of the type, with suggestions, together with the name', async () => {
  const { workspace } = await seed(app).workspace().create()
  const of = (input: object) => mutate('createConnector', { workspaceId: workspace.id, ...input })
  expect(await of({ name: '', type: 'braze', settings: { endpoint: 'x', apikey: 'k' } })).toMatchObject({
    __typename: 'InvalidInput',
    issues: [
      { path: ['name'], code: 'too_small' },
      { path: ['settings', 'apikey'], code: 'unknown_setting', message: expect.stringContaining('"apiKey"') },
      { path: ['settings', 'endpoint'] },
      { path: ['settings', 'apiKey'] },
    ],
  })
  expect(await of({ name: '', type: 'braise', settings: {} })).toMatchObject({
    issues: [
      { path: ['name'], code: 'too_small' },
      { path: ['type'], code: 'unknown_connector_type', message: expect.stringContaining('"braze"') },
    ],
  })
})

test('a secret that is left out keeps its value, a new one replaces it', async () => {
  const created = await newConnector()
  const edited = await mutate('updateConnector', {
    id: created.id,
    revision: 1,
    settings: { endpoint: braze.url },
  })
  expect(edited).toMatchObject({ revision: 2, secretsSet: ['apiKey'] })
  expect(await testConnection(created.id)).toMatchObject({ ok: true })
  await mutate('updateConnector', {
    id: created.id,
    revision: 2,
    settings: { endpoint: braze.url, apiKey: 'a wrong one' },
  })
  expect(await testConnection(created.id)).toMatchObject({ ok: false, verdict: 'setup' })
  const without = { endpoint: braze.url, apiKey: null }
  expect(await mutate('updateConnector', { id: created.id, revision: 3, settings: without })).toMatchObject({
    issues: [{ path: ['settings', 'apiKey'] }],
  })
})

test('a kept secret is not sent to another address: whoever changes the address gives it again', async () => {
  const created = await newConnector()
  const elsewhere = await createBrazeSimulator({ apiKey: 'another' })
  try {
    const settings = { endpoint: elsewhere.url }
    expect(await mutate('updateConnector', { id: created.id, revision: 1, settings })).toMatchObject({
      __typename: 'InvalidInput',
      issues: [{ path: ['settings', 'apiKey'], code: 'secret_required' }],
    })
    expect(
      await mutate('updateConnector', {
        id: created.id,
        revision: 1,
        settings: { ...settings, apiKey: 'another' },
      }),
    ).toMatchObject({ __typename: 'Connector', settings })
    expect(await testConnection(created.id)).toMatchObject({ ok: true })
    expect(JSON.stringify(elsewhere.log)).not.toContain(braze.apiKey)
  } finally {
    await elsewhere.close()
  }
})

test('a connection test says what is wrong in words', async () => {
  const wrongKey = await newConnector({ endpoint: braze.url, apiKey: 'wrong' })
  expect(await testConnection(wrongKey.id)).toMatchObject({
    __typename: 'ConnectionTest',
    ok: false,
    verdict: 'setup',
    errorCode: 'invalid_api_key',
    message: expect.stringContaining('Braze does not accept these settings'),
  })
  const nobody = await newConnector({ endpoint: 'http://127.0.0.1:9', apiKey: 'k' })
  expect(await testConnection(nobody.id)).toMatchObject({
    ok: false,
    verdict: null,
    errorCode: 'connection_failed',
  })
  expect(await testConnection('Connector_00000000-0000-7000-8000-000000000000')).toMatchObject({
    __typename: 'NotFound',
  })
})

test('switching is an edit of the working copy, and repeating it is no conflict', async () => {
  const created = await newConnector()
  const on = { id: created.id, revision: 1 }
  expect(await mutate('activateConnector', on)).toMatchObject({ isEnabled: true, revision: 2 })
  expect(await mutate('activateConnector', on)).toMatchObject({ isEnabled: true, revision: 2 })
  expect(await mutate('deactivateConnector', { id: created.id, revision: 1 })).toMatchObject({
    __typename: 'RevisionConflict',
    currentRevision: 2,
  })
  expect(await mutate('deactivateConnector', { id: created.id, revision: 2 })).toMatchObject({
    isEnabled: false,
    revision: 3,
  })
})

test('notes stand with a connector, bounded and without what cannot be kept', async () => {
  const { workspace } = await seed(app).workspace().create()
  const settings = { endpoint: braze.url, apiKey: braze.apiKey }
  const input = { workspaceId: workspace.id, name: 'Noted', type: 'braze', settings }
  const created = await mutate('createConnector', { ...input, notes: 'Ask Ann.' })
  const notesOf = async () => {
    const { data } = await app.ask('query ($id: ID!) { connector(id: $id) { notes } }', created)
    return data.connector.notes
  }
  expect(await notesOf()).toBe('Ask Ann.')
  await mutate('updateConnector', { id: created.id, revision: 1, name: 'Renamed' })
  expect(await notesOf()).toBe('Ask Ann.')
  expect(await mutate('updateConnector', { id: created.id, revision: 2, notes: '' })).toMatchObject({
    revision: 3,
  })
  expect(await notesOf()).toBe('')
  expect(await mutate('createConnector', { ...input, name: '', notes: 'x'.repeat(10_001) })).toMatchObject({
    issues: [
      { path: ['name'], code: 'too_small' },
      { path: ['notes'], code: 'too_big' },
    ],
  })
  expect(await mutate('updateConnector', { id: created.id, revision: 3, notes: 'a\0b' })).toMatchObject({
    issues: [{ path: ['notes'], code: 'invalid_text' }],
  })
})

/** A connector copied with its actions: all of it inactive, with its secrets, without what was done at the vendor. */
import { type BrazeSimulator, createBrazeSimulator } from '@sluice/connector-braze/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { mutate } from '../harness/mutate.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
let braze: BrazeSimulator
beforeAll(async () => {
  app = await createTestApp()
  braze = await createBrazeSimulator({ apiKey: 'canary-copied-key-41d7' })
})
afterAll(async () => {
  await braze.close()
  await app.close()
})

const everything = `... on Connector {
  id name type settings secretsSet isEnabled notes labels { name }
  actions {
    name type isEnabled mappings retryForMs startFrom pausedAt
    dataSource { id } segment { id } templates { name kind source } templateVariables { name attribute }
  }
}`

function configured() {
  const templates = [{ name: 'Mail', source: 'Dear {{mail}}' }]
  const templateVariables = [{ name: 'mail', attribute: 'email' }]
  return seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector({ endpoint: braze.url, apiKey: braze.apiKey }, { name: 'Mail', notes: 'Ask Ann.' })
    .action(undefined, { name: 'Welcome', templates, templateVariables, retryForMs: 5000, startFrom: 'NOW' })
    .create()
}

async function read(id: string) {
  const { data, errors } = await app.ask(`query ($id: ID!) { node(id: $id) { ${everything} } }`, { id })
  expect(errors).toBeUndefined()
  return data.node
}

test('the copy is like the original, inactive, with its secrets and its actions', async () => {
  const { connector, workspace } = await configured()
  const label = await mutate(app, 'createLabel', {
    workspaceId: workspace.id,
    name: 'mail',
    colour: '#000000',
  })
  await answerOf(app, 'labelConnectors', { connectorIds: [connector.id], labelIds: [label.id] })
  const original = await read(connector.id)
  const copy = await answerOf(app, 'duplicateConnector', { id: connector.id }, everything)
  expect(copy).toEqual({
    __typename: 'Connector',
    ...original,
    id: expect.not.stringContaining(connector.id),
    name: 'Mail - copy',
    isEnabled: false,
    actions: [{ ...original.actions[0], name: 'Welcome - copy', isEnabled: false }],
  })
  expect(copy).toMatchObject({ notes: 'Ask Ann.', labels: [{ name: 'mail' }], secretsSet: ['apiKey'] })
  expect(JSON.stringify(copy)).not.toContain(braze.apiKey)
  const tested = await answerOf(app, 'testConnection', { id: copy.id }, '... on ConnectionTest { ok }')
  expect(tested).toMatchObject({ ok: true })

  // A second copy finds other names; the record tells what was made.
  const second = await answerOf(app, 'duplicateConnector', { id: connector.id }, everything)
  expect(second).toMatchObject({ name: 'Mail - copy 2', actions: [{ name: 'Welcome - copy 2' }] })
  const entries = await app.db.auditEntry.findMany({
    where: { workspaceId: workspace.id.replace('Workspace_', ''), verb: 'duplicateConnector' },
  })
  expect(entries.map(({ entity }) => entity).toSorted()).toEqual([
    'Action',
    'Action',
    'Connector',
    'Connector',
  ])
})

test('what is copied is changed by itself: the original keeps what it has', async () => {
  const { action, connector } = await configured()
  const copy = await answerOf(
    app,
    'duplicateConnector',
    { id: connector.id, name: 'Mine' },
    '... on Connector { id revision name actions { id revision } }',
  )
  expect(copy.name).toBe('Mine')
  await mutate(app, 'updateConnector', { id: copy.id, revision: copy.revision, notes: 'Mine.' })
  await mutate(app, 'updateAction', { ...copy.actions[0], retryForMs: 1 })
  expect(await read(connector.id)).toMatchObject({ notes: 'Ask Ann.', actions: [{ retryForMs: 5000 }] })
  expect(copy.actions[0].id).not.toBe(action.id)
})

test('a name that is taken, or is none, is refused, and nothing is copied', async () => {
  const { connector, workspace } = await configured()
  const count = () =>
    app.db.connector.count({ where: { workspaceId: workspace.id.replace('Workspace_', '') } })
  expect(await answerOf(app, 'duplicateConnector', { id: connector.id, name: 'Mail' })).toMatchObject({
    __typename: 'NameTaken',
  })
  expect(await answerOf(app, 'duplicateConnector', { id: connector.id, name: ' ' })).toMatchObject({
    issues: [{ path: ['name'], code: 'too_small' }],
  })
  expect(await count()).toBe(1)
})

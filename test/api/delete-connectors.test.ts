/** Connectors deleted in the working copy: what hangs on them is told, or goes too. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { mutate } from '../harness/mutate.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const users = '... on InUse { users { nodeId name } }'
const deleted = '... on Connector { deletedAt }'

function configured() {
  return seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector(undefined, { name: 'Mail' })
    .action(undefined, { name: 'Welcome' })
    .create()
}

async function presentIn(workspaceId: string) {
  const { data } = await app.ask(
    'query ($id: ID!) { workspace(id: $id) { connectors { name } actions { name } } }',
    { id: workspaceId },
  )
  return data.workspace
}

test('a connector with actions stays, with what hangs on it, until they are to go too', async () => {
  const { action, connector, workspace } = await configured()
  expect(await answerOf(app, 'deleteConnector', connector, users)).toMatchObject({
    __typename: 'InUse',
    message: expect.stringContaining('the action "Welcome"'),
    users: [{ nodeId: action.id, name: 'Welcome' }],
  })
  expect(await answerOf(app, 'deleteConnector', { ...connector, withActions: true }, deleted)).toMatchObject({
    deletedAt: expect.any(String),
  })
  expect(await presentIn(workspace.id)).toEqual({ connectors: [], actions: [] })
  const entries = await app.db.auditEntry.findMany({
    where: { workspaceId: workspace.id.replace('Workspace_', ''), verb: 'deleteConnector' },
  })
  expect(entries.map(({ entity }) => entity).toSorted()).toEqual(['Action', 'Connector'])
})

test('what was published brings both back', async () => {
  const { connector, version, workspace } = await seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector(undefined, { name: 'Mail' })
    .action(undefined, { name: 'Welcome' })
    .publish()
  await mutate(app, 'deleteConnector', { ...connector, withActions: true })
  await answerOf(app, 'loadWorkingCopy', { from: version.id })
  expect(await presentIn(workspace.id)).toEqual({
    connectors: [{ name: 'Mail' }],
    actions: [{ name: 'Welcome' }],
  })
})

test('nothing of it goes where the connector was changed meanwhile', async () => {
  const { connector, workspace } = await configured()
  const stale = { id: connector.id, revision: connector.revision - 1, withActions: true }
  expect(await answerOf(app, 'deleteConnector', stale)).toMatchObject({ __typename: 'RevisionConflict' })
  expect(await presentIn(workspace.id)).toMatchObject({ actions: [{ name: 'Welcome' }] })
})

test('several go together, or none of them: each with actions is told by its place', async () => {
  const { connector, workspace } = await configured()
  const empty = await mutate(app, 'createConnector', {
    workspaceId: workspace.id,
    name: 'Empty',
    type: 'braze',
    settings: { endpoint: 'http://127.0.0.1:9', apiKey: 'key' },
  })
  const connectors = [empty, connector].map(({ id, revision }) => ({ id, revision }))
  expect(
    await answerOf(
      app,
      'deleteConnectors',
      { connectors },
      '... on InvalidInput { issues { path code message } }',
    ),
  ).toMatchObject({
    issues: [
      { path: ['connectors', '1'], code: 'in_use', message: expect.stringContaining('the action "Welcome"') },
    ],
  })
  expect((await presentIn(workspace.id)).connectors).toHaveLength(2)
  expect(
    await answerOf(
      app,
      'deleteConnectors',
      { connectors, withActions: true },
      '... on ChangedConnectors { connectors { name deletedAt } }',
    ),
  ).toMatchObject({
    connectors: [
      { name: 'Empty', deletedAt: expect.any(String) },
      { name: 'Mail', deletedAt: expect.any(String) },
    ],
  })
  expect(await presentIn(workspace.id)).toEqual({ connectors: [], actions: [] })
})

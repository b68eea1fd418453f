/** Deleting in the working copy: what hangs on it stands in the way, what runs goes on, and names are free again. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { mutate } from '../harness/mutate.ts'
import { externalId, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const users = '... on InUse { users { nodeId name } }'
const configured = () => seed(app).workspace().csvSource().segment().connector().action()

test('a connector and a data source cannot go before what uses them, which is listed', async () => {
  const made = await configured().create()
  expect(await answerOf(app, 'deleteConnector', made.connector, users)).toMatchObject({
    code: 'in_use',
    users: [{ nodeId: made.action.id }],
  })
  expect(await answerOf(app, 'deleteDataSource', of(made.source), users)).toMatchObject({
    code: 'in_use',
    users: [{ nodeId: made.segment.id }, { nodeId: made.action.id }],
  })
  expect(await answerOf(app, 'deleteAction', { ...made.action, revision: 1 })).toMatchObject({
    code: 'revision_conflict',
  })
  await mutate(app, 'deleteAction', made.action)
  await mutate(app, 'deleteConnector', made.connector)
})

test('what is deleted is in no list, cannot be edited or used, and leaves its name; it can be read by its id', async () => {
  const made = await configured().create()
  const { data } = await app.ask('query ($id: ID!) { action(id: $id) { name } }', made.action)
  await mutate(app, 'deleteAction', made.action)
  const lists = await app.ask(
    `query ($workspace: ID!, $connector: ID!, $action: ID!) {
      workspace(id: $workspace) { actions { id } }
      connector(id: $connector) { actions { id } }
      action(id: $action) { deletedAt }
    }`,
    { workspace: made.workspace.id, connector: made.connector.id, action: made.action.id },
  )
  expect(lists.data).toEqual({
    workspace: { actions: [] },
    connector: { actions: [] },
    action: { deletedAt: expect.any(String) },
  })
  for (const verb of ['updateAction', 'activateAction', 'deleteAction']) {
    expect(await answerOf(app, verb, { ...made.action, revision: 3 })).toMatchObject({
      __typename: 'NotFound',
    })
  }
  const input = {
    workspaceId: made.workspace.id,
    name: data.action.name,
    connectorId: made.connector.id,
    dataSourceId: made.source.id,
    segmentId: made.segment.id,
    type: 'track-user',
    mappings: [externalId],
  }
  await mutate(app, 'createAction', input)
  expect(await answerOf(app, 'createAction', input)).toMatchObject({ code: 'name_taken' })
})

test('an action that is deleted runs until a version without it is published, and can be paused until then', async () => {
  const made = await configured().publish()
  await mutate(app, 'deleteAction', made.action)
  const read = async () =>
    (await app.ask('query ($id: ID!) { action(id: $id) { isLive pausedAt } }', made.action)).data.action
  expect(await read()).toEqual({ isLive: true, pausedAt: null })
  await mutate(app, 'pauseAction', { id: made.action.id })
  expect(await read()).toEqual({ isLive: true, pausedAt: expect.any(String) })
  await mutate(app, 'publishVersion', { workspaceId: made.workspace.id, notes: 'without' })
  expect((await read()).isLive).toBe(false)
})

test('what is deleted cannot be named by something new', async () => {
  const made = await seed(app).workspace().csvSource().segment().connector().create()
  await mutate(app, 'deleteConnector', made.connector)
  const action = {
    workspaceId: made.workspace.id,
    name: 'Late',
    connectorId: made.connector.id,
    dataSourceId: made.source.id,
    segmentId: made.segment.id,
    type: 'track-user',
    mappings: [externalId],
  }
  expect(await answerOf(app, 'createAction', action)).toMatchObject({
    issues: [{ path: ['connectorId'], code: 'unknown_connector' }],
  })
})

/** Without the path. */
function of({ id, revision }: { readonly id: string; readonly revision: number }) {
  return { id, revision }
}

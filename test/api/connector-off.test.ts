/** A connector that is off: its actions keep their own switches, and none of them runs. */
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

const published = () => seed(app).workspace().csvSource().segment().connector().action().publish()

const publish = (workspaceId: string) => mutate(app, 'publishVersion', { workspaceId, notes: 'test' })

async function actionOf(id: string) {
  const { data } = await app.ask(
    'query ($id: ID!) { action(id: $id) { isEnabled isLive status revision segment { flow { isActive } } } }',
    { id },
  )
  return data.action
}

test('it is published with actions that are on: they stop, and go on with it, by their own switches', async () => {
  const { action, connector, segment, workspace } = await published()
  const off = await mutate(app, 'duplicateAction', { id: action.id })
  expect(await actionOf(action.id)).toMatchObject({ isLive: true, status: 'ACTIVE' })

  const deactivated = await mutate(app, 'deactivateConnector', connector)
  // Until the next publish it runs.
  expect(await actionOf(action.id)).toMatchObject({ isLive: true, status: 'ACTIVE' })
  await publish(workspace.id)
  expect(await actionOf(action.id)).toEqual({
    isEnabled: true,
    isLive: false,
    status: 'CONNECTOR_OFF',
    revision: action.revision,
    segment: { flow: { isActive: false } },
  })
  const { data } = await app.ask(
    `query ($id: ID!) { workspace(id: $id) {
      metrics { actions } findSegments(filter: { isActive: true }) { edges { node { id } } }
    } }`,
    workspace,
  )
  expect(data.workspace).toEqual({ metrics: { actions: 0 }, findSegments: { edges: [] } })
  expect(await actionOf(off.id)).toMatchObject({ isEnabled: false, status: 'INACTIVE' })

  await mutate(app, 'activateConnector', deactivated)
  expect(await actionOf(action.id)).toMatchObject({ status: 'NOT_PUBLISHED' })
  await publish(workspace.id)
  expect(await actionOf(action.id)).toMatchObject({
    isLive: true,
    status: 'ACTIVE',
    revision: action.revision,
  })
  expect(await actionOf(off.id)).toMatchObject({ isLive: false, status: 'INACTIVE' })
  expect(segment.id).toMatch(/^Segment_/)
})

test('no action is activated under it, or moved to it while it is on', async () => {
  const { action, connector, workspace } = await published()
  const other = await answerOf(
    app,
    'createConnector',
    {
      ...{ workspaceId: workspace.id, name: 'Other', type: 'braze' },
      settings: { endpoint: 'http://127.0.0.1:9', apiKey: 'x' },
    },
    '... on Connector { id }',
  )
  const { id, revision } = action
  const refused = { __typename: 'ConnectorNotActive', connectorId: other.id }
  const which = '... on ConnectorNotActive { connectorId }'
  expect(await answerOf(app, 'updateAction', { id, revision, connectorId: other.id }, which)).toMatchObject(
    refused,
  )
  await mutate(app, 'deactivateAction', action)
  const moved = await mutate(app, 'updateAction', { id, revision: revision + 1, connectorId: other.id })
  expect(await answerOf(app, 'activateAction', moved, which)).toMatchObject(refused)
  expect(connector.id).not.toBe(other.id)
})

test('one that was created under it is off, and what is wrong with its type stands in nobody’s way', async () => {
  const { action, connector, segment, source, workspace } = await published()
  await mutate(app, 'deactivateConnector', connector)
  await app.db.action.updateMany({ data: { type: 'gone', typeVersion: 1 } })
  const created = await mutate(app, 'createAction', {
    ...{ workspaceId: workspace.id, name: 'New', connectorId: connector.id, dataSourceId: source.id },
    ...{ segmentId: segment.id, type: 'track-user', mappings: [externalId] },
  })
  expect(await publish(workspace.id)).toMatchObject({ number: 2 })
  expect(await actionOf(created.id)).toMatchObject({ isEnabled: false, status: 'INACTIVE' })
  expect(await actionOf(action.id)).toMatchObject({ status: 'CONNECTOR_OFF' })
})

/** Several actions are switched, deleted, paused and labelled together: all of them or none. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { rowIdOf } from '../harness/list-scene.ts'
import { mutate } from '../harness/mutate.ts'
import { externalId, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const fields = '... on ChangedActions { actions { name isEnabled revision pausedAt labels { name } } }'

/** Both active. */
async function two() {
  const made = await seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector()
    .action([externalId], { name: 'A' })
    .create()
  const copy = await mutate(app, 'duplicateAction', { id: made.action.id, name: 'B' })
  const second = await mutate(app, 'activateAction', copy)
  return { ...made, second }
}

const change = (verb: string, input: object) => answerOf(app, verb, input, fields)

async function read(id: string) {
  const { data } = await app.ask(
    'query ($id: ID!) { action(id: $id) { isEnabled revision deletedAt pausedAt } }',
    { id },
  )
  return data.action
}

test('they are deactivated and activated together; what is as wanted is no edit', async () => {
  const { action, second } = await two()
  expect(await change('deactivateActions', { actions: [action, second] })).toMatchObject({
    actions: [
      { name: 'A', isEnabled: false, revision: 3 },
      { name: 'B', isEnabled: false, revision: 3 },
    ],
  })
  await mutate(app, 'activateAction', { ...action, revision: 3 })
  // The first one's revision is an old one, and it is active already.
  expect(await change('activateActions', { actions: [action, { ...second, revision: 3 }] })).toMatchObject({
    actions: [
      { isEnabled: true, revision: 4 },
      { isEnabled: true, revision: 4 },
    ],
  })
})

test('none is changed where one cannot be, and all that is wrong is told', async () => {
  const { action, connector, second } = await two()
  const actions = [
    { id: action.id, revision: 3 },
    { id: second.id, revision: 7 },
  ]
  await change('deactivateActions', { actions: [action, second] })
  await mutate(app, 'deactivateConnector', connector)
  expect(await change('activateActions', { actions })).toMatchObject({
    __typename: 'InvalidInput',
    issues: [
      { path: ['actions', '0'], code: 'connector_not_active' },
      { path: ['actions', '1', 'revision'], code: 'revision_conflict' },
      { path: ['actions', '1'], code: 'connector_not_active' },
    ],
  })
  expect(await change('deleteActions', { actions })).toMatchObject({
    issues: [{ path: ['actions', '1', 'revision'], code: 'revision_conflict' }],
  })
  expect(await read(action.id)).toMatchObject({ isEnabled: false, revision: 3, deletedAt: null })
})

test('they are deleted together, and each is put on record', async () => {
  const { action, second, workspace } = await two()
  await change('deleteActions', { actions: [action, second] })
  expect(await read(action.id)).toMatchObject({ deletedAt: expect.any(String), revision: 3 })
  expect(await read(second.id)).toMatchObject({ deletedAt: expect.any(String) })
  const { data } = await app.ask(
    `query ($id: ID!) { workspace(id: $id) {
      actions { id } auditTrail(filter: { verb: "deleteActions" }) { edges { node { nodeId } } }
    } }`,
    workspace,
  )
  expect(data.workspace.actions).toEqual([])
  const recorded = data.workspace.auditTrail.edges.map(
    (edge: { node: { nodeId: string } }) => edge.node.nodeId,
  )
  expect(recorded.toSorted()).toEqual([action.id, second.id].toSorted())
  expect(await change('deleteActions', { actions: [action, second] })).toMatchObject({
    __typename: 'NotFound',
  })
})

test('with a key it is done once', async () => {
  const { action, second } = await two()
  const ask = () =>
    app.ask(
      `mutation ($actions: [ActionRevisionInput!]!) {
        deactivateActions(input: { actions: $actions }, idempotencyKey: "deactivate-both-once") { __typename }
      }`,
      { actions: [action, second].map(({ id, revision }) => ({ id, revision })) },
    )
  expect((await ask()).data.deactivateActions).toEqual({ __typename: 'ChangedActions' })
  expect((await ask()).data.deactivateActions).toEqual({ __typename: 'AlreadyDone' })
  expect(await read(action.id)).toMatchObject({ revision: 3 })
})

test('they are paused and resumed together, also one that is deleted in the working copy and runs', async () => {
  const { action, second } = await two()
  await mutate(app, 'deleteAction', second)
  const actionIds = [action.id, second.id]
  expect(await change('pauseActions', { actionIds })).toMatchObject({
    actions: [
      { name: 'A', pausedAt: expect.any(String), revision: 2 },
      { name: 'B', pausedAt: expect.any(String), revision: 3 },
    ],
  })
  expect(await change('resumeActions', { actionIds })).toMatchObject({
    actions: [{ pausedAt: null }, { pausedAt: null }],
  })
})

test('resuming several wakes the work of all of them', async () => {
  const made = await seed(app).workspace().csvSource().segment().connector().action().publish()
  const lane = await app.db.lane.findFirstOrThrow({ where: { actionId: rowIdOf(made.action.id) } })
  await change('pauseActions', { actionIds: [made.action.id] })
  const before = app.workflows.calls.length
  await change('resumeActions', { actionIds: [made.action.id] })
  expect(app.workflows.calls.slice(before)).toEqual([
    { verb: 'syncSource', id: rowIdOf(made.source.id) },
    { verb: 'runLane', id: lane.id },
  ])
})

test('labels go on several at once and off again, without an edit; merging carries them along', async () => {
  const { action, second, workspace } = await two()
  const create = (name: string) =>
    mutate(app, 'createLabel', { workspaceId: workspace.id, name, colour: '#000000' })
  const [gold, silver] = [await create('gold'), await create('silver')]
  const actionIds = [action.id, second.id]
  expect(await change('labelActions', { actionIds, labelIds: [gold.id, silver.id] })).toMatchObject({
    actions: [
      { labels: [{ name: 'gold' }, { name: 'silver' }], revision: 2 },
      { labels: [{ name: 'gold' }, { name: 'silver' }], revision: 2 },
    ],
  })
  await change('unlabelActions', { actionIds: [action.id], labelIds: [gold.id] })
  const merged = await answerOf(
    app,
    'mergeLabels',
    { id: gold.id, revision: 1, otherIds: [silver.id] },
    '... on Label { actions { name labels { name } } }',
  )
  expect(merged).toMatchObject({
    actions: [
      { name: 'A', labels: [{ name: 'gold' }] },
      { name: 'B', labels: [{ name: 'gold' }] },
    ],
  })
})

test('actions of another workspace are not there', async () => {
  const [here, there] = [await two(), await two()]
  expect(await change('deleteActions', { actions: [here.action, there.action] })).toMatchObject({
    issues: [{ path: ['actions'], code: 'several_workspaces' }],
  })
  const token = await app.tokenFor(rowIdOf(here.workspace.id))
  expect(await answerOf(app, 'deleteActions', { actions: [there.action] }, '', token)).toMatchObject({
    __typename: 'NotFound',
  })
  expect(await answerOf(app, 'pauseActions', { actionIds: [there.action.id] }, '', token)).toMatchObject({
    __typename: 'NotFound',
  })
  expect(await read(there.action.id)).toMatchObject({ deletedAt: null, pausedAt: null })
})

test('none and more than a hundred are not taken', async () => {
  const { action } = await two()
  expect(await change('deleteActions', { actions: [] })).toMatchObject({ issues: [{ code: 'too_small' }] })
  const many = Array.from({ length: 101 }, () => action)
  expect(await change('deactivateActions', { actions: many })).toMatchObject({
    issues: [{ code: 'too_big' }],
  })
})

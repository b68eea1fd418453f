/** The switches of a whole workspace: stop-all by command, connectors as a setting; both at once, both recorded. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { mutate } from '../harness/mutate.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

async function change(verb: string, input: object) {
  const type = `${verb[0]?.toUpperCase()}${verb.slice(1)}Input`
  const { data, errors } = await app.ask(
    `mutation ($input: ${type}!) {
      ${verb}(input: $input) {
        __typename
        ... on Workspace { connectorsEnabled isStopped haltedAt revision }
        ... on Problem { code }
      }
    }`,
    { input },
  )
  expect(errors).toBeUndefined()
  return data[verb]
}

async function verbsOf(id: string): Promise<readonly string[]> {
  const { data } = await app.ask(
    'query ($id: ID!) { workspace(id: $id) { auditTrail(first: 20) { edges { node { verb } } } } }',
    { id },
  )
  return data.workspace.auditTrail.edges.map(({ node }: { node: { verb: string } }) => node.verb).reverse()
}

test('a new workspace delivers, and is stopped and resumed without an edit', async () => {
  const { workspace } = await seed(app).workspace().create()
  const stopped = await change('stopAll', { id: workspace.id })
  expect(stopped).toMatchObject({ connectorsEnabled: true, isStopped: true, revision: 1 })
  expect(stopped.haltedAt).not.toBeNull()
  expect(await change('stopAll', { id: workspace.id })).toEqual(stopped)
  expect(await change('resumeAll', { id: workspace.id })).toMatchObject({
    isStopped: false,
    haltedAt: null,
    revision: 1,
  })
  expect(await verbsOf(workspace.id)).toEqual(['createWorkspace', 'stopAll', 'resumeAll'])
})

test('while connectors are off, a new segment is refused with a typed error, and other work goes on', async () => {
  const made = await seed(app).workspace().csvSource().segment().create()
  const { id } = made.workspace
  const off = await change('disableConnectors', { id, revision: 1 })
  expect(off).toMatchObject({ connectorsEnabled: false, revision: 2 })
  expect(off.haltedAt).not.toBeNull()
  await expect(mutate(app, 'createSegment', segmentInput(made))).rejects.toThrow('connectors_disabled')
  await mutate(app, 'updateSegment', { id: made.segment.id, revision: 1, name: 'Renamed' })

  expect(await change('enableConnectors', { id, revision: 1 })).toMatchObject({ code: 'revision_conflict' })
  expect(await change('enableConnectors', { id, revision: 2 })).toMatchObject({ haltedAt: null, revision: 3 })
  await mutate(app, 'createSegment', segmentInput(made))
})

function segmentInput({ workspace, source }: { readonly workspace: object; readonly source: object }) {
  const idOf = (entity: object) => 'id' in entity && entity.id
  return { workspaceId: idOf(workspace), name: 'New', dataSourceIds: [idOf(source)], conditions: { any: [] } }
}

test('what was switched off and stopped delivers again only when both are undone', async () => {
  const { workspace } = await seed(app).workspace().create()
  const { id } = workspace
  await change('disableConnectors', { id, revision: 1 })
  const { haltedAt } = await change('stopAll', { id })
  expect(await change('enableConnectors', { id, revision: 2 })).toMatchObject({ isStopped: true, haltedAt })
  expect(await change('resumeAll', { id })).toMatchObject({ connectorsEnabled: true, haltedAt: null })
})

test('resuming wakes the sources, lanes and open deliveries of the workspace', async () => {
  const made = await seed(app).workspace().csvSource().segment().connector().action().publish()
  const { id } = made.workspace
  await change('stopAll', { id })
  const before = app.workflows.calls.length
  await change('resumeAll', { id })
  expect(app.workflows.calls.slice(before).map(({ verb }) => verb)).toEqual(['syncSource', 'runLane'])
})

test('the hours in which an item is retried stand still meanwhile, and are not counted twice', async () => {
  const made = await seed(app).workspace().csvSource().segment().connector().action().publish()
  const lane = await app.db.lane.findFirstOrThrow({
    where: { action: { name: { not: '' } } },
    orderBy: { createdAt: 'desc' },
  })
  const { actionId, workspaceId } = lane
  const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000)
  const delivery = await app.db.delivery.create({
    data: {
      ...{ workspaceId, actionId, laneId: lane.id },
      ...{ sequence: 1, versionNumber: 1, pluginVersion: '1', until: new Uint8Array([1]) },
    },
  })
  const { id } = await app.db.deliveryException.create({
    data: {
      ...{ workspaceId, deliveryId: delivery.id, laneId: lane.id, laneSequence: 1, slice: 0, ordinal: 0 },
      ...{ position: new Uint8Array([1]), state: 'WAITING', reporter: 'VENDOR', code: 'http_500' },
      firstAt: at(60),
    },
  })
  const minutesTried = async () => {
    const { firstAt } = await app.db.deliveryException.findUniqueOrThrow({ where: { id } })
    return Math.round((Date.now() - (firstAt?.getTime() ?? 0)) / 60_000)
  }
  // Stopped half an hour ago; the action by itself ten minutes later.
  await change('stopAll', { id: made.workspace.id })
  await app.db.workspace.update({ where: { id: workspaceId }, data: { haltedAt: at(30) } })
  await mutate(app, 'pauseAction', { id: made.action.id })
  await app.db.action.update({ where: { id: actionId }, data: { pausedAt: at(20) } })
  await change('resumeAll', { id: made.workspace.id })
  expect(await minutesTried()).toBe(50)
  await mutate(app, 'resumeAction', { id: made.action.id })
  expect(await minutesTried()).toBe(30)
})

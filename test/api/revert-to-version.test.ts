/** Reverting: an old version is published again as a new one, if all of it can still run. */
import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownerAccess } from '../../server/access/rules.ts'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import { createRegistry } from '../../server/registry/registry.ts'
import { revertToVersion } from '../../server/versions/revert-to-version.ts'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { mutate } from '../harness/mutate.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const row = (globalId: string) => decodeGlobalId(globalId).id
const version = `
  ... on Version { id number notes isLive documents { entityId hash } }
  ... on NotPublishable { problems { nodeId path code } }
`
const revert = (id: string, more: object = {}) => answerOf(app, 'revertToVersion', { id, ...more }, version)

async function read(id: string) {
  const { data } = await app.ask(
    `query ($id: ID!) {
      workspace(id: $id) {
        changes { name }
        liveVersion { number documents { entityId hash } }
        segments { id name }
        drafts { edges { node { id name } } }
      }
    }`,
    { id },
  )
  return data.workspace
}

const configured = () => seed(app).workspace().csvSource().segment().connector().action()

test('however old, it runs again under a new number, with notes that name it; the working copy is a draft before', async () => {
  const made = await configured().publish()
  const { id } = made.workspace
  const first = (await read(id)).liveVersion
  for (const [index, name] of ['Second', 'Third'].entries()) {
    await mutate(app, 'updateSegment', { id: made.segment.id, revision: index + 1, name })
    await mutate(app, 'publishVersion', { workspaceId: id, notes: name })
  }
  await mutate(app, 'updateSegment', { id: made.segment.id, revision: 3, name: 'Not published' })

  expect(await revert(made.version.id, { notes: 'It sent too much.' })).toMatchObject({
    number: 4,
    notes: 'Reverted to version 1. It sent too much.',
    isLive: true,
    documents: first.documents,
  })
  const after = await read(id)
  expect(after).toMatchObject({
    changes: [],
    liveVersion: { number: 4 },
    drafts: { edges: [{ node: { name: 'Before reverting to version 1' } }] },
  })
  await answerOf(app, 'loadWorkingCopy', { from: after.drafts.edges[0].node.id })
  expect((await read(id)).segments).toEqual([{ id: made.segment.id, name: 'Not published' }])
})

test('what was deleted and published so runs again, from where it stopped', async () => {
  const made = await configured().publish()
  const lane = { actionId: row(made.action.id) }
  await app.db.lane.updateMany({ where: lane, data: { position: new Uint8Array([7]), sequence: 3 } })
  await mutate(app, 'deleteAction', { id: made.action.id, revision: 2 })
  await mutate(app, 'publishVersion', { workspaceId: made.workspace.id, notes: 'without' })
  const before = app.workflows.calls.length
  expect(await revert(made.version.id)).toMatchObject({ number: 3 })
  expect(app.workflows.calls.slice(before)).toEqual([{ verb: 'syncSource', id: row(made.source.id) }])
  expect(await app.db.lane.findMany({ where: lane })).toMatchObject([{ sequence: 3 }])
})

test('what cannot run any more is told in full, and nothing is changed', async () => {
  const made = await configured().publish()
  await mutate(app, 'deleteAction', { id: made.action.id, revision: 2 })
  await mutate(app, 'publishVersion', { workspaceId: made.workspace.id, notes: 'without' })
  await rm(made.source.path)
  const before = await read(made.workspace.id)
  expect(await revert(made.version.id)).toMatchObject({
    problems: [{ nodeId: made.source.id, path: ['connectionId'], code: 'not_found' }],
  })
  const registry = createRegistry({ connectors: [], sources: [], unavailable: [] })
  const context = { db: app.db, access: ownerAccess, deps: { ...app.deps, registry } }
  await expect(revertToVersion(context, { id: row(made.version.id) })).rejects.toMatchObject({
    problems: expect.arrayContaining([
      expect.objectContaining({ entity: 'Connector', code: 'connector_type_missing' }),
    ]),
  })
  expect(await read(made.workspace.id)).toEqual(before)
})

test('a key that has changed while the source was deleted stands in the way of its positions', async () => {
  const made = await configured().publish()
  const { id: workspaceId } = made.workspace
  const { id: other } = await mutate(app, 'createDataSource', {
    workspaceId,
    name: 'Other',
    connectionId: made.source.connectionId,
    keyColumns: ['id'],
    cursorMode: 'INCREMENTING',
    incrementColumn: 'id',
  })
  await mutate(app, 'deleteAction', { id: made.action.id, revision: 2 })
  await mutate(app, 'updateSegment', { id: made.segment.id, revision: 1, dataSourceIds: [other] })
  await mutate(app, 'deleteDataSource', { id: made.source.id, revision: 1 })
  await mutate(app, 'publishVersion', { workspaceId, notes: 'without the source' })
  await answerOf(app, 'loadWorkingCopy', { from: made.version.id })
  const { data } = await app.ask(
    'query ($id: ID!) { dataSource(id: $id) { revision deletedAt } }',
    made.source,
  )
  expect(data.dataSource.deletedAt).toBeNull()
  const { revision } = data.dataSource
  await mutate(app, 'updateDataSource', { id: made.source.id, revision, keyColumns: ['id', 'email'] })
  expect(await answerOf(app, 'publishVersion', { workspaceId, notes: 'other keys' }, version)).toMatchObject({
    problems: [{ nodeId: made.source.id, path: ['keyColumns'], code: 'cursor_changed' }],
  })
})

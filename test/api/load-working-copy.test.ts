/** Loading a version or a draft: the working copy is put aside, then becomes what was kept, with ids, secrets and places as they are. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { asWrittenBefore } from '../harness/as-written-before.ts'
import { mutate } from '../harness/mutate.ts'
import { externalId, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const row = (globalId: string) => decodeGlobalId(globalId).id
const loaded = '... on LoadedWorkingCopy { workspace { id } draft { id name createdBy } }'

const load = (from: string) => answerOf(app, 'loadWorkingCopy', { from }, loaded)

async function read(id: string) {
  const { data, errors } = await app.ask(
    `query ($id: ID!) {
      workspace(id: $id) {
        changes { name change }
        dataSources { id name revision }
        segments { id name revision dataSources { id } }
        connectors { id name revision isEnabled secretsSet }
        actions { id name revision isEnabled pausedAt templates { id name source revision } }
        drafts { edges { node { id name } } }
      }
    }`,
    { id },
  )
  expect(errors).toBeUndefined()
  return data.workspace
}

function configured() {
  const templates = [{ name: 'Mail', source: '{{email}}' }]
  return seed(app).workspace().csvSource().segment().connector().action([externalId], { templates })
}

test('what was deleted comes back with its id, what came since goes, what was edited is as it was', async () => {
  const made = await configured().publish()
  const before = await read(made.workspace.id)
  await app.db.action.updateMany({
    where: { id: row(made.action.id) },
    data: { pausedAt: new Date(), pauseReason: 'command' },
  })
  const lane = { actionId: row(made.action.id) }
  await app.db.lane.updateMany({ where: lane, data: { position: new Uint8Array([7]), sequence: 3 } })
  await mutate(app, 'updateTemplate', {
    id: before.actions[0].templates[0].id,
    revision: 1,
    source: 'Changed',
  })
  await mutate(app, 'deleteAction', { id: made.action.id, revision: 2 })
  await mutate(app, 'deleteConnector', { id: made.connector.id, revision: 2 })
  await mutate(app, 'updateSegment', { id: made.segment.id, revision: 1, name: 'Renamed' })
  const added = await mutate(app, 'createSegment', {
    workspaceId: made.workspace.id,
    name: 'Added',
    dataSourceIds: [made.source.id],
    conditions: { any: [] },
  })
  expect((await read(made.workspace.id)).actions).toEqual([])

  const answer = await load(made.version.id)
  expect(answer).toMatchObject({ draft: { name: 'Before loading version 1', createdBy: 'owner' } })
  const after = await read(made.workspace.id)
  expect(after.changes).toEqual([])
  expect(withoutRevisions(after)).toEqual({
    ...withoutRevisions(before),
    actions: [{ ...withoutRevisions(before).actions[0], pausedAt: expect.any(String) }],
    drafts: { edges: [{ node: { id: answer.draft.id, name: 'Before loading version 1' } }] },
  })
  expect(after.connectors[0].secretsSet).toEqual(['apiKey'])
  expect(await app.db.lane.findMany({ where: lane })).toMatchObject([
    { position: new Uint8Array([7]), sequence: 3 },
  ])

  // And the draft brings all of it back.
  expect(await load(answer.draft.id)).toMatchObject({
    draft: { name: `Before loading "Before loading version 1"` },
  })
  const again = await read(made.workspace.id)
  expect(again.changes).toEqual([
    { name: 'Added', change: 'CREATED' },
    { name: 'Renamed', change: 'UPDATED' },
    { name: before.connectors[0].name, change: 'DELETED' },
    { name: before.actions[0].name, change: 'DELETED' },
  ])
  expect(again.segments.map(({ id }: { id: string }) => id)).toEqual([added.id, made.segment.id])
})

test('an edit of what loading has changed meets a conflict; what it left alone can be edited as it was read', async () => {
  const made = await configured().publish()
  await mutate(app, 'updateSegment', { id: made.segment.id, revision: 1, name: 'Renamed' })
  await load(made.version.id)
  expect(await answerOf(app, 'updateSegment', { id: made.segment.id, revision: 2, name: 'x' })).toMatchObject(
    {
      code: 'revision_conflict',
    },
  )
  await mutate(app, 'updateConnector', { id: made.connector.id, revision: 2, name: 'Renamed too' })
})

test('names that were swapped since are swapped back', async () => {
  const made = await configured().publish()
  const other = await mutate(app, 'createSegment', {
    workspaceId: made.workspace.id,
    name: 'Other',
    dataSourceIds: [made.source.id],
    conditions: { any: [] },
  })
  const { segments } = await read(made.workspace.id)
  const own = segments.find(({ id }: { id: string }) => id === made.segment.id)
  const version = await mutate(app, 'publishVersion', { workspaceId: made.workspace.id, notes: 'both' })
  await mutate(app, 'updateSegment', { id: made.segment.id, revision: 1, name: 'Passing' })
  await mutate(app, 'updateSegment', { id: other.id, revision: 1, name: own.name })
  await mutate(app, 'updateSegment', { id: made.segment.id, revision: 2, name: 'Other' })
  await load(version.id)
  const names = (await read(made.workspace.id)).segments
  expect(names).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: made.segment.id, name: own.name }),
      expect.objectContaining({ id: other.id, name: 'Other' }),
    ]),
  )
})

test('a version that an older Sluice wrote loads: segments keep their sources, templates their ids', async () => {
  const made = await configured().publish()
  const before = await read(made.workspace.id)
  await asWrittenBefore(app, made.version.id)
  await mutate(app, 'updateTemplate', {
    id: before.actions[0].templates[0].id,
    revision: 1,
    source: 'Changed',
  })
  await mutate(app, 'updateSegment', { id: made.segment.id, revision: 1, name: 'Renamed' })
  await load(made.version.id)
  const after = await read(made.workspace.id)
  expect(withoutRevisions(after)).toMatchObject({
    segments: withoutRevisions(before).segments,
    actions: withoutRevisions(before).actions,
    changes: [],
  })
})

test('drafts are saved by name, listed and deleted; a foreign one is not there', async () => {
  const made = await configured().create()
  const input = { workspaceId: made.workspace.id, name: 'Spring' }
  const draft = await answerOf(app, 'saveDraft', input, '... on Draft { id name createdAt workspace { id } }')
  expect(draft).toMatchObject({ name: 'Spring', workspace: { id: made.workspace.id } })
  expect((await read(made.workspace.id)).drafts.edges).toEqual([{ node: { id: draft.id, name: 'Spring' } }])
  expect(await answerOf(app, 'deleteDraft', { id: draft.id }, '... on Workspace { id }')).toMatchObject({
    id: made.workspace.id,
  })
  expect((await read(made.workspace.id)).drafts.edges).toEqual([])
  expect(await load(draft.id)).toMatchObject({ __typename: 'NotFound' })
  expect(await load(made.action.id)).toMatchObject({ issues: [{ path: ['from'], code: 'bad_id' }] })
})

test('of the drafts that loading puts aside the newest 50 stay, and those that somebody saved or keeps', async () => {
  const made = await configured().publish()
  const { workspace, version } = made
  const saved = await answerOf(
    app,
    'saveDraft',
    { workspaceId: workspace.id },
    '... on Draft { id isAutomatic }',
  )
  expect(saved).toMatchObject({ isAutomatic: false })
  const ids: string[] = []
  for (let time = 0; time < 53; time += 1) {
    ids.push((await load(version.id)).draft.id)
    if (time > 1) continue
    const kept = await answerOf(
      app,
      'keepDraft',
      { id: ids[time], ...(time === 1 && { name: 'Good' }) },
      '... on Draft { name isAutomatic }',
    )
    expect(kept).toMatchObject({ name: ['Before loading version 1', 'Good'][time], isAutomatic: false })
  }
  const left = await app.db.draft.findMany({ where: { workspaceId: row(workspace.id) } })
  expect(left.map(({ id }) => id).sort()).toEqual(
    [saved.id, ...ids.slice(0, 2), ...ids.slice(3)].map(row).sort(),
  )
  expect(await load(String(ids[2]))).toMatchObject({ __typename: 'NotFound' })
  expect(await answerOf(app, 'keepDraft', { id: ids[2] })).toMatchObject({ __typename: 'NotFound' })
})

// biome-ignore lint/suspicious/noExplicitAny: the shape is the document's
function withoutRevisions(workspace: any): any {
  return JSON.parse(JSON.stringify(workspace, (name, value) => (name === 'revision' ? undefined : value)))
}

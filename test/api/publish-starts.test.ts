/** Where a publish lets its actions start: shown before, said with it, and asked for where the cursor has changed. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseGlobalId } from '../../server/graphql/global-id.ts'
import { openPosition } from '../../server/sources/sealed-position.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { defaultRows, type Seeded, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const rowOf = (globalId: string) => parseGlobalId(globalId)?.id ?? ''
const rows = defaultRows.map((row, index) => ({ ...row, seen: `2026-01-0${index + 1} 06:00:00` }))
const configured = () => seed(app).workspace().csvSource(rows).segment().connector().action()

async function change(verb: string, input: object) {
  const type = `${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}Input`
  const { data, errors } = await app.ask(
    `mutation ($input: ${type}!) { ${verb}(input: $input) {
      __typename ... on Problem { code message } ... on InvalidInput { issues { path code } }
      ${verb === 'publishVersion' ? '... on NotPublishable { problems { nodeId path code } }' : ''}
    } }`,
    { input },
  )
  expect(errors).toBeUndefined()
  return data[verb]
}

async function preview(workspace: Seeded, starts: readonly object[] = []) {
  const { data, errors } = await app.ask(
    `query ($id: ID!, $starts: [LaneStartInput!]) { workspace(id: $id) { publishPreview(starts: $starts) {
      action { id } reason from needsStart preview { ... on StartPreview { count } ... on Problem { code } } } } }`,
    { id: workspace.id, starts },
  )
  expect(errors).toBeUndefined()
  return data.workspace.publishPreview
}

async function positionOf(action: Seeded) {
  const { position, workspaceId } = await app.db.lane.findFirstOrThrow({
    where: { actionId: rowOf(action.id) },
  })
  return position === null ? null : openPosition(await app.deps.workspaceKeys.of(workspaceId), position)
}

test('a new action is shown with what it would read, and starts where the publish says', async () => {
  const { action, workspace } = await configured().create()
  expect(await preview(workspace)).toEqual([
    { action: { id: action.id }, reason: 'NEW', from: 'BEGINNING', needsStart: false, preview: { count: 3 } },
  ])
  const starts = [{ actionId: action.id, from: 'AFTER', value: '1' }]
  expect(await preview(workspace, starts)).toMatchObject([{ from: 'AFTER', preview: { count: 2 } }])
  expect(await change('publishVersion', { workspaceId: workspace.id, notes: 'first', starts })).toMatchObject(
    {
      __typename: 'Version',
    },
  )
  expect(await positionOf(action)).toEqual(['1'])
  expect(await preview(workspace)).toEqual([])
})

test('an action whose segment grows goes on from its place unless somebody says otherwise', async () => {
  const nl = { any: [{ all: [{ attribute: 'country', operator: 'equals', value: 'NL' }] }] }
  const made = await seed(app)
    .workspace()
    .csvSource(rows)
    .segment(nl)
    .connector()
    .action(undefined, { startFrom: 'NOW' })
    .publish()
  const { action, segment, workspace } = made
  const { id, revision } = segment
  await change('updateSegment', { id, revision, conditions: { any: [] } })
  expect(await preview(workspace)).toEqual([
    {
      ...{ action: { id: action.id }, reason: 'SEGMENT_CHANGED', from: null, needsStart: false },
      preview: { count: 3 },
    },
  ])
  const starts = [{ actionId: action.id, from: 'BEGINNING' }]
  const publish = () => change('publishVersion', { workspaceId: workspace.id, notes: 'wider', starts })
  expect(await publish()).toMatchObject({ code: 'still_running' })
  expect(await positionOf(action)).toEqual(['3'])
  await change('pauseAction', { id: action.id })
  expect(await publish()).toMatchObject({ __typename: 'Version' })
  expect(await positionOf(action)).toBeNull()
})

test('a changed cursor is published only with where to start by it, and nothing of the old one stays', async () => {
  const { action, source, workspace } = await configured().publish()
  const { dataSourceId, workspaceId } = await app.db.lane.findFirstOrThrow({
    where: { actionId: rowOf(action.id) },
  })
  const key = await app.deps.workspaceKeys.of(workspaceId)
  const bound = key.seal('position', JSON.stringify(['3']))
  await app.db.sourceProgress.create({ data: { dataSourceId, workspaceId, bound, sequence: 4 } })
  const { id, revision } = source
  const byTime = { cursorMode: 'TIMESTAMP', timestampColumn: 'seen', incrementColumn: null }
  expect(await change('updateDataSource', { id, revision, ...byTime })).toMatchObject({
    __typename: 'DataSource',
  })
  expect(await preview(workspace)).toMatchObject([{ reason: 'CURSOR_CHANGED', needsStart: true }])
  const publish = (starts: readonly object[]) =>
    change('publishVersion', { workspaceId: workspace.id, notes: 'by time', starts })
  expect(await publish([])).toMatchObject({
    problems: [{ nodeId: source.id, path: ['keyColumns'], code: 'cursor_changed' }],
  })
  await change('pauseAction', { id: action.id })
  const bad = [{ dataSourceId: source.id, from: 'AFTER', value: '2999-01-01' }]
  expect(await publish(bad)).toMatchObject({ problems: [{ code: 'start_not_past' }] })

  expect(
    await publish([{ dataSourceId: source.id, from: 'AFTER', value: '2026-01-01 06:00:00' }]),
  ).toMatchObject({ __typename: 'Version' })
  expect(await positionOf(action)).toEqual(['2026-01-01 06:00:00'])
  expect(await app.db.sourceProgress.findUniqueOrThrow({ where: { dataSourceId } })).toMatchObject({
    bound: null,
    sequence: 5,
  })
})

test('a start of what is not published is refused', async () => {
  const { action, workspace } = await configured().publish()
  const { revision } = await app.db.action.findUniqueOrThrow({ where: { id: rowOf(action.id) } })
  await change('deactivateAction', { id: action.id, revision })
  const other = await seed(app).workspace().csvSource().create()
  const starts = [{ dataSourceId: other.source.id, from: 'BEGINNING' }]
  expect(await change('publishVersion', { workspaceId: workspace.id, notes: 'x', starts })).toMatchObject({
    problems: [{ nodeId: other.source.id, code: 'no_such_start' }],
  })
})

/** Where reading starts is seen before it is set, and set only while nothing is sent. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Lane } from '../../prisma/generated/client/client.ts'
import { createCompiledLanes } from '../../server/deliveries/compiled-lanes.ts'
import { createPlanDelivery } from '../../server/deliveries/plan-delivery.ts'
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

async function change(verb: string, input: object) {
  const type = `${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}Input`
  const { data, errors } = await app.ask(
    `mutation ($input: ${type}!) { ${verb}(input: $input) {
      __typename ... on Problem { code message } ... on InvalidInput { issues { path code } }
      ${verb === 'setProcessingStart' ? '... on ProcessingStart { actions { id } } ... on StillRunning { actionIds }' : ''}
    } }`,
    { input },
  )
  expect(errors).toBeUndefined()
  return data[verb]
}
const set = (input: object) => change('setProcessingStart', input)

async function preview(type: 'DataSource' | 'Action', id: string, start: object) {
  const { data, errors } = await app.ask(
    `query ($id: ID!, $start: ProcessingStartInput!) { node(id: $id) { ... on ${type} { startPreview(start: $start) {
      ... on StartPreview { rows count isComplete }
      ... on InvalidInput { code issues { path code message } } ... on Problem { code } } } } }`,
    { id, start },
  )
  expect(errors).toBeUndefined()
  return data.node.startPreview
}

async function laneOf(action: Seeded): Promise<Lane> {
  return app.db.lane.findFirstOrThrow({ where: { actionId: rowOf(action.id) } })
}

async function positionOf(action: Seeded) {
  const { position, workspaceId } = await laneOf(action)
  return position === null ? null : openPosition(await app.deps.workspaceKeys.of(workspaceId), position)
}

describe('by an id', () => {
  let made: Awaited<ReturnType<typeof published>>
  const published = () => seed(app).workspace().csvSource().segment().connector().action().publish()
  beforeEach(async () => {
    made = await published()
  })

  test('the rows after it are shown and counted, and the value itself is not among them', async () => {
    expect(await preview('DataSource', made.source.id, { from: 'AFTER', value: '1' })).toMatchObject({
      rows: [{ id: 2 }, { id: 3 }],
      count: 2,
      isComplete: true,
    })
    expect(await preview('DataSource', made.source.id, { from: 'BEGINNING' })).toMatchObject({ count: 3 })
    expect(await preview('DataSource', made.source.id, { from: 'NOW' })).toMatchObject({ rows: [], count: 0 })
  })

  test('an action that is paused reads on from there, and rows before it are sent again', async () => {
    await change('pauseAction', { id: made.action.id })
    expect(await set({ actionId: made.action.id, from: 'NOW' })).toMatchObject({
      actions: [{ id: made.action.id }],
    })
    expect(await positionOf(made.action)).toEqual(['3'])
    await set({ actionId: made.action.id, from: 'AFTER', value: '1' })
    expect(await positionOf(made.action)).toEqual(['1'])
    await set({ dataSourceId: made.source.id, from: 'BEGINNING' })
    expect(await positionOf(made.action)).toBeNull()
    expect((await laneOf(made.action)).starts).toBe(3)
  })

  test.each([
    ['a value that is no number', { from: 'AFTER', value: 'ann' }, 'value unfit_cursor_value'],
    ['a negative one', { from: 'AFTER', value: '-1' }, 'value unfit_cursor_value'],
    ['no value', { from: 'AFTER' }, 'value required'],
    ['a value beside another start', { from: 'NOW', value: '1' }, 'value not_applicable'],
  ])('%s is refused, in a preview as well', async (_, start, issue) => {
    await change('pauseAction', { id: made.action.id })
    const told = [
      await set({ actionId: made.action.id, ...start }),
      await preview('DataSource', made.source.id, start),
    ]
    for (const { issues } of told) {
      expect(issues.map((each: { path: string[]; code: string }) => `${each.path} ${each.code}`)).toEqual([
        issue,
      ])
    }
    expect(JSON.stringify(told)).not.toContain('ann')
    expect((await laneOf(made.action)).starts).toBe(0)
  })

  test('it needs exactly one thing to start there', async () => {
    const both = { actionId: made.action.id, dataSourceId: made.source.id, from: 'NOW' }
    expect(await set({ from: 'NOW' })).toMatchObject({ code: 'invalid_input' })
    expect(await set(both)).toMatchObject({ code: 'invalid_input' })
  })

  test('what runs is refused by name, and so is what still sends', async () => {
    expect(await set({ dataSourceId: made.source.id, from: 'NOW' })).toMatchObject({
      __typename: 'StillRunning',
      code: 'still_running',
      actionIds: [made.action.id],
    })
    await change('pauseAction', { id: made.action.id })
    const { actionId, id: laneId, workspaceId } = await laneOf(made.action)
    const delivery = { workspaceId, laneId, actionId, sequence: 1, versionNumber: 1, pluginVersion: '1' }
    await app.db.delivery.create({ data: { ...delivery, until: new Uint8Array([1]), state: 'RUNNING' } })
    expect(await set({ actionId: made.action.id, from: 'NOW' })).toMatchObject({ code: 'still_running' })
    await app.db.delivery.updateMany({ where: { laneId }, data: { state: 'PAUSED' } })
    expect(await set({ actionId: made.action.id, from: 'NOW' })).toMatchObject({
      __typename: 'ProcessingStart',
    })
  })

  test('a source that is switched off needs no pause', async () => {
    const { id, revision } = made.source
    await change('updateDataSource', { id, revision, isEnabled: false })
    expect(await set({ dataSourceId: id, from: 'NOW' })).toMatchObject({ code: 'still_running' })
    await change('publishVersion', { workspaceId: made.workspace.id, notes: 'off' })
    expect(await set({ dataSourceId: id, from: 'NOW' })).toMatchObject({ __typename: 'ProcessingStart' })
  })

  test('a plan that began before is not written over it', async () => {
    const { dataSourceId, id: laneId, workspaceId } = await laneOf(made.action)
    const key = await app.deps.workspaceKeys.of(workspaceId)
    const bound = key.seal('position', JSON.stringify(['3']))
    await app.db.sourceProgress.create({ data: { dataSourceId, workspaceId, bound } })
    const compiledLanes = createCompiledLanes({ db: app.db, registry: app.deps.registry })
    const plan = createPlanDelivery({
      ...{ ...app.deps, db: app.db, compiledLanes },
      async connectSource(source) {
        // While the source is asked.
        await change('pauseAction', { id: made.action.id })
        await set({ actionId: made.action.id, from: 'AFTER', value: '2' })
        return app.deps.connectSource(source)
      },
    })
    expect(await plan(laneId)).toEqual({ kind: 'again' })
    expect(await positionOf(made.action)).toEqual(['2'])
    expect(await app.db.delivery.count({ where: { laneId } })).toBe(0)
  })

  test('it is on the record', async () => {
    await change('pauseAction', { id: made.action.id })
    await set({ actionId: made.action.id, from: 'NOW' })
    const entityId = rowOf(made.action.id)
    expect(await app.db.auditEntry.count({ where: { verb: 'setProcessingStart', entityId } })).toBe(1)
  })
})

describe('by a time', () => {
  const rows = defaultRows.map((row, index) => ({ ...row, seen: `2026-01-0${index + 1} 06:00:00` }))
  const timed = { cursorMode: 'TIMESTAMP', timestampColumn: 'seen', incrementColumn: null }
  const published = () =>
    seed(app).workspace().csvSource(rows, timed).segment().connector().action().publish()

  test('it has to be past, and a time', async () => {
    const { source } = await published()
    const told = (value: string) => preview('DataSource', source.id, { from: 'AFTER', value })
    expect(await told('2026-01-01 06:00:00')).toMatchObject({ count: 2 })
    expect(await told('2026-01-02')).toMatchObject({ count: 2 })
    expect(await told('2999-01-01')).toMatchObject({ issues: [{ path: ['value'], code: 'start_not_past' }] })
    expect(await told('yesterday')).toMatchObject({ issues: [{ code: 'unfit_cursor_value' }] })
  })

  test('it is kept sealed, as the source writes it', async () => {
    const { action } = await published()
    await change('pauseAction', { id: action.id })
    await set({ actionId: action.id, from: 'AFTER', value: '2026-01-02' })
    expect(await positionOf(action)).toEqual(['2026-01-02 00:00:00'])
    const [row] = await app.db.$queryRaw<{ readonly all: string }[]>`
      SELECT encode(position, 'escape') AS all FROM lane WHERE action_id = ${rowOf(action.id)}::uuid`
    expect(row?.all).not.toContain('2026-01-02')
  })
})

test('an action is shown what meets its segment', async () => {
  const conditions = { any: [{ all: [{ attribute: 'country', operator: 'equals', value: 'NL' }] }] }
  const made = seed(app).workspace().csvSource().segment(conditions).connector().action()
  const { action } = await made.create()
  expect(await preview('Action', action.id, { from: 'AFTER', value: '1' })).toMatchObject({
    rows: [{ id: 3, country: 'NL' }],
    count: 1,
    isComplete: true,
  })
})

test('a source that is read whole has no other start', async () => {
  const fields = { cursorMode: 'FULL_RESYNC', schedule: { kind: 'HOURLY' } }
  const made = await seed(app)
    .workspace()
    .csvSource(defaultRows, fields)
    .segment()
    .connector()
    .action()
    .publish()
  await change('pauseAction', { id: made.action.id })
  expect(await set({ actionId: made.action.id, from: 'NOW' })).toMatchObject({
    issues: [{ path: ['from'], code: 'not_applicable' }],
  })
})

test('what was never published, or is not there, has no place to move', async () => {
  const { action } = await seed(app).workspace().csvSource().segment().connector().action().create()
  expect(await set({ actionId: action.id, from: 'NOW' })).toMatchObject({
    issues: [{ code: 'not_published' }],
  })
  expect(await set({ dataSourceId: `DataSource_${randomUUID()}`, from: 'NOW' })).toMatchObject({
    code: 'not_found',
  })
})

/** What a data source tells of itself: status, next run, what is wrong with its rows. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseGlobalId } from '../../server/graphql/global-id.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { defaultRows, type Seeded, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const rowOf = (globalId: string) => parseGlobalId(globalId)?.id ?? ''

async function read(source: Seeded) {
  const { data, errors } = await app.ask(
    `query ($id: ID!) { dataSource(id: $id) { status nextRunAt isEnabled schedule { kind hour minute timeZone }
      generation generationRows generationStartedAt skippedRuns lastSkippedAt batchRows resyncLimit processed
      rowErrors { code count firstSeenAt lastSeenAt } } }`,
    { id: source.id },
  )
  expect(errors).toBeUndefined()
  return data.dataSource
}

async function update(input: object) {
  const { data, errors } = await app.ask(
    `mutation ($input: UpdateDataSourceInput!) { updateDataSource(input: $input) {
      ... on DataSource { revision } ... on Problem { code } ... on InvalidInput { issues { path code } } } }`,
    { input },
  )
  expect(errors).toBeUndefined()
  return data.updateDataSource
}

const configured = (fields: object = {}) =>
  seed(app).workspace().csvSource(defaultRows, fields).segment().connector().action()

test('a source goes from inactive to running, and is stopped by a publish', async () => {
  const made = await configured().create()
  const { source, workspace } = made
  expect(await read(source)).toMatchObject({ status: 'INACTIVE', isEnabled: true, nextRunAt: null })
  const publish = async () => {
    const { data } = await app.ask(
      'mutation ($input: PublishVersionInput!) { publishVersion(input: $input) { __typename } }',
      { input: { workspaceId: workspace.id, notes: 'again' } },
    )
    expect(data.publishVersion.__typename).toBe('Version')
  }
  await publish()
  expect(await read(source)).toMatchObject({ status: 'INITIALIZING' })
  const { dataSourceId, workspaceId } = await app.db.lane.findFirstOrThrow({
    where: { dataSourceId: rowOf(source.id) },
  })
  await app.db.sourceProgress.create({ data: { dataSourceId, workspaceId, polledAt: new Date() } })
  expect(await read(source)).toMatchObject({ status: 'RUNNING' })
  app.workflows.setWorker(false)
  expect(await read(source)).toMatchObject({ status: 'UNASSIGNED' })
  app.workflows.setWorker(true)
  await app.db.sourceProgress.update({ where: { dataSourceId }, data: { errorCode: 'unreachable' } })
  expect(await read(source)).toMatchObject({ status: 'FAILED' })

  const { id, revision } = source
  await update({ id, revision, isEnabled: false })
  expect(await read(source)).toMatchObject({ status: 'FAILED', isEnabled: false })
  await publish()
  expect(await read(source)).toMatchObject({ status: 'STOPPED' })
})

test('a schedule is kept as it was asked for, and shows when it is due next', async () => {
  const schedule = { kind: 'DAILY', hour: 6, minute: 30, timeZone: 'Europe/Amsterdam' }
  const { source } = await configured({ schedule }).publish()
  const dataSourceId = rowOf(source.id)
  const { workspaceId } = await app.db.dataSource.findUniqueOrThrow({ where: { id: dataSourceId } })
  const nextRunAt = new Date(Date.now() + 3_600_000)
  await app.db.sourceProgress.create({ data: { dataSourceId, workspaceId, nextRunAt } })
  expect(await read(source)).toMatchObject({
    status: 'SCHEDULED',
    schedule,
    nextRunAt: nextRunAt.toISOString(),
  })
})

test('schedules, batches and limits that make no sense are refused together', async () => {
  const { source } = await configured().create()
  const { id, revision } = source
  const wrong = { schedule: { kind: 'DAILY' }, batchRows: 999, resyncLimit: 0 }
  const paths = (answer: { issues: readonly { path: readonly string[] }[] }) =>
    answer.issues.map(({ path }) => path.join('.')).toSorted()
  expect(paths(await update({ id, revision, ...wrong }))).toEqual([
    'batchRows',
    'resyncLimit',
    'schedule.hour',
  ])
  expect(paths(await update({ id, revision, cursorMode: 'FULL_RESYNC' }))).toEqual(['schedule.kind'])
  const whole = { cursorMode: 'FULL_RESYNC', schedule: { kind: 'HOURLY' }, resyncLimit: 50_001 }
  expect(paths(await update({ id, revision, ...whole }))).toEqual(['resyncLimit'])
  expect(await update({ id, revision, ...whole, resyncLimit: 50_000, batchRows: null })).toEqual({
    revision: 2,
  })
  expect(await read(source)).toMatchObject({ resyncLimit: 50_000, batchRows: null })
})

test('row errors are counted by class: those of the source, and what its actions rejected', async () => {
  const { source } = await configured().publish()
  const lane = await app.db.lane.findFirstOrThrow({ where: { dataSourceId: rowOf(source.id) } })
  const { actionId, dataSourceId, id: laneId, workspaceId } = lane
  const [first, last] = [new Date('2026-11-01T00:00:00Z'), new Date('2026-11-02T00:00:00Z')]
  const seen = { firstSeenAt: first, lastSeenAt: last }
  await app.db.sourceRowError.create({
    data: { dataSourceId, workspaceId, code: 'cursor_null', count: 7n, ...seen },
  })
  await app.db.lane.update({ where: { id: laneId }, data: { matched: 40n } })
  const { id: deliveryId } = await app.db.delivery.create({
    data: {
      ...{ workspaceId, laneId, actionId, sequence: 1, versionNumber: 1, pluginVersion: '1' },
      until: new Uint8Array([1]),
    },
  })
  const dead = (code: string, count: number, createdAt: Date, outcome: 'REJECTED' | 'REFUSED') => ({
    ...{ workspaceId, deliveryId, laneId, laneSequence: 1, slice: 0, ordinal: 0, state: 'DEAD' as const },
    ...{ position: new Uint8Array([1]), reporter: 'SLUICE' as const, code, count, createdAt, outcome },
  })
  await app.db.deliveryException.createMany({
    data: [
      dead('type_does_not_fit', 2, first, 'REJECTED'),
      dead('type_does_not_fit', 3, last, 'REJECTED'),
      dead('http_400', 9, last, 'REFUSED'),
    ],
  })
  const between = { firstSeenAt: first.toISOString(), lastSeenAt: last.toISOString() }
  expect(await read(source)).toMatchObject({
    processed: 40,
    rowErrors: [
      { code: 'cursor_null', count: 7, ...between },
      { code: 'type_does_not_fit', count: 5, ...between },
    ],
  })
})

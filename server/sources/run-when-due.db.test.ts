/** Runs of a schedule over real tables: at their times, once for all that were missed, never one over another. */
import { rename, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../test/harness/app.ts'
import { csv, defaultRows, type Row, seed } from '../../test/harness/seed.ts'
import { createCompiledLanes } from '../deliveries/compiled-lanes.ts'
import { createPlanDelivery } from '../deliveries/plan-delivery.ts'
import { parseGlobalId } from '../graphql/global-id.ts'
import { liveSource } from './live-source.ts'
import { runWhenDue } from './run-when-due.ts'
import { openPosition } from './sealed-position.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const hourMs = 3_600_000
const hourly = { schedule: { kind: 'HOURLY', minute: 0 } }
const whole = { ...hourly, cursorMode: 'FULL_RESYNC' }

/** A published source on a clock of its own, half an hour before it is due. */
async function scheduled(fields: object) {
  const made = await seed(app)
    .workspace()
    .csvSource(defaultRows, fields)
    .segment()
    .connector()
    .action()
    .publish()
  const dataSourceId = parseGlobalId(made.source.id)?.id ?? ''
  const actionId = parseGlobalId(made.action.id)?.id ?? ''
  const { id: laneId, workspaceId } = await app.db.lane.findFirstOrThrow({ where: { dataSourceId } })
  const key = await app.deps.workspaceKeys.of(workspaceId)
  const clock = { at: Date.parse('2026-11-30T05:30:00Z') }
  const compiledLanes = createCompiledLanes({ db: app.db, registry: app.deps.registry })
  const deps = {
    ...app.deps,
    db: app.db,
    compiledLanes,
    now: () => clock.at,
    sharedNow: async () => clock.at,
  }
  const open = (sealed: Uint8Array | null) => (sealed === null ? null : openPosition(key, sealed)[0])
  /** Has something happen while the source is read. */
  async function runWith(happen: () => Promise<unknown>) {
    const live = await liveSource(deps, dataSourceId)
    if (live === null) throw new Error('Nothing reads the source.')
    const connectSource: typeof deps.connectSource = async (to) => {
      await happen()
      return deps.connectSource(to)
    }
    return runWhenDue({ ...deps, connectSource }, live)
  }
  return {
    clock,
    actionId,
    dataSourceId,
    run: () => runWith(async () => {}),
    runWith,
    publish: () =>
      app.ask('mutation ($input: PublishVersionInput!) { publishVersion(input: $input) { __typename } }', {
        input: { workspaceId: made.workspace.id, notes: 'meanwhile' },
      }),
    progress: () => app.db.sourceProgress.findUniqueOrThrow({ where: { dataSourceId } }),
    async bound() {
      return open((await app.db.sourceProgress.findUniqueOrThrow({ where: { dataSourceId } })).bound)
    },
    plan: () => createPlanDelivery({ ...deps, connectSource: app.deps.connectSource })(laneId),
    endFirstPasses: () =>
      app.db.delivery.updateMany({ where: { laneId }, data: { isFirstPassDone: true, state: 'COMPLETED' } }),
    async stretches() {
      const deliveries = await app.db.delivery.findMany({ where: { laneId }, orderBy: { sequence: 'asc' } })
      return deliveries.map(({ after, until }) => [open(after), open(until)])
    },
    async isAtEnd() {
      const document = 'query ($id: ID!) { action(id: $id) { metrics { isAtSourceEnd } } }'
      return (await app.ask(document, { id: made.action.id })).data.action.metrics.isAtSourceEnd
    },
    async replaceRows(rows: readonly Row[]) {
      await writeFile(`${made.source.path}.new`, csv(rows))
      await rename(`${made.source.path}.new`, made.source.path)
    },
  }
}

type Scheduled = Awaited<ReturnType<typeof scheduled>>

/** Works out its first time, and lets it come. */
async function untilDue({ clock, run }: Scheduled): Promise<void> {
  const { dueInMs } = await run()
  clock.at += dueInMs
}

describe('a schedule', () => {
  it('is awaited, and looks at nothing before', async () => {
    const source = await scheduled(hourly)
    expect(await source.run()).toEqual({ look: 'none', dueInMs: hourMs / 2 })
    source.clock.at += hourMs / 2 - 1
    expect(await source.run()).toEqual({ look: 'none', dueInMs: 1 })
    expect((await source.progress()).polledAt).toBeNull()
    source.clock.at += 1
    expect(await source.run()).toEqual({ look: 'news', dueInMs: hourMs })
    expect(await source.bound()).toBe('3')
  })

  it('makes up once for all the times that nobody was there for', async () => {
    const source = await scheduled(hourly)
    await untilDue(source)
    source.clock.at += 5 * hourMs + 60_000
    expect(await source.run()).toEqual({ look: 'news', dueInMs: hourMs - 60_000 })
    expect(await source.run()).toMatchObject({ look: 'none' })
  })

  it('reads what was there when the run began, after settle', async () => {
    const source = await scheduled({ ...hourly, settleMs: 30_000 })
    await untilDue(source)
    expect(await source.run()).toEqual({ look: 'nothing', dueInMs: 30_000 })
    expect(await source.bound()).toBeNull()
    expect(await source.run()).toMatchObject({ look: 'none', dueInMs: 30_000 })
    source.clock.at += 30_000
    expect(await source.run()).toEqual({ look: 'news', dueInMs: hourMs - 30_000 })
    expect(await source.bound()).toBe('3')
  })

  it('that has changed is worked out anew', async () => {
    const source = await scheduled(hourly)
    await source.run()
    const revision = (await app.db.dataSource.findUniqueOrThrow({ where: { id: source.dataSourceId } }))
      .revision
    const schedule = { kind: 'DAILY', hour: 6, timeZone: 'Asia/Tokyo' }
    const changed = await app.ask(
      'mutation ($input: UpdateDataSourceInput!) { updateDataSource(input: $input) { ... on DataSource { workspace { id } } ... on Problem { message } } }',
      { input: { id: `DataSource_${source.dataSourceId}`, revision, schedule } },
    )
    const workspaceId = changed.data.updateDataSource.workspace.id
    await app.ask(
      'mutation ($input: PublishVersionInput!) { publishVersion(input: $input) { __typename } }',
      {
        input: { workspaceId, notes: 'daily' },
      },
    )
    expect(await source.run()).toEqual({ look: 'none', dueInMs: 15.5 * hourMs })
  })

  it.each([hourly, whole])('whose run meets a publish is run again under the new version', async (fields) => {
    const source = await scheduled(fields)
    await untilDue(source)
    const outdated = await source.runWith(() => source.publish())
    expect(outdated).toEqual({ look: 'outdated', dueInMs: 0 })
    expect(await source.run()).toMatchObject({ look: 'news' })
  })

  it('of a source that fails is tried again soon, and the run is still owed', async () => {
    const source = await scheduled(hourly)
    await untilDue(source)
    await source.replaceRows([{ nr: 1 }])
    expect(await source.run()).toEqual({ look: 'failed', dueInMs: 60_000 })
    expect((await source.progress()).errorCode).not.toBeNull()
    await source.replaceRows(defaultRows)
    source.clock.at += 60_000
    expect(await source.run()).toMatchObject({ look: 'news' })
    expect((await source.progress()).errorCode).toBeNull()
  })
})

describe('a source that is read whole', () => {
  it('is read from the beginning to its last row each time, also where nothing has changed', async () => {
    const source = await scheduled(whole)
    await untilDue(source)
    for (const generation of [1, 2]) {
      expect(await source.run()).toMatchObject({ look: 'news' })
      expect(await source.progress()).toMatchObject({ generation, generationRows: 3, errorCode: null })
      expect(await source.isAtEnd()).toBe(false)
      expect(await source.plan()).toMatchObject({ kind: 'deliver' })
      await source.endFirstPasses()
      expect(await source.plan()).toEqual({ kind: 'idle' })
      expect(await source.isAtEnd()).toBe(true)
      source.clock.at += hourMs
    }
    expect(await source.stretches()).toEqual([
      [null, '3'],
      [null, '3'],
    ])
  })

  it('takes in rows with smaller ids, and leaves out those that went', async () => {
    const source = await scheduled(whole)
    await untilDue(source)
    await source.run()
    await source.plan()
    await source.endFirstPasses()
    await source.replaceRows(defaultRows.map((row) => ({ ...row, id: Number(row['id']) - 2 })))
    source.clock.at += hourMs
    await source.run()
    await source.plan()
    expect(await source.stretches()).toEqual([
      [null, '3'],
      [null, '1'],
    ])
  })

  it('is not begun while the one before is still read: that is counted, and nothing piles up', async () => {
    const source = await scheduled(whole)
    await untilDue(source)
    await source.run()
    await source.plan()
    for (const skippedRuns of [1, 2]) {
      source.clock.at += hourMs
      expect(await source.run()).toEqual({ look: 'nothing', dueInMs: hourMs })
      expect(await source.progress()).toMatchObject({
        generation: 1,
        skippedRuns,
        lastSkippedAt: new Date(source.clock.at),
      })
    }
    await source.endFirstPasses()
    source.clock.at += hourMs
    expect(await source.run()).toMatchObject({ look: 'news' })
    expect(await source.progress()).toMatchObject({ generation: 2, skippedRuns: 2 })
  })

  it('does not wait for an action that is paused, which then reads the newest from its beginning', async () => {
    const source = await scheduled(whole)
    await untilDue(source)
    await source.run()
    await app.db.action.update({ where: { id: source.actionId }, data: { pausedAt: new Date() } })
    source.clock.at += hourMs
    expect(await source.run()).toMatchObject({ look: 'news' })
    await app.db.action.update({ where: { id: source.actionId }, data: { pausedAt: null } })
    await source.plan()
    expect(await source.stretches()).toEqual([[null, '3']])
    await source.endFirstPasses()
    expect(await source.plan()).toEqual({ kind: 'idle' })
  })

  it('with more rows than its limit is not read at all, and says so', async () => {
    const source = await scheduled({ ...whole, resyncLimit: 2 })
    await untilDue(source)
    expect(await source.run()).toEqual({ look: 'nothing', dueInMs: hourMs })
    expect(await source.progress()).toMatchObject({
      generation: 0,
      bound: null,
      errorCode: 'resync_over_limit',
    })
    await source.replaceRows(defaultRows.slice(1))
    source.clock.at += hourMs
    expect(await source.run()).toMatchObject({ look: 'news' })
    expect(await source.progress()).toMatchObject({ generation: 1, generationRows: 2, errorCode: null })
  })

  it('that has lost a column which is read is not begun', async () => {
    const source = await scheduled({ ...whole, keyColumns: ['id', 'email'] })
    await untilDue(source)
    await source.replaceRows(defaultRows.map(({ email: _gone, ...row }) => row))
    expect(await source.run()).toMatchObject({ look: 'failed' })
    expect(await source.progress()).toMatchObject({ generation: 0, errorCode: 'column_missing' })
  })

  it('that is empty begins and ends at once', async () => {
    const source = await scheduled({ ...whole, query: { sql: 'SELECT 1::BIGINT AS id WHERE 1 = 0' } })
    await untilDue(source)
    await source.run()
    expect(await source.progress()).toMatchObject({ generation: 1, generationRows: 0, bound: null })
    source.clock.at += hourMs
    expect(await source.run()).toMatchObject({ look: 'news' })
  })
})

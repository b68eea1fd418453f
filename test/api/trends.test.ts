/** What was done over time: of an action, a connector and a workspace, in ranges that end now or anywhere. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { countDone } from '../harness/metric-buckets.ts'
import { mutate } from '../harness/mutate.ts'
import { externalId, type Seeded, seed } from '../harness/seed.ts'

const hourMs = 3_600_000
/** Some hour that is over, and of yesterday or the day before. */
const hour = new Date(Math.floor(Date.now() / hourMs) * hourMs - 26 * hourMs)
const minute = (index: number) => new Date(hour.getTime() + index * 60_000).toISOString()

let app: TestApp
let workspace: Seeded
let connector: Seeded
let first: Seeded
let second: Seeded
beforeAll(async () => {
  app = await createTestApp()
  const made = await seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector()
    .action()
    .action([externalId], { name: 'Second' })
    .publish()
  ;({ workspace, connector, action: second } = made)
  const actions = await app.db.action.findMany({ where: { workspaceId: uuidOf(workspace) } })
  const other = actions.find(({ id }) => id !== uuidOf(second))
  first = { id: `Action_${other?.id}`, revision: 1 }
  const foreign = await seed(app).workspace().csvSource().segment().connector().action().create()
  const of = (action: Seeded, owner = workspace) => ({ actionId: uuidOf(action), workspaceId: uuidOf(owner) })
  await countDone(app.db, [
    {
      ...of(first),
      at: minute(0),
      matched: 10n,
      delivered: 6n,
      warned: 1n,
      refused: 2n,
      unknown: 1n,
      requests: 3n,
    },
    { ...of(first), at: minute(2), matched: 5n, exhausted: 1n, rejected: 1n, superseded: 3n, retries: 4n },
    { ...of(second), at: minute(2), matched: 7n, delivered: 7n },
    { ...of(first), at: minute(60), matched: 100n, delivered: 100n },
    { ...of(foreign.action, foreign.workspace), at: minute(2), matched: 1_000n, delivered: 1_000n },
  ])
})
afterAll(() => app.close())

const uuidOf = ({ id }: Pick<Seeded, 'id'>) => id.replace(/^.*_/, '')

const fields =
  'from to grain total { matched success errors } points { start matched success errors retries requests }'

async function trends(args: string, asked = fields) {
  const { data, errors } = await app.ask(
    `query ($action: ID!, $connector: ID!, $workspace: ID!) {
      action(id: $action) { trend${args} { ${asked} } }
      connector(id: $connector) { trend${args} { ${asked} } }
      workspace(id: $workspace) { trend${args} { ${asked} } }
    }`,
    { action: first.id, connector: connector.id, workspace: workspace.id },
  )
  return { errors, of: (owner: 'action' | 'connector' | 'workspace') => data?.[owner]?.trend }
}

describe('a trend', () => {
  it('has a point for each minute, also for those in which nothing was done', async () => {
    const { errors, of } = await trends(`(range: { from: "${minute(-1)}", to: "${minute(3)}" })`)
    expect(errors).toBeUndefined()
    const nothing = { matched: 0, success: 0, errors: 0, retries: 0, requests: 0 }
    expect(of('action')).toEqual({
      from: minute(-1),
      to: minute(3),
      grain: 'MINUTE',
      total: { matched: 15, success: 7, errors: 5 },
      points: [
        { start: minute(-1), ...nothing },
        { start: minute(0), matched: 10, success: 7, errors: 3, retries: 0, requests: 3 },
        { start: minute(1), ...nothing },
        { start: minute(2), matched: 5, success: 0, errors: 2, retries: 4, requests: 0 },
      ],
    })
  })

  it('adds up all actions of a connector, of a workspace, and of no other', async () => {
    const { of } = await trends(`(range: { from: "${minute(0)}", to: "${minute(3)}" })`)
    for (const owner of ['connector', 'workspace'] as const) {
      expect(of(owner).points.map(({ matched }: { matched: number }) => matched)).toEqual([10, 0, 12])
      expect(of(owner).total).toEqual({ matched: 22, success: 14, errors: 5 })
    }
  })

  it('is by the hour or day where that is asked for, or fits the range', async () => {
    const range = `range: { from: "${minute(0)}", to: "${minute(120)}" }`
    const points = 'grain points { matched }'
    const counts = (trend: { points: { matched: number }[] }) => trend.points.map(({ matched }) => matched)
    const byHour = await trends(`(${range}, by: HOUR)`, points)
    expect(counts(byHour.of('action'))).toEqual([15, 100])
    expect(counts(byHour.of('workspace'))).toEqual([22, 100])
    const byDay = await trends(`(${range}, by: DAY)`, points)
    expect(counts(byDay.of('connector')).reduce((sum, count) => sum + count, 0)).toBe(122)
    for (const [name, grain, least] of [
      ['PAST_7_DAYS', 'HOUR', 168],
      ['PAST_30_DAYS', 'DAY', 31],
    ] as const) {
      const { of } = await trends(`(range: { name: ${name} })`, `total { matched } ${points}`)
      expect(of('connector')).toMatchObject({ grain, total: { matched: 122 } })
      expect(counts(of('connector')).length).toBeGreaterThanOrEqual(least)
    }
  })

  it('is of the past 24 hours by default, and has what is done now', async () => {
    await countDone(app.db, [
      { actionId: uuidOf(first), workspaceId: uuidOf(workspace), at: new Date().toISOString(), matched: 3n },
    ])
    const { of } = await trends('', 'grain total { matched } points { matched }')
    expect(of('action')).toMatchObject({ grain: 'HOUR', total: { matched: 3 } })
    expect(of('action').points.at(-1)).toEqual({ matched: 3 })
    expect(of('action').points).toHaveLength(25)
  })

  it.each([
    [`(range: { name: CUSTOM })`, 'range_unclear'],
    [`(range: { name: PAST_7_DAYS, from: "2026-01-01T00:00:00Z" })`, 'range_unclear'],
    [`(range: { from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z" })`, 'period_empty'],
    [`(range: { from: "2999-01-01T00:00:00Z" })`, 'period_empty'],
    [`(range: { name: PAST_7_DAYS }, by: MINUTE)`, 'too_many_points'],
  ])('is refused with %s', async (args, code) => {
    const { errors } = await trends(args)
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'invalid_input', issues: [{ code }] })
  })
})

it('lists are read in one statement each, however long they are', async () => {
  const { workspaceId, ...input } = {
    workspaceId: workspace.id,
    type: 'webhook',
    settings: { url: 'https://hooks.example.com/v1' },
  }
  const document = `query ($id: ID!) {
    workspace(id: $id) {
      actions { metrics { matched } trend { total { success } } week: trend(range: { name: PAST_7_DAYS }) { total { success } } }
      connectors { metrics { matched actions } trend(range: { name: PAST_30_DAYS }) { total { errors } } }
    }
  }`
  const statements = async () => {
    const raw = vi.spyOn(app.db, '$queryRaw')
    const { data, errors } = await app.ask(document, { id: workspaceId })
    const count = raw.mock.calls.length
    raw.mockRestore()
    expect(errors).toBeUndefined()
    return { count, data: data.workspace }
  }
  const few = await statements()
  for (const name of ['x', 'y', 'z']) await mutate(app, 'createConnector', { workspaceId, name, ...input })
  const many = await statements()
  expect(many.data.connectors).toHaveLength(few.data.connectors.length + 3)
  expect(many.data.connectors.at(-1)).toEqual({
    metrics: { matched: 0, actions: 0 },
    trend: { total: { errors: 0 } },
  })
  expect(few.count).toBeGreaterThan(0)
  expect(many.count).toBe(few.count)
})

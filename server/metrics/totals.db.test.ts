/** What is added up from days, hours and minutes is what the minutes have, for any range and any owner. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLaneFixture, type LaneFixture, type TestLane } from '../../test/harness/lane-fixture.ts'
import { countDone, type Done } from '../../test/harness/metric-buckets.ts'
import { countedRange, type TimeRange } from './ranges.ts'
import { noCounts } from './rules.ts'
import { readTotals, totalsByAction } from './totals.ts'

const now = new Date('2026-11-30T13:37:42Z')
const minuteMs = 60_000

let fixture: LaneFixture
let own: TestLane
let beside: TestLane
let foreign: TestLane
let done: readonly (Done & { readonly matched: bigint })[]
beforeAll(async () => {
  fixture = await createLaneFixture()
  own = await fixture.addLane()
  beside = await fixture.addLane(own)
  foreign = await fixture.addLane()
  done = [own, beside, foreign].flatMap(({ action: { id: actionId, workspaceId } }, lane) =>
    Array.from({ length: 40 }, (_, index) => ({
      ...{ actionId, workspaceId },
      // Spread over three days, at ever other minutes of the hour.
      at: new Date(now.getTime() - index * 107 * minuteMs - lane * minuteMs).toISOString(),
      matched: BigInt(1 + index * index),
      refused: BigInt(index),
    })),
  )
  await countDone(fixture.db, done)
})
afterAll(() => fixture.close())

/** Up to 48 hours, counted by the minute; named ranges; and ends in the past. */
const ranges: readonly TimeRange[] = [
  { name: 'PAST_24_HOURS' },
  { name: 'PAST_7_DAYS' },
  { name: 'PAST_30_DAYS' },
  ...[1, 59, 61, 500, 1_439, 1_441, 2_000, 2_880, 4_000].flatMap((minutes) =>
    [0, 1, 777, 1_500].map((ago) => {
      const to = new Date(now.getTime() - ago * minuteMs)
      return { name: 'CUSTOM', from: new Date(to.getTime() - minutes * minuteMs), to } as const
    }),
  ),
]

function expected(range: TimeRange, lanes: readonly TestLane[]): bigint {
  const { from, to } = countedRange(range, now)
  return done
    .filter(({ actionId, at }) => {
      const minute = new Date(Math.floor(Date.parse(at) / minuteMs) * minuteMs)
      return lanes.some(({ action }) => action.id === actionId) && minute >= from && minute < to
    })
    .reduce((sum, { matched }) => sum + matched, 0n)
}

it('is right of actions, connectors and workspaces', async () => {
  const { workspaceId } = own.lane
  const sums = new Set<bigint>()
  for (const range of ranges) {
    const counted = countedRange(range, now)
    const of = async (owner: Parameters<typeof readTotals>[1], id: string) =>
      (await readTotals(fixture.db, owner, counted)).get(id)?.matched
    const all = expected(range, [own, beside])
    sums.add(all)
    expect(await of({ actionIds: [foreign.action.id, own.action.id] }, own.action.id)).toBe(
      expected(range, [own]),
    )
    expect(await of({ connectorIds: [beside.action.connectorId] }, beside.action.connectorId)).toBe(
      expected(range, [beside]),
    )
    expect(await of({ workspaceIds: [workspaceId] }, workspaceId)).toBe(all)
    const rows = await fixture.db.$queryRaw<
      readonly { readonly action_id: string; readonly matched: bigint }[]
    >`
      SELECT action_id, matched FROM (${totalsByAction(workspaceId, counted)}) AS total`
    expect(rows.reduce((sum, { matched }) => sum + matched, 0n)).toBe(all)
    expect(rows.map(({ action_id: id }) => id)).not.toContain(foreign.action.id)
  }
  expect(sums.size).toBeGreaterThan(10)
})

it('is zero of who did nothing, and where nothing is kept', async () => {
  const idle = await fixture.addLane(own)
  const actionIds = [idle.action.id]
  const within = countedRange({ name: 'PAST_7_DAYS' }, now)
  expect((await readTotals(fixture.db, { actionIds }, within)).get(idle.action.id)).toEqual(noCounts)
  const before = countedRange({ name: 'CUSTOM', from: new Date(0), to: new Date(1) }, now)
  expect(before.pieces).toEqual([])
  const ofOwn = await readTotals(fixture.db, { workspaceIds: [own.lane.workspaceId] }, before)
  expect([...ofOwn.values()]).toEqual([noCounts])
})

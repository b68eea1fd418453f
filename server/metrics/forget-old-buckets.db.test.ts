/** Buckets are kept for their time and not longer, in every workspace. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLaneFixture, type LaneFixture, type TestLane } from '../../test/harness/lane-fixture.ts'
import { countDone } from '../../test/harness/metric-buckets.ts'
import { forgetOldBuckets } from './forget-old-buckets.ts'

let fixture: LaneFixture
let lanes: readonly TestLane[]
beforeAll(async () => {
  fixture = await createLaneFixture()
  lanes = [await fixture.addLane(), await fixture.addLane()]
})
afterAll(() => fixture.close())

async function kept(): Promise<readonly string[]> {
  const buckets = await fixture.db.metricBucket.findMany({ orderBy: [{ grain: 'asc' }, { start: 'asc' }] })
  return buckets.map(({ actionId, grain, start }) => {
    const lane = lanes.findIndex(({ action }) => action.id === actionId)
    return `${lane} ${grain} ${start.toISOString().slice(0, 16)}`
  })
}

it('deletes minutes after 30 days, hours and days after 13 months, as time goes on', async () => {
  const times = [
    '2025-10-30T13:59:00Z',
    '2025-10-30T14:00:00Z',
    '2026-10-31T13:36:00Z',
    '2026-10-31T13:37:00Z',
  ]
  for (const { action } of lanes) {
    const { id: actionId, workspaceId } = action
    await countDone(
      fixture.db,
      times.map((at) => ({ actionId, workspaceId, at, matched: 1n })),
    )
  }
  const of = (each: readonly string[]) =>
    each.flatMap((bucket) => lanes.map((_, lane) => `${lane} ${bucket}`))
  const now = '2026-11-30T13:37:00Z'

  await forgetOldBuckets(fixture.db, new Date(now))
  expect([...(await kept())].sort()).toEqual(
    of([
      'MINUTE 2026-10-31T13:37',
      'HOUR 2025-10-30T14:00',
      'HOUR 2026-10-31T13:00',
      'DAY 2026-10-31T00:00',
    ]).sort(),
  )
  await forgetOldBuckets(fixture.db, new Date('2027-11-30T13:59:00Z'))
  expect([...(await kept())].sort()).toEqual(of(['HOUR 2026-10-31T13:00', 'DAY 2026-10-31T00:00']).sort())
  await forgetOldBuckets(fixture.db, new Date('2027-12-02T00:00:00Z'))
  expect(await kept()).toEqual([])
})

it('comes to an end where there is much to delete', async () => {
  const [{ action }] = lanes as readonly [TestLane, TestLane]
  await fixture.db.$executeRaw`
    INSERT INTO metric_bucket (workspace_id, action_id, grain, start)
    SELECT ${action.workspaceId}::uuid, ${action.id}::uuid, 'MINUTE', '2026-01-01Z'::timestamptz + n * interval '1 minute'
    FROM generate_series(1, 25000) AS n`
  await forgetOldBuckets(fixture.db, new Date('2026-11-30T00:00:00Z'))
  expect(await kept()).toEqual([])
})

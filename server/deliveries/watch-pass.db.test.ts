/** What keeps the lease of a pass that commits nothing for a while. */
import { beforeAll, beforeEach, expect, it } from 'vitest'
import type { Delivery } from '../../prisma/generated/client/client.ts'
import { createLaneFixture, type LaneFixture, type TestLane } from '../../test/harness/lane-fixture.ts'
import { createLease, type Lease } from './lease.ts'
import { watchPass } from './watch-pass.ts'

let fixture: LaneFixture
let lane: TestLane
let delivery: Delivery
beforeAll(async () => {
  fixture = await createLaneFixture()
  return () => fixture.close()
})
beforeEach(async () => {
  lane = await fixture.addLane()
  delivery = await lane.addDelivery({ pass: 2, lastCommitAt: longAgo, leaseUntil: longAgo })
})

const longAgo = new Date('2026-01-01T00:00:00Z')
const spent = (ms: number) => createLease(performance.now() - ms)

/** Looks once, as a pass does before anything else. */
async function lookOnce(pass: Delivery, lease: Lease): Promise<boolean> {
  const watch = await watchPass(fixture.db, pass, lease)
  watch.close()
  return watch.isStopped()
}

it('renews a lease that is short, here and in the database', async () => {
  const lease = spent(9_000)
  expect(await lookOnce(delivery, lease)).toBe(false)
  expect(lease.isShort()).toBe(false)
  const [kept] = (await lane.kept()).deliveries
  expect(Number(kept?.leaseUntil) - Number(kept?.lastCommitAt)).toBe(10_000)
  expect(Number(kept?.leaseUntil)).toBeGreaterThan(longAgo.getTime())
})

it('renews a lease that has run out: no other pass has begun', async () => {
  const lease = spent(60_000)
  expect(await lookOnce(delivery, lease)).toBe(false)
  expect(lease.holds()).toBe(true)
})

it('leaves the database alone while the lease is long', async () => {
  const kept = await lane.kept()
  await lookOnce(delivery, createLease(performance.now() + 60_000))
  expect(await lane.kept()).toEqual(kept)
})

it.each<[string, Partial<Delivery>, Partial<Delivery>]>([
  ['that has been taken over', {}, { pass: 1 }],
  ['whose delivery is cancelled', { state: 'CANCELLED' }, {}],
  ['whose delivery is gone', {}, { id: '01900000-0000-7000-8000-000000000001' }],
])('stops a pass %s, however long its lease may be', async (_, data, seen) => {
  await fixture.db.delivery.update({ where: { id: delivery.id }, data })
  expect(await lookOnce({ ...delivery, ...seen }, createLease(performance.now() + 60_000))).toBe(true)
})

it('renews no lease of a pass that another has taken over, and stops it', async () => {
  const kept = await lane.kept()
  const lease = spent(60_000)
  expect(await lookOnce({ ...delivery, pass: 1 }, lease)).toBe(true)
  expect(lease.holds()).toBe(false)
  expect(await lane.kept()).toEqual(kept)
})

it('lets a lease run out that it cannot renew', async () => {
  const lease = spent(60_000)
  const db = new Proxy(fixture.db, {
    get: (target, property) =>
      property === '$executeRaw' ? () => Promise.reject(new Error('gone')) : Reflect.get(target, property),
  })
  const watch = await watchPass(db, delivery, lease)
  watch.close()
  expect(lease.holds()).toBe(false)
  await expect(watch.renewLease()).rejects.toThrow('gone')
})

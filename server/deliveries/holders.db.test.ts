/** What holds back later items of a recipient, and what of it is superseded when its row comes again. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Delivery, Prisma } from '../../prisma/generated/client/client.ts'
import {
  createLaneFixture,
  type ExceptionFields,
  type LaneFixture,
  type TestLane,
} from '../../test/harness/lane-fixture.ts'
import { sumsByGrain } from '../../test/harness/metric-buckets.ts'
import { createDatabase } from '../database.ts'
import { createCommitter } from './committer.ts'
import { readHolders, stillHolding } from './holders.ts'
import { claimDue } from './waiting-items.ts'

let fixture: LaneFixture
let lane: TestLane
let before: Delivery
let own: Delivery
let after: Delivery
beforeAll(async () => {
  fixture = await createLaneFixture()
})
beforeEach(async () => {
  lane = await fixture.addLane()
  before = await lane.addDelivery({ pass: 1, matched: 5n })
  own = await lane.addDelivery({ pass: 1 })
  after = await lane.addDelivery({ pass: 1 })
})
afterAll(() => fixture.close())

const now = new Date('2026-01-01T12:00:00Z')
const inMinutes = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
const dead = { state: 'DEAD', outcome: 'UNKNOWN', dueAt: null } as const

function placeOf({ id, laneId, sequence }: Delivery) {
  return { deliveryId: id, laneId, laneSequence: sequence }
}

async function holders(of = own): Promise<readonly string[]> {
  return (await readHolders(fixture.db, placeOf(of), now)).map(({ id }) => id)
}

/** Asks as the own delivery, whose rows are the same as those of all that are met unless it says otherwise. */
async function standing(ids: readonly string[], { isSameRow = true, db = fixture.db } = {}) {
  const met = ids.map((id) => ({ id, isSameRow }))
  return [...(await stillHolding(db, placeOf(own), met, now))].sort()
}

describe('the open items before a delivery’s own', () => {
  it('are those that wait or are tried, of its own and of earlier deliveries', async () => {
    const open = [
      await lane.addException(before),
      await lane.addException(before, { state: 'TRYING', claimPass: 1, ordinal: 1 }),
      await lane.addException(own, { dueAt: inMinutes(60) }),
    ]
    await lane.addException(after)
    expect((await holders()).toSorted()).toEqual(open.map(({ id }) => id).sort())
  })

  it('are dead letters as long as their quarantine lasts', async () => {
    const open = await lane.addException(before, { ...dead, quarantinedUntil: inMinutes(1) })
    await lane.addException(before, { ...dead, quarantinedUntil: now, ordinal: 1 })
    await lane.addException(before, { ...dead, ordinal: 2 })
    await lane.addException(after, { ...dead, quarantinedUntil: inMinutes(1) })
    expect(await holders()).toEqual([open.id])
  })

  it('are none of another lane, of its workspace or of another', async () => {
    for (const other of [await fixture.addLane(lane), await fixture.addLane()]) {
      await other.addException(await other.addDelivery())
    }
    expect(await holders()).toEqual([])
  })

  it('are none without a recipient', async () => {
    await lane.addException(before, { recipient: null })
    expect(await holders()).toEqual([])
  })

  it('come with recipient and row as they are compared, and whose they are', async () => {
    await lane.addException(before, { recipient: 'ann', row: '7' })
    await lane.addException(own, { recipient: 'bob', rowHash: null })
    const hashOf = (text: string) => Buffer.from(lane.key.hash(text)).toString('base64')
    expect(await readHolders(fixture.db, placeOf(own), now)).toEqual(
      expect.arrayContaining([
        { id: expect.any(String), recipient: hashOf('ann'), row: hashOf('7'), isOwn: false },
        { id: expect.any(String), recipient: hashOf('bob'), row: null, isOwn: true },
      ]),
    )
  })
})

describe('an item whose row has come again', () => {
  it('is superseded: in its own delivery, its lane and its buckets, once', async () => {
    const { id } = await lane.addException(before)
    const other = await lane.addException(before, { ordinal: 1 })
    expect(await standing([id])).toEqual([])
    expect(await standing([id])).toEqual([])
    const { deliveries, exceptions, lane: total, buckets } = await lane.kept()
    expect(exceptions.map((each) => each.id)).toEqual([other.id])
    expect(deliveries.map(({ superseded }) => superseded)).toEqual([1n, 0n, 0n])
    expect(total.superseded).toBe(1n)
    expect(sumsByGrain(buckets).map(({ superseded }) => superseded)).toEqual([1n, 1n, 1n])
  })

  it('counts in the delivery it is of, where several are superseded at once', async () => {
    const first = await lane.addException(before)
    const second = await lane.addException(before, { ordinal: 1 })
    const third = await lane.addException(after)
    const met = [first, second, third].map(({ id }) => ({ id, isSameRow: true }))
    const last = await lane.addDelivery()
    expect(await stillHolding(fixture.db, placeOf(last), met, now)).toEqual(new Set())
    const { deliveries, lane: total } = await lane.kept()
    expect(deliveries.map(({ superseded }) => superseded)).toEqual([2n, 0n, 1n, 0n])
    expect(total.superseded).toBe(3n)
  })

  it('leaves the sequence of its delivery alone: that one’s pass goes on committing', async () => {
    const { id } = await lane.addException(before)
    await standing([id])
    const write = {
      newSlices: [],
      startedSlices: [],
      startedExceptions: [],
      settledSlices: [],
      newExceptions: [],
      overExceptions: [],
      changedExceptions: [],
      counts: { delivered: 1 },
    }
    await createCommitter(fixture).commit(lane.fenceOf(before), write)
    expect((await lane.kept()).deliveries[0]).toMatchObject({ delivered: 1n, superseded: 1n })
  })

  it('becomes due when its quarantine ends, instead of later', async () => {
    const { id } = await lane.addException(before, {
      dueAt: inMinutes(30),
      quarantinedUntil: inMinutes(5),
    })
    expect(await standing([id])).toEqual([id])
    const { deliveries, exceptions } = await lane.kept()
    expect(exceptions.map(({ dueAt }) => dueAt)).toEqual([inMinutes(5)])
    expect(deliveries[0]?.superseded).toBe(0n)
  })

  it('is superseded when its quarantine is over', async () => {
    const { id } = await lane.addException(before, { quarantinedUntil: now })
    expect(await standing([id])).toEqual([])
  })

  it.each<[string, ExceptionFields]>([
    ['is trying it', {}],
    ['is trying it in quarantine', { dueAt: inMinutes(30), quarantinedUntil: inMinutes(5) }],
  ])('stands as it is where a pass %s: that one reads the row by itself', async (_, fields) => {
    const { id } = await lane.addException(before, { state: 'TRYING', claimPass: 1, ...fields })
    const kept = await lane.kept()
    expect(await standing([id])).toEqual([id])
    expect(await lane.kept()).toEqual(kept)
  })

  it('stands where it is of the same delivery', async () => {
    const { id } = await lane.addException(own)
    const kept = await lane.kept()
    expect(await standing([id])).toEqual([id])
    expect(await lane.kept()).toEqual(kept)
  })
})

describe('an item of another row', () => {
  it.each<[string, ExceptionFields]>([
    ['waits', {}],
    ['is tried', { state: 'TRYING', claimPass: 1 }],
    ['waits in quarantine', { dueAt: inMinutes(30), quarantinedUntil: inMinutes(5) }],
    ['is dead and in quarantine', { ...dead, quarantinedUntil: inMinutes(5) }],
  ])('stands as it is while it %s', async (_, fields) => {
    const { id } = await lane.addException(before, fields)
    const kept = await lane.kept()
    expect(await standing([id], { isSameRow: false })).toEqual([id])
    expect(await lane.kept()).toEqual(kept)
  })

  it.each<[string, ExceptionFields]>([
    ['is dead', dead],
    ['is dead and its quarantine is over', { ...dead, quarantinedUntil: now }],
  ])('stands no more when it %s', async (_, fields) => {
    const { id } = await lane.addException(before, fields)
    expect(await standing([id], { isSameRow: false })).toEqual([])
    expect((await lane.kept()).exceptions).toHaveLength(1)
  })

  it('stands no more when it is over, and is one of those asked about', async () => {
    const { id } = await lane.addException(before)
    const unasked = await lane.addException(before, { ordinal: 1 })
    const gone = await lane.addException(before, { ordinal: 2 })
    await fixture.db.deliveryException.delete({ where: { id: gone.id } })
    expect(await standing([id, gone.id], { isSameRow: false })).toEqual([id])
    expect(unasked.state).toBe('WAITING')
  })
})

describe('an item that is claimed at the moment its row comes again', () => {
  const claim = () => ({ deliveryId: before.id, pass: 1, now, limit: 500 })

  it('stands when the claim came first', async () => {
    const { id } = await lane.addException(before)
    // The claim has its rows and is not yet committed.
    const lock = await fixture.lock(
      Prisma.sql`UPDATE delivery_exception SET state = 'TRYING', claim_pass = 1 WHERE id = ${id}::uuid`,
    )
    const asked = standing([id])
    await fixture.untilBlocked(1)
    await lock.letGo()
    expect(await asked).toEqual([id])
    const { deliveries, exceptions } = await lane.kept()
    expect(exceptions.map(({ state }) => state)).toEqual(['TRYING'])
    expect(deliveries[0]?.superseded).toBe(0n)
  })

  it('is not claimed any more when it was superseded first', async () => {
    const { id } = await lane.addException(before)
    // It is superseded and counted in its delivery, and not yet in the lane.
    const lock = await fixture.lock(Prisma.sql`SELECT FROM lane WHERE id = ${lane.lane.id}::uuid FOR UPDATE`)
    const asked = standing([id])
    await fixture.untilBlocked(1)
    const claims = claimDue(fixture.db, lane.key, claim())
    await fixture.untilBlocked(2)
    await lock.letGo()
    expect(await claims).toEqual([])
    expect(await asked).toEqual([])
    expect((await lane.kept()).deliveries[0]?.superseded).toBe(1n)
  })

  it.each(['claim', 'question'] as const)(
    'goes one way or the other when the database gives up the %s',
    async (victim) => {
      const { id } = await lane.addException(before)
      // Each waits for what the other one has; who is impatient finds out.
      const timeoutOf = (own: typeof victim) => (own === victim ? 1_000 : 20_000)
      const claiming = impatient(timeoutOf('claim'))
      const asking = impatient(timeoutOf('question'))
      try {
        const lock = await fixture.lock(
          Prisma.sql`SELECT FROM delivery WHERE id = ${before.id}::uuid FOR SHARE`,
        )
        const asked = standing([id], { db: asking.db })
        await fixture.untilBlocked(1)
        const claims = claimDue(claiming.db, lane.key, claim())
        await fixture.untilBlocked(2)
        await lock.letGo()
        const [claimedItems, stands] = await Promise.all([claims, asked])
        const isClaimed = claimedItems.length === 1
        expect(stands).toEqual(isClaimed ? [id] : [])
        expect((await lane.kept()).deliveries[0]?.superseded).toBe(isClaimed ? 0n : 1n)
      } finally {
        await Promise.all([claiming.close(), asking.close()])
      }
    },
  )
})

/** A client that looks for an interlock after so long. */
function impatient(deadlockTimeoutMs: number) {
  const url = new URL(fixture.url)
  url.searchParams.set('options', `-c deadlock_timeout=${deadlockTimeoutMs}`)
  return createDatabase({ url: url.href, maxConnections: 1 })
}

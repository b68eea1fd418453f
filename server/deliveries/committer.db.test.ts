/** What the committer writes, and what it must not: a zombie's work, a repeated commit, an outcome counted twice. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { FencedError } from '../../engine/delivering/progress.ts'
import type { Delivery, PrismaClient } from '../../prisma/generated/client/client.ts'
import { createLaneFixture, type LaneFixture, type TestLane } from '../../test/harness/lane-fixture.ts'
import { losingNext } from '../../test/harness/losing-next.ts'
import { sumsByGrain } from '../../test/harness/metric-buckets.ts'
import { CountedTwiceError, createCommitter, type Fence, type SealedWrite } from './committer.ts'
import { createLease } from './lease.ts'

let fixture: LaneFixture
let lane: TestLane
let delivery: Delivery
let fence: Fence
beforeAll(async () => {
  fixture = await createLaneFixture()
})
beforeEach(async () => {
  lane = await fixture.addLane()
  delivery = await lane.addDelivery({ pass: 2, commitSequence: 7, state: 'RUNNING' })
  fence = lane.fenceOf(delivery)
})
afterAll(() => fixture.close())

const nothing: SealedWrite = {
  newSlices: [],
  startedSlices: [],
  startedExceptions: [],
  settledSlices: [],
  newExceptions: [],
  overExceptions: [],
  changedExceptions: [],
  counts: {},
}

function matching(index: number, matched: number): SealedWrite {
  const boundary = Buffer.from([index]).toString('base64')
  return { ...nothing, newSlices: [{ index, boundary, matched }], counts: { matched } }
}

function settling(index: number, delivered: number): SealedWrite {
  return { ...nothing, settledSlices: [index], counts: { delivered, requests: 1 } }
}

function over(id: string): SealedWrite {
  return { ...nothing, overExceptions: [id], counts: { delivered: 1, retries: 1, requests: 1 } }
}

function waitingAgain(id: string): SealedWrite {
  const change = {
    id,
    state: 'WAITING',
    outcome: null,
    reporter: 'VENDOR',
    code: 'still_busy',
    parameter_path: null,
    template_place: null,
    attempts: 2,
    stage: null,
    job: null,
    due_at: '2026-01-01T00:05:00.000Z',
    quarantined_until: null,
    recipient_hash: null,
    first_at: null,
  } as const
  return { ...nothing, changedExceptions: [change], counts: { retries: 1, requests: 1 } }
}

function commit(write: SealedWrite, as: Fence = fence, db: PrismaClient = fixture.db): Promise<void> {
  return createCommitter({ db }).commit(as, write)
}

describe('what a pass writes', () => {
  it('stands in the delivery, its lane, and its minute, hour and day alike', async () => {
    await commit({ ...nothing, counts: { matched: 9, delivered: 3, refused: 2, retries: 4, requests: 5 } })
    await commit({ ...nothing, counts: { gone: 1, requests: 1 } })
    const { deliveries, lane: total, buckets } = await lane.kept()
    const counts = { matched: 9n, delivered: 3n, refused: 2n, gone: 1n, unknown: 0n, retries: 4n }
    expect(deliveries[0]).toMatchObject(counts)
    expect(total).toMatchObject({ ...counts, requests: 6n })
    const sums = sumsByGrain(buckets)
    expect(sums).toHaveLength(3)
    for (const sum of sums) expect(total).toMatchObject(sum)
  })

  it('counts as one more commit, which gives the lease its ten seconds again', async () => {
    const lease = createLease(performance.now() - 60_000)
    expect(lease.holds()).toBe(false)
    await commit({ ...nothing, counts: { matched: 1 } }, { ...fence, lease })
    const [own] = (await lane.kept()).deliveries
    expect(own?.commitSequence).toBe(8)
    expect(Number(own?.leaseUntil) - Number(own?.lastCommitAt)).toBe(10_000)
    expect(lease.holds()).toBe(true)
  })

  it('is not kept waiting for company when somebody hurries', async () => {
    const indexes = Array.from({ length: 10 }, (_, index) => index + 1)
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    try {
      const committer = createCommitter({ db: fixture.db })
      await committer.commit(fence, matching(0, 1))
      // No time passes, so that a rest never ends by itself; but only quick commits are rested after.
      for (const index of indexes) {
        const next = committer.commit(fence, matching(index, 1))
        committer.hurry()
        await next
      }
    } finally {
      vi.useRealTimers()
    }
    expect((await lane.kept()).slices).toHaveLength(1 + indexes.length)
  })

  it('becomes one commit where it comes at once', async () => {
    const committer = createCommitter(fixture)
    // The first goes at once; the others wait for the next moment together.
    await Promise.all([0, 1, 2, 3].map((index) => committer.commit(fence, matching(index, 2))))
    const { deliveries, slices } = await lane.kept()
    expect(deliveries[0]).toMatchObject({ matched: 8n, commitSequence: 9 })
    expect(slices).toHaveLength(4)
  })
})

describe('a pass that another has taken over', () => {
  const stale: readonly [string, Partial<Fence>][] = [
    ['an earlier number', { pass: 1 }],
    ['an earlier number and the sequence of now', { pass: 1, sequence: 7 }],
    ['its number, and commits that it knows nothing of', { sequence: 6 }],
  ]
  it.each(stale)('touches nothing when it has %s', async (_, fields) => {
    await lane.addSlice(delivery)
    const { id } = await lane.addException(delivery, { state: 'TRYING', claimPass: 2 })
    const before = await lane.kept()
    const zombie = { ...fence, ...fields }
    for (const write of [matching(1, 5), settling(0, 1), over(id), waitingAgain(id)]) {
      await expect(commit(write, zombie)).rejects.toThrow(FencedError)
    }
    expect(await lane.kept()).toEqual(before)
  })

  it.each(['COMPLETED', 'CANCELLED'] as const)('touches nothing of a delivery that is %s', async (state) => {
    await fixture.db.delivery.update({ where: { id: delivery.id }, data: { state } })
    const before = await lane.kept()
    await expect(commit(matching(0, 5))).rejects.toThrow(FencedError)
    expect(await lane.kept()).toEqual(before)
  })

  it('gets no longer lease for it', async () => {
    const lease = createLease(performance.now() - 60_000)
    await expect(commit(matching(0, 5), { ...fence, pass: 1, lease })).rejects.toThrow(FencedError)
    expect(lease.holds()).toBe(false)
  })

  it('lets nothing through that it commits in the same moment as its successor', async () => {
    const committer = createCommitter(fixture)
    const zombie: Fence = { ...fence, pass: 1 }
    const ends = await Promise.allSettled([
      committer.commit(fence, matching(0, 5)),
      committer.commit(zombie, matching(1, 7)),
      committer.commit(fence, matching(2, 3)),
    ])
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    const { deliveries, slices } = await lane.kept()
    expect(slices.map(({ index, matched }) => [index, matched])).toEqual([
      [0, 5],
      [2, 3],
    ])
    expect(deliveries[0]?.matched).toBe(8n)
  })
})

describe('a commit whose answer is lost', () => {
  it('is not repeated, and the pass goes on after it', async () => {
    const committer = createCommitter({ db: losingNext(fixture.db, '$queryRaw') })
    await committer.commit(fence, matching(0, 5))
    await committer.commit(fence, matching(1, 2))
    const { deliveries, slices, lane: total, buckets } = await lane.kept()
    expect(deliveries[0]).toMatchObject({ matched: 7n, commitSequence: 9 })
    expect(slices).toHaveLength(2)
    expect(total.matched).toBe(7n)
    expect(sumsByGrain(buckets).map(({ matched }) => matched)).toEqual([7n, 7n, 7n])
  })

  it('ends its pass when another took over before it could look', async () => {
    const takeOver = { pass: { increment: 1 }, commitSequence: { increment: 1 } }
    const db = losingNext(fixture.db, '$queryRaw', () =>
      fixture.db.delivery.update({ where: { id: delivery.id }, data: takeOver }),
    )
    await expect(commit(matching(0, 5), fence, db)).rejects.toThrow(FencedError)
    expect((await lane.kept()).deliveries[0]).toMatchObject({ matched: 5n, commitSequence: 9 })
  })

  it('is told to each of its passes as it was for that one', async () => {
    const other = await lane.addDelivery({ pass: 2 })
    const committer = createCommitter({ db: losingNext(fixture.db, '$queryRaw') })
    const [first, , , zombie] = await Promise.allSettled([
      // Goes at once and loses its answer; the others come together.
      committer.commit(fence, matching(0, 1)),
      committer.commit(fence, matching(1, 1)),
      committer.commit(lane.fenceOf(other), matching(0, 4)),
      committer.commit({ ...lane.fenceOf(other), pass: 1 }, matching(1, 8)),
    ])
    expect([first?.status, zombie?.status]).toEqual(['fulfilled', 'rejected'])
    const { deliveries, lane: total } = await lane.kept()
    expect(deliveries.map(({ matched }) => matched)).toEqual([2n, 4n])
    expect(total.matched).toBe(6n)
  })
})

it('is tried again when the statement did not run at all', async () => {
  let isDown = true
  const db = new Proxy(fixture.db, {
    get(target, property) {
      if (property !== '$queryRaw' || !isDown) return Reflect.get(target, property)
      isDown = false
      return () => Promise.reject(new Error('Connection terminated unexpectedly'))
    },
  })
  await commit(matching(0, 5), fence, db)
  expect((await lane.kept()).deliveries[0]).toMatchObject({ matched: 5n, commitSequence: 8 })
})

describe('an outcome', () => {
  async function isRefused(...writes: readonly SealedWrite[]): Promise<void> {
    const before = await lane.kept()
    await Promise.all(writes.map(fails))
    expect(await lane.kept()).toEqual(before)
  }

  async function fails(write: SealedWrite): Promise<void> {
    // Beside what would be fine by itself: all of the write counts, or nothing.
    const refused = { ...write, newSlices: matching(5, 3).newSlices, counts: { ...write.counts, matched: 3 } }
    await expect(commit(refused)).rejects.toThrow(CountedTwiceError)
  }

  it('counts for a slice that is not settled, and then never again', async () => {
    await lane.addSlice(delivery)
    await commit(settling(0, 1))
    expect((await lane.kept()).slices[0]?.settledAt).not.toBeNull()
    delivery = await fixture.db.delivery.findUniqueOrThrow({ where: { id: delivery.id } })
    fence = lane.fenceOf(delivery)
    await isRefused(settling(0, 1))
    expect((await lane.kept()).deliveries[0]?.delivered).toBe(1n)
  })

  it('counts for no slice that was never stored', () => isRefused(settling(0, 1)))

  it('counts for an item that this pass has claimed, and then never again', async () => {
    const { id } = await lane.addException(delivery, { state: 'TRYING', claimPass: 2 })
    await commit(over(id))
    const { deliveries, exceptions } = await lane.kept()
    expect(exceptions).toEqual([])
    expect(deliveries[0]).toMatchObject({ delivered: 1n, retries: 1n })
    fence = lane.fenceOf(deliveries[0] ?? delivery)
    await isRefused(over(id), waitingAgain(id))
  })

  it.each<[string, { state: 'WAITING' | 'TRYING' | 'DEAD'; claimPass: number | null }]>([
    ['waits', { state: 'WAITING', claimPass: null }],
    ['waits again after this pass had claimed it', { state: 'WAITING', claimPass: 2 }],
    ['another pass has claimed', { state: 'TRYING', claimPass: 1 }],
    ['is dead', { state: 'DEAD', claimPass: 2 }],
  ])('counts for no item that %s', async (_, fields) => {
    const { id } = await lane.addException(delivery, fields)
    await isRefused(over(id), waitingAgain(id))
  })

  it('counts for no item of another delivery', async () => {
    const other = await lane.addDelivery({ pass: 2 })
    const { id } = await lane.addException(other, { state: 'TRYING', claimPass: 2 })
    await isRefused(over(id), waitingAgain(id))
  })

  it('that must not count ends its pass: what comes after it would leave a gap', async () => {
    const committer = createCommitter(fixture)
    const ends = await Promise.allSettled([
      committer.commit(fence, settling(4, 1)),
      committer.commit(fence, matching(0, 1)),
    ])
    const later = await Promise.allSettled([committer.commit(fence, matching(1, 1))])
    for (const end of [...ends, ...later]) {
      expect(end).toMatchObject({ status: 'rejected', reason: expect.any(CountedTwiceError) })
    }
    expect((await lane.kept()).slices).toEqual([])
  })

  it('that must not count takes no other pass down with it', async () => {
    const other = await lane.addDelivery({ pass: 1 })
    const committer = createCommitter(fixture)
    const ends = await Promise.allSettled([
      committer.commit(fence, matching(0, 1)),
      committer.commit(fence, settling(4, 1)),
      committer.commit(lane.fenceOf(other), matching(0, 2)),
    ])
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((await lane.kept()).deliveries.map(({ matched }) => matched)).toEqual([1n, 2n])
  })
})

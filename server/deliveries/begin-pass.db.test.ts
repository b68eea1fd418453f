/** How a pass begins: its number, its lease, and what the pass before leaves to it. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PassProgress } from '../../engine/delivering/progress.ts'
import type { Delivery } from '../../prisma/generated/client/client.ts'
import { createLaneFixture, type LaneFixture, type TestLane } from '../../test/harness/lane-fixture.ts'
import { createOpenPasses, type OpenPasses } from '../../test/harness/open-passes.ts'
import { sealPosition } from '../sources/sealed-position.ts'

let fixture: LaneFixture
let passes: OpenPasses
let lane: TestLane
let delivery: Delivery
beforeAll(async () => {
  fixture = await createLaneFixture()
  passes = createOpenPasses(fixture.db, now)
  return () => fixture.close()
})
beforeEach(async () => {
  lane = await fixture.addLane()
  delivery = await lane.addDelivery()
  return () => passes.closeAll()
})

const now = Date.UTC(2026, 0, 1, 12)
const open = () => passes.open(lane, delivery)

function read(): Promise<Delivery> {
  return fixture.db.delivery.findUniqueOrThrow({ where: { id: delivery.id } })
}

/** As if so much time had passed for the lease that the database keeps. */
async function ageLease(seconds: number): Promise<void> {
  await fixture.db.$executeRaw`
    UPDATE delivery SET lease_until = lease_until - make_interval(secs => ${seconds}::int)
    WHERE id = ${delivery.id}::uuid`
}

function hasFullLease({ lastCommitAt, leaseUntil }: Delivery): boolean {
  return leaseUntil !== null && leaseUntil.getTime() - lastCommitAt.getTime() === 10_000
}

describe('the number of a pass', () => {
  it('comes from the database, one after the other', async () => {
    const numbers: number[] = []
    for (const _ of [1, 2, 3]) numbers.push((await open()).delivery.pass)
    expect(numbers).toEqual([1, 2, 3])
    expect((await read()).pass).toBe(3)
  })

  it('is given to one only, whoever asks at once', async () => {
    const opened = await Promise.all([open(), open(), open(), open()])
    expect(opened.map((pass) => pass.delivery.pass).toSorted()).toEqual([1, 2, 3, 4])
  })

  it('is given to none for a delivery that is over, or gone', async () => {
    for (const state of ['COMPLETED', 'CANCELLED'] as const) {
      await fixture.db.delivery.update({ where: { id: delivery.id }, data: { state } })
      expect(await passes.tryOpen(lane, delivery)).toBeNull()
    }
    expect((await read()).pass).toBe(0)
    expect(await passes.tryOpen(lane, lane.lane)).toBeNull()
  })

  it('begins with the delivery under way, waiting for nothing', async () => {
    const waiting = { state: 'WAITING', waitingUntil: new Date() } as const
    await fixture.db.delivery.update({ where: { id: delivery.id }, data: waiting })
    await open()
    expect(await read()).toMatchObject({ state: 'RUNNING', waitingUntil: null })
  })
})

describe('the lease of a pass', () => {
  it('lasts ten seconds in the database, from the moment it begins', async () => {
    const { delivery: begun, progress } = await open()
    expect(hasFullLease(begun)).toBe(true)
    expect(begun.isReleased).toBe(false)
    expect(progress.isLeased()).toBe(true)
  })

  it.each<[string, (pass: PassProgress) => Promise<unknown>]>([
    ['a commit', (pass) => pass.write({ counts: { matched: 1 } })],
    ['renewing it', (pass) => pass.renewLease()],
  ])('is full again after %s', async (_, act) => {
    const { progress } = await open()
    await ageLease(8)
    await act(progress)
    expect(hasFullLease(await read())).toBe(true)
    expect((await read()).isReleased).toBe(false)
  })

  it('is waited for by the next pass when nobody gave it back, as long as it still holds', async () => {
    const { close } = await open()
    close()
    await ageLease(-3_600)
    const { leaseLeftMs } = (await open()).progress.start
    expect(leaseLeftMs).toBeGreaterThan(3_000_000)
    expect(leaseLeftMs).toBeLessThanOrEqual(3_610_000)
  })

  it('is known to have run out, and how long ago, when nobody gave it back', async () => {
    const { close } = await open()
    close()
    await ageLease(3_600)
    const { leaseLeftMs } = (await open()).progress.start
    expect(leaseLeftMs).toBeLessThan(-3_000_000)
    expect(leaseLeftMs).toBeGreaterThan(-4_500_000)
  })

  it('is no matter for the first pass', async () => {
    expect((await open()).progress.start.leaseLeftMs).toBeNull()
  })

  it.each<[string, (pass: PassProgress) => Promise<void>]>([
    ['given back', (pass) => pass.releaseLease()],
    ['given back with the end: it waits', (pass) => pass.end({ kind: 'waiting', dueAt: now })],
    ['given back with the end: it is paused', (pass) => pass.end({ kind: 'paused' })],
  ])('is no matter for the next pass when it was %s', async (_, act) => {
    const { progress } = await open()
    await act(progress)
    expect((await read()).isReleased).toBe(true)
    const next = await open()
    expect(next.progress.start.leaseLeftMs).toBeNull()
    // And is taken anew.
    expect(next.delivery.isReleased).toBe(false)
  })

  it('covers nothing more when it is given back', async () => {
    const { progress } = await open()
    await progress.releaseLease()
    expect(progress.isLeased()).toBe(false)
  })

  it('runs out by itself where the database is away: giving it back never fails', async () => {
    const { db } = fixture
    const away = new Proxy(db, {
      get(target, property) {
        const isAway = property === 'delivery' && isDown
        return isAway
          ? { updateMany: () => Promise.reject(new Error('gone')) }
          : Reflect.get(target, property)
      },
    })
    let isDown = false
    const pass = await createOpenPasses(away, now).open(lane, delivery)
    isDown = true
    await pass.progress.releaseLease()
    pass.close()
    expect((await read()).isReleased).toBe(false)
  })
})

describe('a pass', () => {
  it('finds the stretch, the slices and the time of the delivery', async () => {
    const after = sealPosition(lane.key, ['2026-01-01 00:00:00.123456', '7'])
    await fixture.db.delivery.update({ where: { id: delivery.id }, data: { after } })
    await lane.addSlice(delivery, { index: 1, matched: 5, boundary: sealPosition(lane.key, ['8', '8']) })
    await lane.addSlice(delivery, { settledAt: new Date() })
    const { start } = (await open()).progress
    expect(start).toEqual({
      stretch: { after: ['2026-01-01 00:00:00.123456', '7'], until: ['9'] },
      createdAt: delivery.createdAt.getTime(),
      isFirstPassDone: false,
      leaseLeftMs: null,
      slices: [
        { index: 0, boundary: ['1'], matched: 1, isSettled: true, started: [] },
        { index: 1, boundary: ['8', '8'], matched: 5, isSettled: false, started: [] },
      ],
    })
  })

  it.each<[string, readonly number[], readonly number[]]>([
    ['the open ones, each with the one before it, and the last', [2, 3, 5], [1, 2, 3, 4, 5, 8]],
    ['the last, where all are settled', [], [8]],
    ['all, where all are open', [0, 1, 2, 3, 4, 5, 6, 7, 8], [0, 1, 2, 3, 4, 5, 6, 7, 8]],
    ['the first without one before it', [0], [0, 8]],
  ])('finds of many slices %s', async (_, unsettled, found) => {
    const common = { workspaceId: delivery.workspaceId, deliveryId: delivery.id, matched: 1 }
    const slices = Array.from({ length: 9 }, (_each, index) => ({
      ...common,
      index,
      boundary: sealPosition(lane.key, [String(index)]),
      settledAt: unsettled.includes(index) ? null : new Date(),
    }))
    await fixture.db.slice.createMany({ data: slices })
    const { start } = (await open()).progress
    expect(start.slices.map(({ index }) => index)).toEqual(found)
    expect(start.slices.filter(({ isSettled }) => !isSettled).map(({ index }) => index)).toEqual(unsettled)
  })

  it('needs no slices once the first pass is done', async () => {
    const { progress } = await open()
    await progress.write({ newSlices: [{ index: 0, boundary: ['1'], matched: 0 }] })
    await progress.markFirstPassDone()
    const next = await open()
    expect(next.progress.start).toMatchObject({ isFirstPassDone: true, slices: [] })
  })
})

describe('what a pass was about to send', () => {
  const slice = { index: 0, boundary: ['2'], matched: 2 } as const

  it('comes back with its slice, request by request', async () => {
    const { progress } = await open()
    await progress.write({ newSlices: [slice, { ...slice, index: 1 }] })
    const first = { positions: [['1', 'a']], body: null }
    const second = { positions: [['2', 'b']], body: 'hash' }
    await progress.write({ startedSlice: { index: 0, ...first } })
    await progress.write({ startedSlice: { index: 0, ...second } })
    const { slices } = (await open()).progress.start
    expect(slices.map(({ started }) => started)).toEqual([[first, second], []])
  })

  it('is all there when several requests were begun at once', async () => {
    const { progress } = await open()
    await progress.write({ newSlices: [slice] })
    const marks = ['1', '2', '3'].map((at) => ({ positions: [[at]], body: null }))
    await Promise.all(marks.map((mark) => progress.write({ startedSlice: { index: 0, ...mark } })))
    const { slices } = (await open()).progress.start
    expect(slices[0]?.started).toHaveLength(3)
    expect(slices[0]?.started).toEqual(expect.arrayContaining(marks))
  })

  it('is no matter once its slice is settled', async () => {
    const { progress } = await open()
    await progress.write({ newSlices: [slice] })
    await progress.write({ startedSlice: { index: 0, positions: [['1']], body: null } })
    await progress.write({ settledSlices: [0] })
    const { slices } = (await open()).progress.start
    expect(slices).toMatchObject([{ isSettled: true, started: [] }])
  })

  it('comes back with the item that was tried again, and not with others', async () => {
    const { id } = await lane.addException(delivery)
    await lane.addException(delivery, { ordinal: 1, recipient: 'bob' })
    const { progress } = await open()
    const claimed = await progress.claimDue(500)
    expect(claimed.map(({ isStarted }) => isStarted)).toEqual([false, false])
    await progress.write({ startedExceptions: [id] })
    const again = await (await open()).progress.claimDue(500)
    expect(again.map(({ isStarted }) => isStarted)).toEqual([true, false])
  })

  it('is forgotten when the item waits again: what came of it is known', async () => {
    const { id } = await lane.addException(delivery)
    const { progress } = await open()
    await progress.claimDue(500)
    await progress.write({ startedExceptions: [id] })
    const waiting = { kind: 'waiting', reporter: 'vendor', code: 'busy', attempts: 2, dueAt: now } as const
    await progress.write({ exceptionChanges: [{ id, ...waiting, firstAt: now }] })
    const [again] = await progress.claimDue(500)
    expect(again).toMatchObject({ id, isStarted: false, attempts: 2 })
  })
})

/** A pass on PostgreSQL: what it can no longer do when another has taken over, when it stops, how it ends. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FencedError, type PassProgress } from '../../engine/delivering/progress.ts'
import type { Delivery } from '../../prisma/generated/client/client.ts'
import { createLaneFixture, type LaneFixture, type TestLane } from '../../test/harness/lane-fixture.ts'
import { createOpenPasses, type OpenPasses } from '../../test/harness/open-passes.ts'
import { until } from '../../test/harness/until.ts'
import { EquationError } from './assert-nothing-waits.ts'
import type { OpenPass } from './open-pass.ts'

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

describe('a pass that another has taken over', () => {
  let first: OpenPass
  let zombie: PassProgress
  let kept: Awaited<ReturnType<TestLane['kept']>>
  beforeEach(async () => {
    await lane.addException(delivery)
    first = await open()
    zombie = first.progress
    await zombie.write({ newSlices: [{ index: 0, boundary: ['1'], matched: 1 }] })
    const successor = await open()
    // It would renew its lease by itself.
    successor.close()
    kept = await lane.kept()
  })

  const fenced: readonly [string, (pass: PassProgress) => Promise<unknown>][] = [
    ['write', (pass) => pass.write({ settledSlices: [0], counts: { matched: 1 } })],
    ['renew its lease', (pass) => pass.renewLease()],
    ['say that the first pass is done', (pass) => pass.markFirstPassDone()],
    ['complete the delivery', (pass) => pass.end({ kind: 'completed' })],
    ['have it wait', (pass) => pass.end({ kind: 'waiting', dueAt: now })],
    ['have it paused', (pass) => pass.end({ kind: 'paused' })],
  ]
  it.each(fenced)('cannot %s', async (_, act) => {
    await expect(act(zombie)).rejects.toThrow(FencedError)
    expect(await lane.kept()).toEqual(kept)
  })

  it('cannot give back the lease, which is its successor’s', async () => {
    await zombie.releaseLease()
    expect(await lane.kept()).toEqual(kept)
    expect((await open()).progress.start.leaseLeftMs).not.toBeNull()
  })

  it('cannot claim what waits', async () => {
    expect(await zombie.claimDue(500)).toEqual([])
    expect(await lane.kept()).toEqual(kept)
  })

  it('cannot say why the delivery stands', async () => {
    await first.noteFailure('bad_query')
    expect(await lane.kept()).toEqual(kept)
  })

  it('sees by itself that it should stop', () => until('it sees it', () => zombie.isStopped()))
})

describe('a pass', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['its action is paused', () => fixture.db.action.updateMany({ data: { pausedAt: new Date() } })],
    [
      'its delivery is cancelled',
      () => fixture.db.delivery.update({ where: { id: delivery.id }, data: { state: 'CANCELLED' } }),
    ],
  ])('stops when %s, and not before', async (_, happen) => {
    const { progress } = await open()
    expect(progress.isStopped()).toBe(false)
    await happen()
    await until('it sees it', () => progress.isStopped())
  })

  it('of an action that is paused knows so before it could send anything', async () => {
    await fixture.db.action.update({ where: { id: lane.action.id }, data: { pausedAt: new Date() } })
    expect((await open()).progress.isStopped()).toBe(true)
  })
})

describe('what a pass has cleared', () => {
  it('is nothing as long as it only sends what is new, or asks', async () => {
    const { cleared, progress } = await open()
    await progress.write({ newSlices: [{ index: 0, boundary: ['1'], matched: 1 }], counts: { matched: 1 } })
    await progress.write({ settledSlices: [0], counts: { delivered: 1 } })
    await progress.claimDue(500)
    await progress.stillHolding([{ id: delivery.id, isSameRow: false }])
    await progress.end({ kind: 'waiting', dueAt: now })
    expect(cleared).toEqual({ earlier: false, later: false })
  })

  it('is the way of later deliveries when an item of its own has moved on', async () => {
    const { id } = await lane.addException(delivery)
    const { cleared, progress } = await open()
    await progress.claimDue(500)
    await progress.write({ exceptionChanges: [{ id, kind: 'over' }] })
    expect(cleared).toEqual({ earlier: false, later: true })
  })

  it('is the way of earlier deliveries when rows that they wait for have come again', async () => {
    const { id } = await lane.addException(delivery)
    const later = await lane.addDelivery()
    const { cleared, progress } = await passes.open(lane, later)
    await progress.stillHolding([{ id, isSameRow: true }])
    expect(cleared).toEqual({ earlier: true, later: false })
  })
})

describe('the end of a pass', () => {
  it('completes a delivery: its slices go, its counts stay', async () => {
    const { progress } = await open()
    await progress.write({
      newSlices: [{ index: 0, boundary: ['1'], matched: 2 }],
      counts: { matched: 2 },
    })
    await progress.write({ settledSlices: [0], counts: { delivered: 2 } })
    await progress.end({ kind: 'completed' })
    const { deliveries, slices } = await lane.kept()
    expect(deliveries).toMatchObject([{ state: 'COMPLETED', delivered: 2n, isReleased: true }])
    expect(deliveries[0]?.completedAt).not.toBeNull()
    expect(slices).toEqual([])
  })

  it('never completes a delivery with records that have no outcome', async () => {
    const { progress } = await open()
    await progress.write({ newSlices: [{ index: 0, boundary: ['1'], matched: 2 }], counts: { matched: 2 } })
    await progress.write({ settledSlices: [0], counts: { delivered: 1 } })
    await expect(progress.end({ kind: 'completed' })).rejects.toThrow(EquationError)
    const { deliveries, slices } = await lane.kept()
    expect(deliveries).toMatchObject([{ state: 'RUNNING', completedAt: null }])
    expect(slices).toHaveLength(1)
  })

  it('has it wait for a time, and tells what for', async () => {
    await lane.addException(delivery, { dueAt: new Date(now + 2), code: 'later' })
    await lane.addException(delivery, { dueAt: new Date(now + 1), code: 'sooner', ordinal: 1 })
    await (await open()).progress.end({ kind: 'waiting', dueAt: now + 1 })
    expect(await read()).toMatchObject({
      state: 'WAITING',
      waitingUntil: new Date(now + 1),
      errorCode: 'sooner',
    })
  })

  it('has it wait for others, for no time', async () => {
    await (await open()).progress.end({ kind: 'waiting', dueAt: null })
    expect(await read()).toMatchObject({ state: 'WAITING', waitingUntil: null })
  })

  it('has it paused', async () => {
    await (await open()).progress.end({ kind: 'paused' })
    expect(await read()).toMatchObject({ state: 'PAUSED', waitingUntil: null })
  })
})

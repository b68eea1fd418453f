/** Items as they are kept, and as a later pass finds them. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Delivery } from '../../prisma/generated/client/client.ts'
import { createLaneFixture, type LaneFixture, type TestLane } from '../../test/harness/lane-fixture.ts'
import { createOpenPasses, type OpenPasses } from '../../test/harness/open-passes.ts'

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

describe('an item that is kept', () => {
  const fault = { reporter: 'vendor', code: 'busy' } as const
  const place = { slice: 0, ordinal: 3, position: ['1', 'x'] } as const

  it('waits with all that the next try needs, and holds back its recipient', async () => {
    const { progress } = await open()
    const waiting = { kind: 'waiting', ...fault, attempts: 1, dueAt: now, firstAt: now - 1 } as const
    await progress.write({ newExceptions: [{ ...waiting, ...place, recipient: 'ann', row: 'k1' }] })
    expect(await progress.holders()).toEqual([
      {
        id: expect.any(String),
        recipient: progress.hashOf('ann'),
        row: progress.hashOf('k1'),
        isOwn: true,
      },
    ])
    expect(await progress.claimDue(500)).toEqual([
      {
        id: expect.any(String),
        ...place,
        attempts: 1,
        firstAt: now - 1,
        recipient: progress.hashOf('ann'),
        isStarted: false,
        stage: 0,
        job: null,
      },
    ])
  })

  it('keeps the stage that it has come to, and the job that has it as long as it has', async () => {
    const { id } = await lane.addException(delivery)
    const { progress } = await open()
    const job = { handle: 'job-7', acceptedAt: now, places: [3, 4], isHarmful: true }
    const waiting = { id, kind: 'waiting', ...fault, attempts: 1, dueAt: now, firstAt: now } as const
    const seen: unknown[] = []
    for (const change of [{ ...waiting, stage: 2 }, { ...waiting, job }, waiting]) {
      await progress.claimDue(500)
      await progress.write({ exceptionChanges: [change] })
      const { exceptions } = await lane.kept()
      seen.push(exceptions.map((kept) => [kept.stage, kept.job !== null]))
      expect(Buffer.from(exceptions[0]?.job ?? []).toString('latin1')).not.toContain('job-7')
    }
    expect(seen).toEqual([[[2, false]], [[2, true]], [[2, false]]])
    const again = { ...waiting, ...place, recipient: 'bob', row: 'k2', stage: 1, job }
    const { id: _, ...unnamed } = again
    await progress.write({ newExceptions: [unnamed] })
    const claimed = await progress.claimDue(500)
    expect(claimed.find(({ ordinal }) => ordinal === place.ordinal)).toMatchObject({ stage: 1, job })
  })

  it('keeps when it was first tried, goes to another recipient, and is in quarantine as long as it says', async () => {
    const { id } = await lane.addException(delivery, { firstAt: null, quarantinedUntil: new Date(now + 9) })
    const { progress } = await open()
    const waiting = { id, kind: 'waiting', ...fault, attempts: 0, dueAt: now } as const
    const changes = [
      { ...waiting, firstAt: now - 5, recipient: 'bob' },
      { ...waiting, firstAt: now - 4, quarantinedUntil: now + 100 },
      { ...waiting, firstAt: null },
    ]
    const seen: (number | undefined)[][] = []
    for (const change of changes) {
      await progress.claimDue(500)
      await progress.write({ exceptionChanges: [change] })
      const { exceptions } = await lane.kept()
      const [kept] = exceptions
      seen.push([kept?.firstAt?.getTime(), kept?.quarantinedUntil?.getTime()])
    }
    expect(seen).toEqual([
      [now - 5, undefined],
      [now - 5, now + 100],
      [now - 5, undefined],
    ])
    expect((await progress.holders()).map(({ recipient }) => recipient)).toEqual([progress.hashOf('bob')])
  })

  it('is dead with its class and its quarantine, and holds its recipient no longer than that', async () => {
    const { id } = await lane.addException(delivery)
    const { progress } = await open()
    await progress.claimDue(500)
    const dead = {
      kind: 'dead',
      outcome: 'unknown',
      ...fault,
      path: 'user',
      quarantinedUntil: now + 1,
    } as const
    await progress.write({
      exceptionChanges: [{ id, ...dead }],
      newExceptions: [
        { ...dead, outcome: 'rejected', ...place, lastPosition: ['4', 'x'], count: 4, recipient: null },
      ],
    })
    expect((await lane.kept()).exceptions).toMatchObject([
      { state: 'DEAD', outcome: 'UNKNOWN', code: 'busy', parameterPath: 'user', dueAt: null },
      { state: 'DEAD', outcome: 'REJECTED', count: 4, recipientHash: null },
    ])
    expect(await progress.holders()).toMatchObject([{ id }])
    expect(await progress.claimDue(500)).toEqual([])
  })

  it('is claimed anew by the next pass where the one before left it', async () => {
    const { id } = await lane.addException(delivery)
    expect(await (await open()).progress.claimDue(500)).toMatchObject([{ id }])
    expect(await (await open()).progress.claimDue(500)).toMatchObject([{ id }])
  })
})

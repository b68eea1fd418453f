/** Which waiting items may be tried now, and when the next one may: never one behind an open item of its recipient. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Delivery, Prisma } from '../../prisma/generated/client/client.ts'
import {
  createLaneFixture,
  type ExceptionFields,
  type LaneFixture,
  longAgo,
  type TestLane,
} from '../../test/harness/lane-fixture.ts'
import { beginPass } from './begin-pass.ts'
import { claimDue, findNextDue } from './waiting-items.ts'

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
  before = await lane.addDelivery({ pass: 1 })
  own = await lane.addDelivery({ pass: 1 })
  after = await lane.addDelivery({ pass: 1 })
})
afterAll(() => fixture.close())

const now = new Date('2026-01-01T12:00:00Z')
const inMinutes = (minutes: number) => new Date(now.getTime() + minutes * 60_000)

async function claimed(delivery: Delivery, { pass = 1, limit = 500 } = {}): Promise<readonly string[]> {
  const items = await claimDue(fixture.db, lane.key, { deliveryId: delivery.id, pass, now, limit })
  return items.map(({ id }) => id)
}

function nextDue(delivery: Delivery) {
  return findNextDue(fixture.db, delivery.id, now)
}

async function stateOf(id: string) {
  const { state, claimPass } = await fixture.db.deliveryException.findUniqueOrThrow({ where: { id } })
  return [state, claimPass]
}

/** Another item, where it stands, and whether Ann's item of the own delivery, slice 5, waits behind it. */
interface Neighbour {
  readonly of: () => Delivery
  readonly fields: ExceptionFields
}
const dead = { state: 'DEAD', outcome: 'UNKNOWN', dueAt: null } as const
const earlier: readonly [string, Neighbour][] = [
  ['one of an earlier delivery', { of: () => before, fields: {} }],
  ['one of an earlier delivery that is not due', { of: () => before, fields: { dueAt: inMinutes(60) } }],
  ['one of a later slice of an earlier delivery', { of: () => before, fields: { slice: 8, ordinal: 9 } }],
  ['one that is being tried', { of: () => before, fields: { state: 'TRYING', claimPass: 1 } }],
  ['one in quarantine', { of: () => before, fields: { quarantinedUntil: inMinutes(5) } }],
  ['its own delivery’s of an earlier slice', { of: () => own, fields: { slice: 4, ordinal: 9 } }],
  ['one before it in its own slice', { of: () => own, fields: { slice: 5, ordinal: 0 } }],
]
const quarantined: readonly [string, Neighbour][] = [
  [
    'a dead letter of an earlier delivery',
    { of: () => before, fields: { ...dead, quarantinedUntil: inMinutes(5) } },
  ],
  [
    'a dead letter of its own delivery',
    { of: () => own, fields: { ...dead, slice: 4, quarantinedUntil: inMinutes(5) } },
  ],
]
const harmless: readonly [string, Neighbour][] = [
  ['one of another recipient', { of: () => before, fields: { recipient: 'bob' } }],
  ['one of no recipient', { of: () => before, fields: { recipient: null } }],
  ['a dead letter', { of: () => before, fields: dead }],
  [
    'a dead letter whose quarantine is over',
    { of: () => before, fields: { ...dead, quarantinedUntil: inMinutes(-1) } },
  ],
  ['one of a later delivery', { of: () => after, fields: {} }],
  ['one of an earlier slice of a later delivery', { of: () => after, fields: { slice: 0 } }],
  ['its own delivery’s of a later slice', { of: () => own, fields: { slice: 6, ordinal: 0 } }],
  ['one after it in its own slice', { of: () => own, fields: { slice: 5, ordinal: 2 } }],
  [
    'a dead letter in quarantine of a later delivery',
    { of: () => after, fields: { ...dead, quarantinedUntil: inMinutes(5) } },
  ],
]

describe('an item that is due', () => {
  async function addOwn(fields: ExceptionFields = {}): Promise<string> {
    return (await lane.addException(own, { slice: 5, ordinal: 1, ...fields })).id
  }

  it('is claimed for the pass, once', async () => {
    const id = await addOwn()
    expect(await claimed(own)).toEqual([id])
    expect(await stateOf(id)).toEqual(['TRYING', 1])
    expect(await claimed(own)).toEqual([])
  })

  it.each(earlier)('waits behind %s', async (_, { of, fields }) => {
    const id = await addOwn()
    await lane.addException(of(), fields)
    expect(await claimed(own)).not.toContain(id)
    expect(await stateOf(id)).toEqual(['WAITING', null])
  })

  it.each(quarantined)('waits for the end of the quarantine of %s', async (_, { of, fields }) => {
    const id = await addOwn()
    await lane.addException(of(), fields)
    expect(await claimed(own)).toEqual([])
    expect(await nextDue(own)).toEqual({ kind: 'at', dueAt: inMinutes(5).getTime() })
    const later = { deliveryId: own.id, pass: 1, now: inMinutes(5), limit: 500 }
    expect(await claimDue(fixture.db, lane.key, later)).toMatchObject([{ id }])
  })

  it.each(harmless)('does not wait for %s', async (_, { of, fields }) => {
    const id = await addOwn()
    await lane.addException(of(), fields)
    expect(await nextDue(own)).toEqual({ kind: 'at', dueAt: longAgo.getTime() })
    expect(await claimed(own)).toContain(id)
  })

  it('does not wait for one of another lane, of its workspace or of another', async () => {
    for (const other of [await fixture.addLane(lane), await fixture.addLane()]) {
      const delivery = await other.addDelivery({ sequence: 1 })
      // Even the same hash names nobody there.
      await other.addException(delivery, { recipientHash: lane.key.hash('ann') })
    }
    const id = await addOwn()
    expect(await nextDue(own)).toEqual({ kind: 'at', dueAt: longAgo.getTime() })
    expect(await claimed(own)).toEqual([id])
  })

  it('is claimed by its own delivery only', async () => {
    await addOwn()
    expect(await claimed(before)).toEqual([])
    expect(await claimed(after)).toEqual([])
  })

  it.each([0, 2])('is not claimed for pass %i, which is not the delivery’s', async (pass) => {
    const id = await addOwn()
    expect(await claimed(own, { pass })).toEqual([])
    expect(await stateOf(id)).toEqual(['WAITING', null])
  })

  it('is not claimed before it is due', async () => {
    const id = await addOwn({ dueAt: inMinutes(1) })
    expect(await claimed(own)).toEqual([])
    expect(await nextDue(own)).toEqual({ kind: 'at', dueAt: inMinutes(1).getTime() })
    await fixture.db.deliveryException.update({ where: { id }, data: { dueAt: now } })
    expect(await claimed(own)).toEqual([id])
  })

  it('is claimed in the order of the delivery, as many as are wanted', async () => {
    const places = [
      [1, 0],
      [0, 7],
      [0, 2],
      [2, 1],
    ] as const
    for (const [slice, ordinal] of places) {
      await addOwn({ slice, ordinal, recipient: `${slice}-${ordinal}` })
    }
    const claim = { deliveryId: own.id, pass: 1, now, limit: 3 }
    const first = await claimDue(fixture.db, lane.key, claim)
    const second = await claimDue(fixture.db, lane.key, claim)
    const placesOf = (items: typeof first) => items.map(({ slice, ordinal }) => [slice, ordinal])
    expect([...placesOf(first), ...placesOf(second)]).toEqual([
      [0, 2],
      [0, 7],
      [1, 0],
      [2, 1],
    ])
  })

  it('is one a recipient: the next is claimed when the first is over', async () => {
    const first = await addOwn()
    const second = await addOwn({ ordinal: 2 })
    expect(await claimed(own)).toEqual([first])
    expect(await claimed(own)).toEqual([])
    await fixture.db.deliveryException.delete({ where: { id: first } })
    expect(await claimed(own)).toEqual([second])
  })

  it('comes with all that was kept of it', async () => {
    const startedAt = new Date('2026-01-01T11:00:00Z')
    await addOwn({ position: ['2026-01-01 00:00:00.123456', '7'], attempts: 3, startedAt })
    await addOwn({ recipient: 'bob', ordinal: 3, firstAt: null, attempts: 0 })
    const hashOf = (text: string) => Buffer.from(lane.key.hash(text)).toString('base64')
    expect(await claimDue(fixture.db, lane.key, { deliveryId: own.id, pass: 1, now, limit: 9 })).toEqual([
      {
        id: expect.any(String),
        slice: 5,
        ordinal: 1,
        position: ['2026-01-01 00:00:00.123456', '7'],
        attempts: 3,
        firstAt: longAgo.getTime(),
        recipient: hashOf('ann'),
        isStarted: true,
        stage: 0,
        job: null,
      },
      expect.objectContaining({ recipient: hashOf('bob'), firstAt: null, isStarted: false }),
    ])
  })
})

describe('the next due time', () => {
  it('is never when no item waits', async () => {
    await lane.addException(own, dead)
    await lane.addException(before)
    expect(await nextDue(own)).toEqual({ kind: 'never' })
  })

  it('is that of the item due first of all that may be tried', async () => {
    await lane.addException(own, { recipient: 'bob', dueAt: inMinutes(3) })
    await lane.addException(own, { recipient: 'cyd', dueAt: inMinutes(2), ordinal: 1 })
    await lane.addException(before, { recipient: 'dan' })
    await lane.addException(own, { recipient: 'dan', dueAt: inMinutes(1), ordinal: 2 })
    expect(await nextDue(own)).toEqual({ kind: 'at', dueAt: inMinutes(2).getTime() })
  })

  it('counts an item as waiting that was claimed and not sent', async () => {
    await lane.addException(own, { state: 'TRYING', claimPass: 1, dueAt: inMinutes(-1) })
    expect(await nextDue(own)).toEqual({ kind: 'at', dueAt: inMinutes(-1).getTime() })
  })

  it.each(earlier.slice(0, 5))('is unknown while every item is behind %s', async (_, { of, fields }) => {
    await lane.addException(of(), fields)
    await lane.addException(own, { slice: 5 })
    expect(await nextDue(own)).toEqual({ kind: 'behind' })
  })

  it('is that of the own item which others are behind', async () => {
    await lane.addException(own, { dueAt: inMinutes(4) })
    await lane.addException(own, { ordinal: 1 })
    expect(await nextDue(own)).toEqual({ kind: 'at', dueAt: inMinutes(4).getTime() })
  })

  it('is the item’s own where the quarantine before it ends sooner', async () => {
    await lane.addException(before, { ...dead, quarantinedUntil: inMinutes(5) })
    await lane.addException(before, { ...dead, quarantinedUntil: inMinutes(6), ordinal: 1 })
    await lane.addException(own, { dueAt: inMinutes(7) })
    expect(await nextDue(own)).toEqual({ kind: 'at', dueAt: inMinutes(7).getTime() })
    await lane.addException(own, { ordinal: 1, recipient: 'bob', dueAt: inMinutes(9) })
    await fixture.db.deliveryException.updateMany({
      where: { deliveryId: own.id },
      data: { dueAt: inMinutes(1) },
    })
    await lane.addException(before, { ...dead, recipient: 'bob', quarantinedUntil: inMinutes(60) })
    expect(await nextDue(own)).toEqual({ kind: 'at', dueAt: inMinutes(6).getTime() })
  })
})

describe('an item that an earlier pass had claimed', () => {
  it('is claimed by the next one, which alone can settle it then', async () => {
    const { id } = await lane.addException(own)
    expect(await claimed(own)).toEqual([id])
    await beginPass(fixture.db, own.id)
    // Until then it is as the earlier pass may have it: under way.
    expect(await stateOf(id)).toEqual(['TRYING', 1])
    expect(await claimed(own, { pass: 2 })).toEqual([id])
    expect(await stateOf(id)).toEqual(['TRYING', 2])
    expect(await claimed(own, { pass: 2 })).toEqual([])
  })

  it('is claimed by no other delivery’s, and not before what stands before it', async () => {
    const { id } = await lane.addException(own, { state: 'TRYING', claimPass: 7 })
    const first = await lane.addException(before, { state: 'TRYING', claimPass: 7 })
    expect(await claimed(own)).toEqual([])
    expect(await claimed(before)).toEqual([first.id])
    expect(await stateOf(id)).toEqual(['TRYING', 7])
  })
})

describe('a pass that is taken over while it claims', () => {
  it('claims nothing any more, not even what its successor has claimed', async () => {
    const { id } = await lane.addException(own)
    // The successor has its number and has claimed, and is not yet committed.
    const lock = await fixture.lock(Prisma.sql`
      WITH begun AS (UPDATE delivery SET pass = 2 WHERE id = ${own.id}::uuid)
      UPDATE delivery_exception SET state = 'TRYING', claim_pass = 2 WHERE id = ${id}::uuid`)
    const claims = claimed(own)
    await fixture.untilBlocked(1)
    await lock.letGo()
    expect(await claims).toEqual([])
    expect(await stateOf(id)).toEqual(['TRYING', 2])
  })

  it('has its successor wait for what it claims, and leaves it to it', async () => {
    const { id } = await lane.addException(own)
    const lock = await fixture.lock(
      Prisma.sql`SELECT FROM delivery_exception WHERE id = ${id}::uuid FOR UPDATE`,
    )
    const claims = claimed(own)
    await fixture.untilBlocked(1)
    const begun = beginPass(fixture.db, own.id)
    await Promise.race([begun, fixture.untilBlocked(2)])
    expect((await fixture.db.delivery.findUniqueOrThrow({ where: { id: own.id } })).pass).toBe(1)
    await lock.letGo()
    expect(await claims).toEqual([id])
    expect((await begun)?.delivery.pass).toBe(2)
    expect(await claimed(own, { pass: 2 })).toEqual([id])
  })
})

/** Which deliveries of a lane are woken after a pass of one: those that it may have cleared the way for. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Delivery } from '../../prisma/generated/client/client.ts'
import { createLaneFixture, type LaneFixture, type TestLane } from '../../test/harness/lane-fixture.ts'
import { createRecordingWorkflows } from '../../test/harness/recording-workflows.ts'
import { type Cleared, wakeNeighbours } from './wake-neighbours.ts'

let fixture: LaneFixture
let lane: TestLane
beforeAll(async () => {
  fixture = await createLaneFixture()
})
beforeEach(async () => {
  lane = await fixture.addLane()
})
afterAll(() => fixture.close())

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000)
const held = { code: 'held', attempts: 0, firstAt: null } as const

const both: Cleared = { earlier: true, later: true }

async function wokenBy(delivery: Delivery, cleared = both): Promise<readonly string[]> {
  const { calls, wakeDelivery } = createRecordingWorkflows()
  await wakeNeighbours({ db: fixture.db, wakeDelivery }, delivery, cleared)
  return calls.map(({ id }) => id)
}

describe('a later delivery', () => {
  let own: Delivery
  beforeEach(async () => {
    own = await lane.addDelivery({ state: 'WAITING' })
  })

  it.each(['WAITING', 'RUNNING'] as const)(
    'is woken when items of it wait behind others and it is %s',
    async (state) => {
      const later = await lane.addDelivery({ state })
      await lane.addException(later, held)
      await lane.addException(later, { ...held, ordinal: 1 })
      expect(await wokenBy(own)).toEqual([later.id])
    },
  )

  it('is left alone when its items wait for a time', async () => {
    const later = await lane.addDelivery({ state: 'WAITING', waitingUntil: inMinutes(5) })
    await lane.addException(later, { code: 'busy' })
    await lane.addException(later, { code: 'held', state: 'DEAD', outcome: 'EXHAUSTED', ordinal: 1 })
    expect(await wokenBy(own)).toEqual([])
  })

  it.each(['COMPLETED', 'CANCELLED', 'PAUSED'] as const)('is left alone when it is %s', async (state) => {
    const later = await lane.addDelivery({ state })
    await lane.addException(later, held)
    expect(await wokenBy(own)).toEqual([])
  })

  it('is left alone when it is of another lane', async () => {
    const other = await fixture.addLane(lane)
    const later = await other.addDelivery({ sequence: 5, state: 'WAITING' })
    await other.addException(later, held)
    expect(await wokenBy(own)).toEqual([])
  })
})

describe('an earlier delivery', () => {
  it('is woken when nothing of it waits any more: what it waited for was superseded', async () => {
    const earlier = await lane.addDelivery({ state: 'WAITING', waitingUntil: inMinutes(60) })
    await lane.addException(earlier, { state: 'DEAD', outcome: 'REFUSED', dueAt: null })
    expect(await wokenBy(await lane.addDelivery())).toEqual([earlier.id])
  })

  it('is woken when an item of it is due before it would wake by itself', async () => {
    const earlier = await lane.addDelivery({ state: 'WAITING', waitingUntil: inMinutes(60) })
    await lane.addException(earlier, { dueAt: inMinutes(5) })
    expect(await wokenBy(await lane.addDelivery())).toEqual([earlier.id])
  })

  it.each(['WAITING', 'TRYING'] as const)('is left alone while an item of it is %s', async (state) => {
    const waitingUntil = inMinutes(60)
    const earlier = await lane.addDelivery({ state: 'WAITING', waitingUntil })
    await lane.addException(earlier, { state, dueAt: waitingUntil })
    expect(await wokenBy(await lane.addDelivery())).toEqual([])
  })

  it('is woken when items of it wait behind others, which may be those that were superseded', async () => {
    const earlier = await lane.addDelivery({ state: 'WAITING' })
    await lane.addException(earlier, held)
    expect(await wokenBy(await lane.addDelivery())).toEqual([earlier.id])
  })

  it.each(['COMPLETED', 'CANCELLED', 'PAUSED'] as const)('is left alone when it is %s', async (state) => {
    await lane.addDelivery({ state })
    expect(await wokenBy(await lane.addDelivery())).toEqual([])
  })
})

describe('a pass', () => {
  it.each<[string, Cleared, readonly number[]]>([
    ['nothing', { earlier: false, later: false }, []],
    ['items of earlier deliveries', { earlier: true, later: false }, [1]],
    ['items of its own', { earlier: false, later: true }, [3]],
    ['both', both, [1, 3]],
  ])(
    'that has cleared %s wakes whom that concerns: neighbours must not wake one another for ever',
    async (_, cleared, woken) => {
      const deliveries = [1, 2, 3].map(() => lane.addDelivery({ state: 'WAITING' }))
      const [first, own, third] = await Promise.all(deliveries)
      if (first === undefined || own === undefined || third === undefined)
        throw new Error('Three were added.')
      await lane.addException(third, held)
      const ids = await wokenBy(own, cleared)
      const sequences = [first, own, third].flatMap(({ id, sequence }) =>
        ids.includes(id) ? [sequence] : [],
      )
      expect(sequences).toEqual(woken)
    },
  )

  it('leaves its own delivery to its own workflow', async () => {
    const own = await lane.addDelivery({ state: 'WAITING' })
    await lane.addException(own, held)
    expect(await wokenBy(own)).toEqual([])
  })
})

/** Dead letters counted by class, in the statement that commits them: as exactly as everything else of it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FencedError } from '../../engine/delivering/progress.ts'
import type { Delivery, ErrorBucket } from '../../prisma/generated/client/client.ts'
import { createLaneFixture, type LaneFixture, type TestLane } from '../../test/harness/lane-fixture.ts'
import { CountedTwiceError, createCommitter, type SealedWrite } from '../deliveries/committer.ts'
import { grains } from '../metrics/ranges.ts'

let fixture: LaneFixture
let lane: TestLane
let delivery: Delivery
let ordinal: number
beforeAll(async () => {
  fixture = await createLaneFixture()
})
beforeEach(async () => {
  lane = await fixture.addLane()
  delivery = await lane.addDelivery({ pass: 2, commitSequence: 0, state: 'RUNNING' })
  ordinal = 0
})
afterAll(() => fixture.close())

type NewException = SealedWrite['newExceptions'][number]

const fault: Omit<SealedWrite['changedExceptions'][number], 'id'> = {
  ...({ state: 'DEAD', outcome: 'REFUSED', reporter: 'VENDOR', code: 'bad_email' } as const),
  ...{ parameter_path: null, template_place: null, attempts: null, stage: null, job: null },
  ...{ due_at: null, quarantined_until: null, recipient_hash: null, first_at: null },
}

function exception(fields: Partial<NewException> = {}): NewException {
  ordinal += 1
  const place = { slice: 0, ordinal, position: 'AA==', last_position: null, row_hash: null }
  return { ...fault, ...place, count: 1, ...fields }
}

function write(fields: Partial<SealedWrite>): SealedWrite {
  return {
    ...{ newSlices: [], startedSlices: [], startedExceptions: [], settledSlices: [], newExceptions: [] },
    ...{ overExceptions: [], changedExceptions: [], counts: {} },
    ...fields,
  }
}

async function commit(fields: Partial<SealedWrite>): Promise<void> {
  const current = await fixture.db.delivery.findUniqueOrThrow({ where: { id: delivery.id } })
  await createCommitter(fixture).commit(lane.fenceOf(current), write(fields))
}

function buckets(): Promise<ErrorBucket[]> {
  return fixture.db.errorBucket.findMany({ where: { actionId: lane.action.id }, orderBy: { count: 'desc' } })
}

/** Minutes, hours and days say the same. */
async function countedAlike(): Promise<Readonly<Record<string, bigint>>> {
  const all = await buckets()
  const sums = grains.map((grain) => {
    const byClass: Record<string, bigint> = {}
    for (const each of all.filter((bucket) => bucket.grain === grain)) {
      const place =
        each.template === '' ? '' : ` ${each.template}:${each.templateLine}:${each.templateColumn}`
      const name = `${each.reporter} ${each.outcome} ${each.code} ${each.parameterPath}${place}`.trim()
      byClass[name] = (byClass[name] ?? 0n) + each.count
    }
    return byClass
  })
  expect(sums[0]).toEqual(sums[1])
  expect(sums[0]).toEqual(sums[2])
  return sums[0] ?? {}
}

describe('what became a dead letter', () => {
  it('is counted by class, with when it was seen first and last', async () => {
    await commit({
      newExceptions: [
        exception({ count: 3 }),
        exception(),
        exception({
          outcome: 'REJECTED',
          reporter: 'SLUICE',
          code: 'invalid_email',
          parameter_path: 'email',
        }),
      ],
    })
    const [first] = await buckets()
    await commit({ newExceptions: [exception({ count: 2 })] })
    expect(await countedAlike()).toEqual({
      'VENDOR REFUSED bad_email': 6n,
      'SLUICE REJECTED invalid_email email': 1n,
    })
    const [both] = await buckets()
    expect(both?.firstAt).toEqual(first?.firstAt)
    expect(Number(both?.lastAt)).toBeGreaterThan(Number(first?.lastAt))
  })

  it('is counted too where it was tried again and waited before', async () => {
    const waiting = await lane.addException(delivery, { state: 'TRYING', claimPass: 2 })
    await commit({
      changedExceptions: [{ ...fault, id: waiting.id, outcome: 'EXHAUSTED', code: 'http_503' }],
    })
    expect(await countedAlike()).toEqual({ 'VENDOR EXHAUSTED http_503': 1n })
  })

  it('has its place in a template, and a list as a whole for its place in a list', async () => {
    const place = { template: 'Mail', line: 2, column: 5 }
    await commit({
      newExceptions: [
        exception({ code: 'not_json', template_place: place, parameter_path: 'body' }),
        exception({ parameter_path: 'events.0.name' }),
        exception({ parameter_path: 'events.17.name' }),
        exception({ parameter_path: 'custom2.3' }),
      ],
    })
    expect(await countedAlike()).toEqual({
      'VENDOR REFUSED not_json body Mail:2:5': 1n,
      'VENDOR REFUSED bad_email events.*.name': 2n,
      'VENDOR REFUSED bad_email custom2.*': 1n,
    })
  })
})

describe('what is no dead letter', () => {
  it('is not counted: what waits, what was delivered by a retry', async () => {
    const tried = await lane.addException(delivery, { state: 'TRYING', claimPass: 2 })
    await commit({
      newExceptions: [exception({ state: 'WAITING', outcome: null, due_at: '2026-01-01T00:00:00Z' })],
      overExceptions: [tried.id],
    })
    expect(await buckets()).toEqual([])
  })

  it('is not counted where the commit does not hold: of a zombie, of what would count twice', async () => {
    const zombie = { ...lane.fenceOf(delivery), pass: 1 }
    const dead = write({ newExceptions: [exception()] })
    await expect(createCommitter(fixture).commit(zombie, dead)).rejects.toThrow(FencedError)
    await expect(commit({ newExceptions: [exception()], settledSlices: [0] })).rejects.toThrow(
      CountedTwiceError,
    )
    expect(await buckets()).toEqual([])
  })
})

describe('what a vendor makes up', () => {
  const made = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => exception({ parameter_path: `p${from + index}_` }))

  it('is counted one by one up to a hundred classes a day, then together; none is lost', async () => {
    await commit({ newExceptions: made(0, 60) })
    await commit({ newExceptions: made(50, 130) })
    // A known class goes on by itself.
    await commit({ newExceptions: [...made(0, 10), ...made(200, 205)] })
    const counted = await countedAlike()
    const { 'VENDOR REFUSED further_errors': further = 0n, ...classes } = counted
    expect(Object.keys(classes)).toHaveLength(100)
    expect(classes['VENDOR REFUSED bad_email p0_']).toBe(2n)
    const sum = Object.values(counted).reduce((all, count) => all + count, 0n)
    expect([sum, further]).toEqual([155n, 35n])
  })

  it('does not fail a commit by its length', async () => {
    await commit({ newExceptions: [exception({ parameter_path: 'é'.repeat(20_000) })] })
    const [only] = Object.keys(await countedAlike())
    expect(only).toHaveLength('VENDOR REFUSED bad_email '.length + 300)
  })
})

it('counts several deliveries of one commit, each for its action', async () => {
  const other = await fixture.addLane()
  const theirs = await other.addDelivery({ pass: 1, state: 'RUNNING' })
  const second = await lane.addDelivery({ pass: 1, state: 'RUNNING' })
  const committer = createCommitter(fixture)
  await Promise.all([
    committer.commit(lane.fenceOf(delivery), write({ newExceptions: [exception({ count: 5 })] })),
    committer.commit(lane.fenceOf(second), write({ newExceptions: [exception({ count: 2 })] })),
    committer.commit(other.fenceOf(theirs), write({ newExceptions: [exception({ count: 4 })] })),
  ])
  expect(await countedAlike()).toEqual({ 'VENDOR REFUSED bad_email': 7n })
  lane = other
  expect(await countedAlike()).toEqual({ 'VENDOR REFUSED bad_email': 4n })
})

/** A lost answer leaves open what the vendor did: what could do harm is not repeated, everything else is. */
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { attribute, type Scene, withScenes } from '../harness/scene.ts'
import type { Row } from '../harness/seed.ts'
import { type Stack, startStack } from '../harness/stack.ts'

let stack: Stack
const it = withScenes(() => stack)
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

const toAttributes = [attribute('externalId', 'id'), attribute('email', 'email')]
const toEvents = [
  attribute('externalId', 'id'),
  { parameter: 'events', key: 'name', from: { kind: 'constant', value: 'signed_up' } },
]
const soon = { retryDelaysMs: [50] }

function users(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => ({ id: index + 1, email: `u${index + 1}@example.com` }))
}

function ids({ braze }: Scene): readonly number[] {
  return [...braze.profiles()].map(({ externalId }) => Number(externalId)).sort((a, b) => a - b)
}

const allOf = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

/** How often the vendor has counted each user's event. */
function eventCounts({ braze }: Scene): readonly number[] {
  return [...braze.profiles()].flatMap(({ events }) => events.map(({ count }) => count))
}

describe.concurrent('an answer that does not come', () => {
  const impatient = { ...soon, requestTimeoutMs: 400, applyWithinMs: 500 }

  it('leaves events unknown: they may have been taken, and are not repeated', async ({ createScene }) => {
    const scene = await createScene({
      from: users(150),
      mappings: toEvents,
      action: impatient,
      faults: [{ kind: 'hang', externalId: '80', stores: true }],
    })
    const { counts, deadLetters } = await scene.settled(150)
    expect(counts).toMatchObject({ matched: 150, delivered: 75, unknown: 75, retries: 0, requests: 2 })
    expect(deadLetters).toEqual([
      { outcome: 'UNKNOWN', reporter: 'VENDOR', code: 'timed_out', parameterPath: null, count: 75 },
    ])
    expect(scene.braze.requests).toBe(2)
    expect(eventCounts(scene)).toEqual(Array.from({ length: 150 }, () => 1))
  })

  it('is no harm for attributes: they are sent again', async ({ createScene }) => {
    const scene = await createScene({
      from: users(5),
      mappings: toAttributes,
      action: impatient,
      faults: [{ kind: 'hang', times: 2 }],
    })
    const { counts } = await scene.settled(5)
    expect(counts).toMatchObject({ matched: 5, delivered: 5, unknown: 0, retries: 10, requests: 3 })
    expect(ids(scene)).toEqual(allOf(5))
  })

  it('is the same when the connection breaks, or the answer cannot be read', async ({ createScene }) => {
    const events = await createScene({
      from: users(200),
      mappings: toEvents,
      action: soon,
      faults: [
        { kind: 'reset', externalId: '1', stores: true },
        { kind: 'garbage', externalId: '76' },
      ],
    })
    const observed = await events.settled(200)
    expect(observed.counts).toMatchObject({ matched: 200, delivered: 50, unknown: 150, retries: 0 })
    expect(observed.deadLetters.map(({ outcome, code }) => [outcome, code]).sort()).toEqual([
      ['UNKNOWN', 'connection_lost'],
      ['UNKNOWN', 'unreadable_answer'],
    ])
    expect(eventCounts(events)).toEqual(Array.from({ length: 200 }, () => 1))

    const attributes = await createScene({
      from: users(200),
      mappings: toAttributes,
      action: soon,
      faults: [
        { kind: 'reset', externalId: '1' },
        { kind: 'garbage', externalId: '76' },
      ],
    })
    expect((await attributes.settled(200)).counts).toMatchObject({
      matched: 200,
      delivered: 200,
      retries: 150,
    })
    expect(ids(attributes)).toEqual(allOf(200))
  })
})

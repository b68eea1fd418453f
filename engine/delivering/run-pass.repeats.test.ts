/** What may not be sent twice is not, however a pass ended: it is sent once, or told as unknown. */
import { describe, expect, it } from 'vitest'
import { createPassScene, customers, type SceneOptions } from '../../test/harness/pass-scene.ts'
import { failing, inTurn } from '../../test/harness/scripted-vendor.ts'
import { deduplicationHeader, mostItems } from '../../test/harness/test-connector.ts'
import type { ActionType } from '../../test/harness/test-lane.ts'

const minute = 60_000

/** A first pass over one request of events that is killed when the vendor has taken it. */
async function withOneTaken(actionType: ActionType, options: Partial<SceneOptions> = {}) {
  let isKilled = false
  const headers: (string | undefined)[] = []
  const { reply } = options
  const scene = createPassScene({
    rows: customers(mostItems),
    actionType,
    ...options,
    reply: (items, request) => {
      headers.push(request.headers[deduplicationHeader])
      return reply?.(items, request) ?? { kind: 'results' }
    },
    async around(moment, what) {
      if (!isKilled && moment === 'before' && what === 'write' && scene.vendor.requests.length > 0) {
        isKilled = true
        throw new Error('killed')
      }
    },
  })
  await expect(scene.pass()).rejects.toThrow('killed')
  expect(scene.vendor.events).toHaveLength(mostItems)
  return { scene, headers }
}

describe('an event that the vendor counts each time', () => {
  it('is written down before it is sent', async () => {
    const marks: unknown[] = []
    const scene = createPassScene({
      rows: customers(2),
      actionType: 'add-event',
      reply: () => {
        marks.push(...scene.delivery.slices.flatMap(({ started }) => started))
        return { kind: 'results' }
      },
    })
    await scene.pass()
    expect(marks).toEqual([
      {
        positions: [
          ['10', '0'],
          ['10', '1'],
        ],
        body: null,
      },
    ])
  })

  it('is unknown, not repeated, after a kill', async () => {
    const { scene } = await withOneTaken('add-event')
    await scene.passUntilCompleted()
    expect(scene.vendor.requests).toHaveLength(1)
    expect(scene.delivery.totals).toMatchObject({ matched: mostItems, unknown: mostItems, delivered: 0 })
  })

  it('is unknown by its own name when its row is no longer there', async () => {
    const { scene } = await withOneTaken('add-event')
    scene.source.rows.delete(1)
    scene.source.rows.set(3, { id: 3, changed: 99, user: 'u3', value: 'newer' })
    await scene.passUntilCompleted()
    expect(scene.delivery.totals).toMatchObject({ unknown: mostItems, superseded: 0, gone: 0 })
    const alone = scene.delivery.dead.filter(({ count }) => count === 1).map(({ position }) => position[1])
    expect(alone).toEqual(expect.arrayContaining(['1', '3']))
  })

  it('is sent when it was not among what was begun', async () => {
    let isKilled = false
    const scene = createPassScene({
      rows: customers(3 * mostItems),
      actionType: 'add-event',
      async around(moment, what) {
        if (isKilled || moment === 'after' || what !== 'write' || scene.delivery.slices.length === 0) return
        isKilled = true
        throw new Error('killed')
      },
    })
    // The page is stored; not even the first mark is.
    await expect(scene.pass()).rejects.toThrow('killed')
    await scene.passUntilCompleted()
    expect(scene.delivery.totals.delivered + scene.delivery.totals.unknown).toBe(3 * mostItems)
    expect(new Set(scene.vendor.events).size).toBe(scene.vendor.events.length)
    expect(scene.delivery.totals.delivered).toBeGreaterThan(0)
  })

  it('is unknown after a kill while it was tried again', async () => {
    let isKilled = false
    const scene = createPassScene({
      rows: customers(mostItems),
      actionType: 'add-event',
      reply: inTurn(failing('u2', 'busy')),
      async around(moment, what) {
        const isRetried = scene.vendor.requests.length === 2
        if (isKilled || !isRetried || moment === 'after' || what !== 'write') return
        isKilled = true
        throw new Error('killed')
      },
    })
    await scene.pass()
    scene.wait(10 * minute)
    await expect(scene.pass()).rejects.toThrow('killed')
    await scene.passUntilCompleted()
    expect(scene.vendor.requests).toHaveLength(2)
    expect(scene.vendor.events).toHaveLength(mostItems)
    expect(scene.delivery.totals).toMatchObject({ delivered: mostItems - 1, unknown: 1 })
  })
})

describe('an event that the vendor knows by its key', () => {
  it('is repeated, and nothing is written down', async () => {
    const { scene } = await withOneTaken('add-event-by-key')
    expect(scene.delivery.slices.flatMap(({ started }) => started)).toEqual([])
    await scene.passUntilCompleted()
    const [first, second] = scene.vendor.requests
    expect(second?.map(({ key }) => key)).toEqual(first?.map(({ key }) => key))
    expect(scene.delivery.totals).toMatchObject({ delivered: mostItems, unknown: 0 })
  })

  it('is asked again when no answer came', async () => {
    const scene = createPassScene({
      rows: customers(mostItems),
      actionType: 'add-event-by-key',
      reply: inTurn({ kind: 'hang', isTaken: true }),
    })
    await scene.passUntilCompleted()
    expect(scene.delivery.totals).toMatchObject({ delivered: mostItems, unknown: 0 })
  })
})

describe('an event that the vendor knows by its request', () => {
  it('is repeated with the identical request', async () => {
    const { scene, headers } = await withOneTaken('add-event-by-request')
    await scene.passUntilCompleted()
    expect(scene.vendor.requests).toHaveLength(2)
    expect(scene.vendor.requests[1]).toEqual(scene.vendor.requests[0])
    expect(headers[0]).toMatch(/./)
    expect(headers[1]).toBe(headers[0])
    expect(scene.delivery.totals).toMatchObject({ delivered: mostItems, unknown: 0 })
  })

  it.each<[string, (scene: Awaited<ReturnType<typeof withOneTaken>>['scene']) => void]>([
    ['changed', ({ source }) => source.rows.set(1, { id: 1, changed: 10, user: 'u1', value: 'other' })],
    ['is gone', ({ source }) => source.rows.delete(1)],
  ])('is unknown when a row of the request %s', async (_, change) => {
    const { scene } = await withOneTaken('add-event-by-request')
    change(scene)
    await scene.passUntilCompleted()
    expect(scene.vendor.requests).toHaveLength(1)
    expect(scene.delivery.totals).toMatchObject({ delivered: 0, unknown: mostItems })
  })

  it('is unknown when the answer to the repetition is not final', async () => {
    const { scene } = await withOneTaken('add-event-by-request', {
      reply: inTurn({ kind: 'results' }, failing('u2', 'busy')),
    })
    await scene.passUntilCompleted()
    expect(scene.vendor.requests).toHaveLength(2)
    expect(scene.delivery.totals).toMatchObject({ delivered: mostItems - 1, unknown: 1 })
    expect(scene.delivery.dead).toMatchObject([{ position: ['10', '2'] }])
  })

  it('is unknown when no answer came', async () => {
    const scene = createPassScene({
      rows: customers(mostItems),
      actionType: 'add-event-by-request',
      reply: inTurn({ kind: 'hang', isTaken: false }),
    })
    await scene.passUntilCompleted()
    expect(scene.vendor.requests).toHaveLength(1)
    expect(scene.delivery.totals).toMatchObject({ unknown: mostItems })
  })
})

/** Rows that change or go while their delivery waits: no older value is ever sent after a newer one. */
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { mutate } from '../harness/mutate.ts'
import { attribute, withScenes } from '../harness/scene.ts'
import type { Row } from '../harness/seed.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/until.ts'
import { history, plans } from '../harness/what-was-sent.ts'

let stack: Stack
const it = withScenes(() => stack)
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

const mappings = [attribute('externalId', 'id'), attribute('attributes', 'plan', 'plan')]
const byTime = { cursorMode: 'TIMESTAMP_INCREMENTING', timestampColumn: 'changed_at', incrementColumn: 'id' }

function row(id: number, plan: string, second: number): Row {
  return { id, plan, changed_at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString() }
}

const always = Number.POSITIVE_INFINITY
const isDown = { kind: 'status', status: 503, times: always } as const

describe.concurrent('between a failure and its retry', () => {
  it('a changed row is superseded and its new value delivered, a deleted one is gone', async ({
    createScene,
  }) => {
    const scene = await createScene({
      from: [row(1, 'a', 1), row(2, 'a', 2), row(3, 'a', 3), row(4, 'a', 4)],
      source: byTime,
      conditions: { any: [{ all: [{ attribute: 'plan', operator: 'notEquals', value: 'left' }] }] },
      mappings,
      action: { retryDelaysMs: [500] },
      faults: [isDown],
    })
    await until('the records wait', async () => (await scene.look()).deliveries[0]?.state === 'WAITING')
    // 2 has changed, 3 is no more, and 4 has left the segment without its time being touched.
    await scene.replaceRows([row(1, 'a', 1), row(2, 'b', 9), row(4, 'left', 4)])
    const { counts, deliveries } = await until('the changes are seen', async () => {
      const observed = await scene.look()
      const [first, second] = observed.deliveries
      return first?.gone === 1 && second?.matched === 1 && observed
    })
    expect(deliveries).toMatchObject([
      { sequence: 1, matched: 4, waiting: 1, superseded: 2, gone: 1 },
      { sequence: 2, matched: 1 },
    ])
    expect(counts.delivered).toBe(0)

    scene.braze.faults.clear()
    expect((await scene.settled(5)).counts).toMatchObject({
      matched: 5,
      delivered: 2,
      superseded: 2,
      gone: 1,
    })
    expect(new Set(history(scene, 1))).toEqual(new Set(['a 503', 'a 201']))
    expect(history(scene, 1).at(-1)).toBe('a 201')
    // The new value comes after the older one, and the older one never again.
    expect(history(scene, 2).join()).toMatch(/^(a 503,)+(b 503,)*b 201$/)
    expect(new Set(history(scene, 3))).toEqual(new Set(['a 503']))
    expect(new Set(history(scene, 4))).toEqual(new Set(['a 503']))
  })

  it('the row is read again: what is sent is what is true then', async ({ createScene }) => {
    const scene = await createScene({
      from: [row(1, 'a', 1), row(2, 'a', 2)],
      source: byTime,
      mappings,
      action: { retryDelaysMs: [500] },
      faults: [isDown],
    })
    await until('the records wait', async () => (await scene.look()).deliveries[0]?.state === 'WAITING')
    await scene.replaceRows([row(1, 'corrected', 1), row(2, 'a', 2)])
    await until('the corrected value is tried', () => history(scene, 1).at(-1) === 'corrected 503')
    scene.braze.faults.clear()
    expect((await scene.settled(2)).counts).toMatchObject({ matched: 2, delivered: 2 })
    expect(history(scene, 1).join()).toMatch(/^(a 503,)+(corrected 503,)+corrected 201$/)
  })
})

describe.concurrent('before the first attempt', () => {
  it('rows that have changed come with a later stretch, and what was counted stays counted', async ({
    createScene,
  }) => {
    const rows = Array.from({ length: 1_000 }, (_, index) => row(index + 1, 'a', index + 1))
    const scene = await createScene({ from: rows, source: byTime, mappings, apiKey: 'wrong' })
    await until('the action is paused', async () => (await scene.look()).deliveries[0]?.state === 'PAUSED')
    // Slices of the page are stored. Now their borders move: some rows change, some go.
    const changed = rows
      .filter(({ id }) => Number(id) % 75 !== 1)
      .map((each) => (Number(each['id']) % 75 === 0 ? row(Number(each['id']), 'b', 2_000) : each))
    const gone = rows.length - changed.length
    const moved = changed.filter(({ plan }) => plan === 'b').length
    await scene.replaceRows(changed)
    await mutate(stack, 'updateConnector', {
      ...scene.connector,
      settings: { endpoint: scene.braze.url, apiKey: scene.braze.apiKey },
    })
    await mutate(stack, 'resumeAction', { id: scene.action.id })

    const { counts, deliveries } = await scene.settled(1_000 + moved)
    expect([gone, moved]).toEqual([14, 13])
    expect(deliveries[0]).toMatchObject({ matched: 1_000, delivered: 1_000 - gone - moved })
    expect(deliveries.slice(1).reduce((sum, { delivered }) => sum + delivered, 0)).toBe(moved)
    expect(counts).toMatchObject({ matched: 1_000 + moved, delivered: changed.length })
    expect(counts.superseded + counts.gone).toBe(gone + moved)
    expect(plans(scene)).toEqual(Object.fromEntries(changed.map(({ id, plan }) => [id, plan])))
    // Nothing that was tried before the pause is sent twice, nor anything else.
    expect(scene.braze.objects).toBe(changed.length)
  })
})

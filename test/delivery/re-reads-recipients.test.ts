/** Rows that share a recipient: they arrive in the order of their cursors, and the last one stands. */
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { attribute, type Scene, withScenes } from '../harness/scene.ts'
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

const always = Number.POSITIVE_INFINITY
const byTime = { cursorMode: 'TIMESTAMP_INCREMENTING', timestampColumn: 'changed_at', incrementColumn: 'id' }
const mappings = [attribute('externalId', 'person'), attribute('attributes', 'plan', 'plan')]
/** Of the engine. */
const pageRows = 10_000

/** A row whose plan tells its place. */
function row(id: number, person: string): Row {
  return { id, person, plan: `v${id}`, changed_at: new Date(Date.UTC(2026, 0, 1, 0, 0, id)).toISOString() }
}

/** Rows of as many people; those with the ids given are Ann's. */
function crowd(count: number, ofAnn: readonly number[]): readonly Row[] {
  const ann = new Set(ofAnn)
  return Array.from({ length: count }, (_, index) =>
    row(index + 1, ann.has(index + 1) ? 'ann' : `person-${index + 1}`),
  )
}

/** Refuses requests that carry one of these plans, for as many times. */
function failing(plans: readonly string[], times: number) {
  const matches = ({ body }: { readonly body: unknown }) => {
    const { attributes } = body as { readonly attributes: readonly { readonly plan: string }[] }
    return attributes.some(({ plan }) => plans.includes(plan))
  }
  return { kind: 'status', status: 503, times, matches } as const
}

/** The places of what a person was sent, tries included, and of what the vendor took. */
function places(scene: Scene, person: string): { readonly sent: number[]; readonly taken: number[] } {
  const all = history(scene, person).map((entry) => entry.split(' '))
  const place = ([plan = '']: readonly string[]) => Number(plan.slice(1))
  return { sent: all.map(place), taken: all.filter(([, status]) => status === '201').map(place) }
}

function ascending(places: readonly number[]): readonly number[] {
  return [...places].sort((a, b) => a - b)
}

describe.concurrent('rows of one recipient', () => {
  it('in one page arrive one after the other', async ({ createScene }) => {
    const rows = Array.from({ length: 300 }, (_, index) => row(index + 1, `person-${index % 7}`))
    const scene = await createScene({ from: rows, source: byTime, mappings, braze: { keepRequests: always } })
    expect((await scene.settled(300)).counts).toMatchObject({ matched: 300, delivered: 300 })
    for (let person = 0; person < 7; person += 1) {
      const own = rows.filter((each) => each['person'] === `person-${person}`).map(({ id }) => Number(id))
      expect(places(scene, `person-${person}`).taken).toEqual(own)
      expect(plans(scene)[`person-${person}`]).toBe(`v${own.at(-1)}`)
    }
  })

  it('on both sides of the borders of pages arrive one after the other', async ({ createScene }) => {
    const ofAnn = [1, 5_000, pageRows - 1, pageRows, pageRows + 1, 15_000, 2 * pageRows, 2 * pageRows + 50]
    const scene = await createScene({
      from: crowd(2 * pageRows + 50, ofAnn),
      source: byTime,
      mappings,
      braze: { keepRequests: always },
      // A vendor that is slow at the borders, so that a later page could come before them.
      faults: [
        {
          kind: 'slow',
          delayMs: 1_000,
          times: always,
          matches: ({ body }) => /"v(9999|10000|20000)"/.test(JSON.stringify(body)),
        },
      ],
    })
    const { counts } = await scene.settled(2 * pageRows + 50)
    expect(counts).toMatchObject({ matched: 2 * pageRows + 50, delivered: 2 * pageRows + 50 })
    expect(places(scene, 'ann').taken).toEqual(ofAnn)
    expect(plans(scene)['ann']).toBe('v20050')
  })

  it('wait behind one that is tried again, within a page', async ({ createScene }) => {
    const ofAnn = [3, 80, 160, 240]
    const scene = await createScene({
      from: crowd(300, ofAnn),
      source: byTime,
      mappings,
      braze: { keepRequests: always },
      action: { retryDelaysMs: [400, 400] },
      faults: [failing(['v80'], 2)],
    })
    expect((await scene.settled(300)).counts).toMatchObject({ matched: 300, delivered: 300 })
    const { sent, taken } = places(scene, 'ann')
    expect(sent).toEqual(ascending(sent))
    expect(taken).toEqual(ofAnn)
    expect(plans(scene)['ann']).toBe('v240')
  })

  it('wait behind one that is tried again, over the border of a page', async ({ createScene }) => {
    const ofAnn = [pageRows - 1, pageRows + 1, pageRows + 90]
    const scene = await createScene({
      from: crowd(pageRows + 100, ofAnn),
      source: byTime,
      mappings,
      braze: { keepRequests: always },
      action: { retryDelaysMs: [400, 400] },
      faults: [failing([`v${pageRows - 1}`], 2)],
    })
    const { counts } = await scene.settled(pageRows + 100)
    expect(counts).toMatchObject({ matched: pageRows + 100, delivered: pageRows + 100 })
    const { sent, taken } = places(scene, 'ann')
    expect(sent).toEqual(ascending(sent))
    expect(taken).toEqual(ofAnn)
  })

  it('that come with a later delivery wait behind one of an earlier one; others need not', async ({
    createScene,
  }) => {
    const scene = await createScene({
      from: [row(1, 'ann'), row(2, 'bob')],
      source: byTime,
      mappings,
      braze: { keepRequests: always },
      action: { retryDelaysMs: [300] },
      faults: [failing(['v1'], always)],
    })
    await until(
      'the first delivery waits',
      async () => (await scene.look()).deliveries[0]?.errorCode !== null,
    )
    const later = [row(3, 'ann'), row(4, 'cyd'), row(5, 'ann')]
    await scene.replaceRows([row(1, 'ann'), row(2, 'bob'), ...later])
    await until('Cyd’s is delivered', () => plans(scene)['cyd'] === 'v4')
    expect(new Set(places(scene, 'ann').sent)).toEqual(new Set([1]))
    scene.braze.faults.clear()
    const { counts, deadLetters } = await scene.settled(5)
    expect(counts).toMatchObject({ matched: 5, delivered: 5 })
    expect(deadLetters).toEqual([])
    const { sent, taken } = places(scene, 'ann')
    expect(sent).toEqual(ascending(sent))
    expect(taken).toEqual([1, 3, 5])
    expect(plans(scene)).toEqual({ ann: 'v5', bob: 'v2', cyd: 'v4' })
  })

  it('go on when the one that they wait behind is given up', async ({ createScene }) => {
    const scene = await createScene({
      from: crowd(200, [2, 100, 190]),
      source: byTime,
      mappings,
      // What waits behind it meanwhile longer than that is not given up with it.
      action: { retryDelaysMs: [200], retryForMs: 1_000 },
      faults: [failing(['v2'], always)],
    })
    const { counts, deadLetters } = await scene.settled(200)
    expect(counts.delivered + counts.exhausted).toBe(200)
    expect(deadLetters.every(({ outcome }) => outcome === 'EXHAUSTED')).toBe(true)
    expect(places(scene, 'ann').taken).toEqual([100, 190])
    expect(plans(scene)['ann']).toBe('v190')
  })

  it('go on when the one that they wait behind has gone or moved', async ({ createScene }) => {
    const rows = [row(1, 'ann'), row(2, 'ann'), row(3, 'bob'), row(4, 'bob')]
    const scene = await createScene({
      from: rows,
      source: byTime,
      mappings,
      action: { retryDelaysMs: [800] },
      faults: [failing(['v1', 'v3'], always)],
    })
    await until('they wait', async () => (await scene.look()).deliveries[0]?.state === 'WAITING')
    // Ann's first row is deleted, Bob's first becomes his last.
    const moved = { ...row(3, 'bob'), plan: 'v5', changed_at: row(5, '')['changed_at'] ?? null }
    await scene.replaceRows([row(2, 'ann'), row(4, 'bob'), moved])
    const { counts } = await scene.settled(5)
    expect(counts).toMatchObject({ matched: 5, delivered: 3, superseded: 1, gone: 1 })
    expect(places(scene, 'ann').taken).toEqual([2])
    expect(places(scene, 'bob').taken).toEqual([4, 5])
    expect(plans(scene)).toEqual({ ann: 'v2', bob: 'v5' })
  })
})

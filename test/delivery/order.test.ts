/** Order within a recipient: nothing newer overtakes what is open, and what is newer replaces what waits. */
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { attribute, type Scene, withScenes } from '../harness/scene.ts'
import type { Row } from '../harness/seed.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/until.ts'

let stack: Stack
const it = withScenes(() => stack)
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

const mappings = [attribute('externalId', 'user'), attribute('attributes', 'plan', 'plan')]
const byTime = { cursorMode: 'TIMESTAMP_INCREMENTING', timestampColumn: 'changed_at', incrementColumn: 'id' }
const always = Number.POSITIVE_INFINITY
const isDown = { kind: 'status', status: 503, times: always } as const

function row(id: number, user: string, plan: string, second: number): Row {
  return { id, user, plan, changed_at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString() }
}

/** What the vendor was sent for a user, in order, with how it answered; null for no answer. */
function history({ braze }: Scene, user: string): readonly string[] {
  return braze.log.flatMap(({ body, status }) =>
    (body as { attributes: { external_id: string; plan: unknown }[] }).attributes
      .filter(({ external_id: id }) => id === user)
      .map(({ plan }) => `${plan} ${status}`),
  )
}

describe.concurrent('a newer value of a row', () => {
  it('takes the place of the older one that waits, at once', async ({ createScene }) => {
    const scene = await createScene({
      from: [row(1, 'ann', 'old', 1)],
      source: byTime,
      mappings,
      action: { retryDelaysMs: [3_600_000] },
      faults: [{ ...isDown, times: 1 }],
    })
    await until('the record waits', async () => (await scene.look()).deliveries[0]?.state === 'WAITING')
    await scene.replaceRows([row(1, 'ann', 'new', 2)])
    const { counts, deliveries } = await scene.settled(2)
    expect(counts).toMatchObject({ matched: 2, delivered: 1, superseded: 1 })
    expect(deliveries).toMatchObject([
      { superseded: 1, waiting: 0 },
      { delivered: 1, waiting: 0 },
    ])
    expect(history(scene, 'ann')).toEqual(['old 503', 'new 201'])
    // Nothing is left to do for the first one, and it does not sleep through its hour.
    await until('both are completed', async () =>
      (await scene.look()).deliveries.every(({ state }) => state === 'COMPLETED'),
    )
  })

  it('waits while the vendor may still apply the older one', async ({ createScene }) => {
    const applyWithinMs = 3_000
    const scene = await createScene({
      from: [row(1, 'ann', 'old', 1)],
      source: byTime,
      mappings,
      action: { retryDelaysMs: [1], requestTimeoutMs: 300, applyWithinMs },
      faults: [{ kind: 'hang', stores: true }],
    })
    await until('the record waits', async () => (await scene.look()).deliveries[0]?.errorCode === 'timed_out')
    await scene.replaceRows([row(1, 'ann', 'new', 2)])
    expect((await scene.settled(2)).counts).toMatchObject({ matched: 2, delivered: 1, superseded: 1 })
    const [older, newer] = scene.braze.log
    expect(history(scene, 'ann').at(-1)).toBe('new 201')
    expect(scene.braze.log).toHaveLength(2)
    expect((newer?.at ?? 0) - (older?.at ?? 0)).toBeGreaterThanOrEqual(applyWithinMs)
  })
})

describe.concurrent('rows that share a recipient', () => {
  it('go one after the other, although the later one came with a later delivery', async ({ createScene }) => {
    const first = row(1, 'ann', 'first', 1)
    const scene = await createScene({
      from: [first],
      source: byTime,
      mappings,
      action: { retryDelaysMs: [500] },
      faults: [isDown],
    })
    await until('the first waits', async () => (await scene.look()).deliveries[0]?.state === 'WAITING')
    await scene.replaceRows([first, row(2, 'ann', 'second', 2), row(3, 'bob', 'third', 3)])
    const { deliveries } = await until('the second waits behind it', async () => {
      const observed = await scene.look()
      return observed.deliveries[1]?.waiting === 2 && observed
    })
    expect(deliveries[0]).toMatchObject({ waiting: 1 })
    expect(history(scene, 'ann').join()).not.toContain('second')

    scene.braze.faults.clear()
    const { counts } = await scene.settled(3)
    expect(counts).toMatchObject({ matched: 3, delivered: 3, superseded: 0 })
    expect(history(scene, 'ann').join()).toMatch(/^(first 503,)+first 201,second 201$/)
    expect(history(scene, 'bob').at(-1)).toBe('third 201')
  })

  it('wait behind one another within a delivery too, however often the first is refused', async ({
    createScene,
  }) => {
    // Every user has a row in each page's first and last slices: the later ones come when the first ones wait.
    const users = Array.from({ length: 90 }, (_, index) => `u${index}`)
    const rows = [...users, ...users].map((user, index) => row(index + 1, user, `v${index + 1}`, index + 1))
    const scene = await createScene({
      from: rows,
      source: byTime,
      mappings,
      action: { retryDelaysMs: [300] },
      faults: [{ kind: 'status', status: 503, externalId: 'u7', times: 2 }],
    })
    const { counts } = await scene.settled(180)
    expect(counts).toMatchObject({ matched: 180, delivered: 180 })
    for (const [index, user] of users.entries()) {
      const taken = history(scene, user).filter((each) => each.endsWith('201'))
      expect(taken).toEqual([`v${index + 1} 201`, `v${index + 91} 201`])
    }
  })
})

/** Rows that change, go or share a recipient while a delivery is on its way: each is counted once. */
import { describe, expect, it } from 'vitest'
import { createPassScene, customers } from '../../test/harness/pass-scene.ts'
import { failing, inTurn } from '../../test/harness/scripted-vendor.ts'
import { mostItems } from '../../test/harness/test-connector.ts'

describe('rows that change before they are delivered', () => {
  /** A first pass of which the user u2 is busy. */
  async function withOneWaiting() {
    const scene = createPassScene({ rows: customers(20), reply: inTurn(failing('u2', 'busy')) })
    await scene.pass()
    expect(scene.delivery.waiting).toHaveLength(1)
    return scene
  }

  it('are superseded: a later delivery has them', async () => {
    const scene = await withOneWaiting()
    scene.source.rows.set(2, { id: 2, changed: 11, user: 'u2', value: 'newer' })
    await scene.passUntilCompleted()
    expect(scene.delivery.totals).toMatchObject({ delivered: 19, superseded: 1 })
    expect(scene.vendor.users.has('u2')).toBe(false)
  })

  it('are gone when they were deleted', async () => {
    const scene = await withOneWaiting()
    scene.source.rows.delete(2)
    await scene.passUntilCompleted()
    expect(scene.delivery.totals).toMatchObject({ delivered: 19, gone: 1 })
  })

  it('are sent as they are now when they changed in place', async () => {
    const scene = await withOneWaiting()
    scene.source.rows.set(2, { id: 2, changed: 10, user: 'u2', value: 'corrected' })
    await scene.passUntilCompleted()
    expect(scene.vendor.users.get('u2')).toBe('corrected')
    expect(scene.delivery.totals).toMatchObject({ delivered: 20 })
  })

  it('are rejected when they can’t be sent any more', async () => {
    const scene = await withOneWaiting()
    scene.source.rows.set(2, { id: 2, changed: 10, user: null, value: 'v2' })
    await scene.passUntilCompleted()
    expect(scene.delivery.totals).toMatchObject({ delivered: 19, rejected: 1 })
    expect(scene.delivery.dead).toMatchObject([{ outcome: 'rejected', position: ['10', '2'] }])
  })

  it('while a pass is halted are counted once, whether moved, deleted or new', async () => {
    const reply = inTurn({ kind: 'status', status: 429 })
    const scene = createPassScene({ rows: customers(300), reply, turns: () => 2, batchRows: 50 })
    await scene.pass()
    const { slices } = scene.delivery
    const open = slices.filter(({ isSettled }) => !isSettled)
    expect(open.length).toBeGreaterThan(3)
    // Of the open slices: a border row moves, an inner one is deleted, a new one appears in place.
    const border = Number(open[0]?.boundary[1])
    const inner = Number(open[2]?.boundary[1]) - 1
    const more = Number(open[1]?.boundary[1]) - 0.5
    scene.source.rows.set(border, { id: border, changed: 99, user: `u${border}`, value: 'newer' })
    scene.source.rows.delete(inner)
    scene.source.rows.set(more, { id: more, changed: 10, user: 'new', value: 'new' })

    await scene.passUntilCompleted()
    // The new row stands in the place of the border row, within what became one unit.
    expect(scene.delivery.totals).toMatchObject({ matched: 300, delivered: 299, superseded: 1 })
    expect(scene.vendor.users.get('new')).toBe('new')
    expect(scene.vendor.users.size).toBe(299)
    for (const request of scene.vendor.requests) expect(request.length).toBeLessThanOrEqual(mostItems)
  })
})

describe('rows that share a recipient', () => {
  /** Five users, of whom every row is another value. */
  const shared = customers(200).map((row) => ({ ...row, user: `u${row.id % 5}` }))

  it('are never under way together, and the last one stands', async () => {
    let turns = 0
    const scene = createPassScene({
      rows: shared,
      turns: () => {
        turns = (turns * 7 + 3) % 11
        return turns
      },
    })
    expect(await scene.pass()).toEqual({ kind: 'completed' })
    expect(scene.delivery.totals).toMatchObject({ delivered: 200 })
    expect([...scene.vendor.users.values()].sort()).toEqual(['v195', 'v196', 'v197', 'v198', 'v199'])
    for (const request of scene.vendor.requests) {
      expect(new Set(request.map(({ user }) => user)).size).toBe(request.length)
    }
  })

  it('are not under way together when they are tried again', async () => {
    const scene = createPassScene({
      rows: shared,
      turns: () => 3,
      reply: () =>
        scene.delivery.totals.retries === 0 ? { kind: 'status', status: 503 } : { kind: 'results' },
    })
    await scene.passUntilCompleted()
    expect(scene.delivery.totals.delivered + scene.delivery.totals.exhausted).toBe(200)
  })
})

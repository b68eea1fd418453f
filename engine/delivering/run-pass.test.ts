/** One pass and those after it: whatever the vendor does, everything is delivered or visibly not. */
import { describe, expect, it } from 'vitest'
import { createPassScene, customers } from '../../test/harness/pass-scene.ts'
import { failing, inTurn, type Reply } from '../../test/harness/scripted-vendor.ts'
import { mostItems } from '../../test/harness/test-connector.ts'
import type { PassEnd } from './progress.ts'

const minute = 60_000

function dueOf(end: PassEnd | null): number {
  return end?.kind === 'waiting' ? (end.dueAt ?? 0) : 0
}

describe('a pass over a source where all goes well', () => {
  it('delivers every record once, in full requests', async () => {
    const scene = createPassScene({ rows: customers(100) })
    expect(await scene.pass()).toEqual({ kind: 'completed' })
    expect(scene.vendor.users).toEqual(new Map(customers(100).map(({ user, value }) => [user, value])))
    expect(scene.vendor.requests).toHaveLength(100 / mostItems)
    expect(scene.delivery.totals).toMatchObject({ matched: 100, delivered: 100, requests: 20, retries: 0 })
    expect(await scene.pass()).toBeNull()
  })

  it('completes at once where there is nothing', async () => {
    const scene = createPassScene({ rows: [] })
    expect(await scene.pass()).toEqual({ kind: 'completed' })
    expect(scene.delivery.totals).toMatchObject({ matched: 0, requests: 0 })
  })

  it('counts a remark of the vendor as delivered with a warning', async () => {
    const scene = createPassScene({ rows: customers(10), reply: () => failing('u3', 'warned') })
    await scene.pass()
    expect(scene.delivery.totals).toMatchObject({ delivered: 9, warned: 1 })
  })

  it('sends several requests at once', async () => {
    const scene = createPassScene({ rows: customers(200), turns: () => 3 })
    await scene.pass()
    expect(scene.vendor.mostInFlight()).toBeGreaterThan(4)
  })
})

describe('a pass that has nothing to do but to wait for a commit', () => {
  it('hurries it: for its first page, and when all is answered', async () => {
    let isHurried = false
    let goOn: () => void = () => undefined
    const scene = createPassScene({
      rows: customers(2 * mostItems),
      reply() {
        isHurried = false
        return { kind: 'results' }
      },
      hurry() {
        isHurried = true
        goOn()
      },
      async around(moment, what) {
        if (moment === 'after' || what !== 'write' || isHurried) return
        await new Promise<void>((resolve) => {
          goOn = resolve
        })
      },
    })
    expect(await scene.pass()).toEqual({ kind: 'completed' })
    expect(scene.delivery.totals).toMatchObject({ matched: 2 * mostItems, delivered: 2 * mostItems })
  })
})

describe('records that can’t be sent', () => {
  it('are rejected, counted, and never reach the vendor', async () => {
    const rows = customers(200).map((row) => (row.id % 100 === 7 ? { ...row, user: null } : row))
    const scene = createPassScene({ rows })
    expect(await scene.pass()).toEqual({ kind: 'completed' })
    expect(scene.delivery.totals).toMatchObject({ matched: 200, delivered: 198, rejected: 2 })
    expect(scene.delivery.dead.map(({ position, path, reporter }) => [position[1], path, reporter])).toEqual([
      ['7', 'user', 'sluice'],
      ['107', 'user', 'sluice'],
    ])
  })

  it('are a few rows even when they are the whole source', async () => {
    const scene = createPassScene({ rows: customers(1000).map((row) => ({ ...row, user: null })) })
    expect(await scene.pass()).toEqual({ kind: 'completed' })
    expect(scene.delivery.totals).toMatchObject({ rejected: 1000, requests: 0 })
    expect(scene.delivery.dead.length).toBeLessThan(5)
    expect(scene.vendor.requests).toEqual([])
  })
})

describe('a vendor that', () => {
  it('refuses an item has it listed as a dead letter, and takes the others', async () => {
    const scene = createPassScene({ rows: customers(20), reply: () => failing('u7', 'bad') })
    expect(await scene.pass()).toEqual({ kind: 'completed' })
    expect(scene.delivery.totals).toMatchObject({ delivered: 19, refused: 1 })
    expect(scene.delivery.dead).toMatchObject([
      { outcome: 'refused', code: 'bad_user', position: ['10', '7'] },
    ])
  })

  it('refuses whole requests for one bad item loses only that item', async () => {
    const scene = createPassScene({
      rows: customers(20),
      reply: (items) =>
        items.some(({ user }) => user === 'u7') ? { kind: 'status', status: 400 } : { kind: 'results' },
    })
    expect(await scene.pass()).toEqual({ kind: 'completed' })
    expect(scene.delivery.totals).toMatchObject({ delivered: 19, refused: 1 })
    expect(scene.delivery.dead).toMatchObject([{ code: 'http_400', position: ['10', '7'] }])
    expect(scene.vendor.users.size).toBe(19)
  })

  it('throttles ends the pass for as long as it asks, and gets everything later', async () => {
    const reply = inTurn({ kind: 'status', status: 429, headers: { 'retry-after': '120' } })
    const scene = createPassScene({ rows: customers(1000), reply, turns: () => 2 })
    const end = await scene.pass()
    expect(end).toMatchObject({ kind: 'waiting' })
    const dueIn = dueOf(end) - scene.now()
    expect(dueIn).toBeGreaterThanOrEqual(2 * minute)
    expect(dueIn).toBeLessThanOrEqual(2 * minute + 10_000)
    // No more than was on its way already.
    expect(scene.vendor.requests.length).toBeLessThanOrEqual(16)
    expect(scene.delivery.isFirstPassDone).toBe(false)
    expect(scene.delivery.waiting.every(({ attempts, code }) => attempts === 0 && code === 'throttled')).toBe(
      true,
    )

    scene.wait(dueIn)
    expect(await scene.pass()).toEqual({ kind: 'completed' })
    expect(scene.delivery.totals).toMatchObject({ matched: 1000, delivered: 1000 })
    expect(scene.vendor.users.size).toBe(1000)
  })

  it('throttles without end has everything exhausted in the end', async () => {
    const scene = createPassScene({
      rows: customers(20),
      reply: () => ({ kind: 'status', status: 429, headers: { 'retry-after': '7200' } }),
      action: { retryForMs: 4 * 60 * minute },
    })
    await scene.passUntilCompleted()
    expect(scene.delivery.totals).toMatchObject({ exhausted: 20, delivered: 0 })
  })

  it('fails now and then gets the failed items when they are due, not before', async () => {
    const scene = createPassScene({ rows: customers(50), reply: inTurn({ kind: 'status', status: 503 }) })
    const end = await scene.pass()
    expect(scene.delivery.totals).toMatchObject({ matched: 50, delivered: 45 })
    expect(scene.delivery.waiting).toHaveLength(5)
    expect(scene.delivery.waiting).toMatchObject([{ code: 'http_503', attempts: 1 }, {}, {}, {}, {}])
    expect(scene.delivery.isFirstPassDone).toBe(true)
    const dueAt = dueOf(end)
    expect(dueAt - scene.now()).toBeGreaterThanOrEqual(minute)

    const before = scene.vendor.requests.length
    expect(await scene.pass()).toEqual(end)
    expect(scene.vendor.requests).toHaveLength(before)

    scene.wait(dueAt - scene.now())
    expect(await scene.pass()).toEqual({ kind: 'completed' })
    expect(scene.delivery.totals).toMatchObject({ delivered: 50, retries: 5 })
  })

  it('fails for one item of a request repeats that item alone', async () => {
    const scene = createPassScene({ rows: customers(20), reply: inTurn(failing('u2', 'busy')) })
    await scene.passUntilCompleted()
    expect(scene.vendor.requests.at(-1)?.map(({ user }) => user)).toEqual(['u2'])
    expect(scene.delivery.totals).toMatchObject({ delivered: 20, retries: 1 })
  })

  it('is down is not asked for every record: the pass ends, and everything comes later', async () => {
    let isDown = true
    const scene = createPassScene({
      rows: customers(2000),
      reply: () => (isDown ? { kind: 'status', status: 503 } : { kind: 'results' }),
      turns: () => 2,
    })
    expect(await scene.pass()).toMatchObject({ kind: 'waiting' })
    expect(scene.vendor.requests.length).toBeLessThan(30)
    isDown = false
    await scene.passUntilCompleted()
    expect(scene.delivery.totals).toMatchObject({ delivered: 2000 })
    expect(scene.vendor.users.size).toBe(2000)
  })

  it('stays down has everything exhausted when the time for retries is used up', async () => {
    const scene = createPassScene({
      rows: customers(20),
      reply: () => ({ kind: 'status', status: 503 }),
      action: { retryDelaysMs: [minute], retryForMs: 5 * minute },
    })
    await scene.passUntilCompleted()
    expect(scene.delivery.totals).toMatchObject({ exhausted: 20, delivered: 0 })
    expect(new Set(scene.delivery.dead.map(({ code }) => code))).toEqual(new Set(['http_503']))
  })

  it('can’t be reached is tried twice at once, then later', async () => {
    const scene = createPassScene({
      rows: customers(5),
      reply: inTurn({ kind: 'not-sent' }, { kind: 'not-sent' }),
    })
    await scene.pass()
    expect(scene.vendor.requests).toHaveLength(2)
    expect(scene.delivery.waiting).toHaveLength(5)
    await scene.passUntilCompleted()
    expect(scene.delivery.totals).toMatchObject({ delivered: 5 })
  })

  it.each([true, false])(
    'does not answer is asked again where that is harmless (taken: %s)',
    async (isTaken) => {
      const scene = createPassScene({ rows: customers(20), reply: inTurn({ kind: 'hang', isTaken }) })
      await scene.pass()
      expect(scene.delivery.waiting.map(({ code }) => code)).toEqual(Array(5).fill('timed_out'))
      await scene.passUntilCompleted()
      expect(scene.delivery.totals).toMatchObject({ delivered: 20, unknown: 0 })
      expect(scene.vendor.users.size).toBe(20)
    },
  )

  it('never answers ends the pass even where nothing waits for another try', async () => {
    let isDown = true
    const scene = createPassScene({
      rows: customers(1000),
      actionType: 'add-event',
      reply: () => (isDown ? { kind: 'hang', isTaken: false } : { kind: 'results' }),
      turns: () => 2,
    })
    expect(await scene.pass()).toMatchObject({ kind: 'waiting' })
    expect(scene.delivery.waiting).toEqual([])
    expect(scene.delivery.totals.unknown).toBeLessThan(150)
    isDown = false
    await scene.passUntilCompleted()
    const { unknown, delivered } = scene.delivery.totals
    expect(unknown + delivered).toBe(1000)
  })

  it.each([true, false])('does not answer is never sent an event twice (taken: %s)', async (isTaken) => {
    const scene = createPassScene({
      rows: customers(20),
      actionType: 'add-event',
      reply: inTurn({ kind: 'hang', isTaken }),
    })
    expect(await scene.pass()).toEqual({ kind: 'completed' })
    expect(scene.delivery.totals).toMatchObject({ delivered: 15, unknown: 5 })
    expect(scene.delivery.dead).toMatchObject([{ outcome: 'unknown', code: 'timed_out', count: 5 }])
    expect(scene.vendor.events).toHaveLength(isTaken ? 20 : 15)
    expect(new Set(scene.vendor.events).size).toBe(scene.vendor.events.length)
  })
})

describe('settings that don’t work', () => {
  it.each<[string, Reply, string]>([
    ['a wrong key', { kind: 'status', status: 401 }, 'http_401'],
    ['a private address', { kind: 'not-allowed' }, 'private_address'],
  ])('pause the action and lose nothing: %s', async (_, wrong, code) => {
    let isWrong = true
    const scene = createPassScene({
      rows: customers(500),
      reply: () => (isWrong ? wrong : { kind: 'results' }),
      turns: () => 2,
    })
    expect(await scene.pass()).toEqual({ kind: 'paused' })
    expect(scene.pausedBecause()).toBe(code)
    expect(scene.vendor.requests.length).toBeLessThanOrEqual(16)
    expect(scene.delivery.dead).toEqual([])

    isWrong = false
    await scene.passUntilCompleted()
    expect(scene.delivery.totals).toMatchObject({ matched: 500, delivered: 500 })
  })

  it('are told by no text of the vendor', async () => {
    const scene = createPassScene({ rows: customers(5), reply: () => failing('u2', 'suspended') })
    expect(await scene.pass()).toEqual({ kind: 'paused' })
    expect(scene.pausedBecause()).toBe('vendor_error')
    expect(scene.delivery.waiting.map(({ code }) => code)).toEqual(['vendor_error'])
  })

  it('cost items that are tried again nothing of their time', async () => {
    const scene = createPassScene({ rows: customers(5), reply: inTurn({ kind: 'status', status: 401 }) })
    await scene.pass()
    scene.wait(90 * 24 * 60 * minute)
    await scene.passUntilCompleted()
    expect(scene.delivery.totals).toMatchObject({ delivered: 5, exhausted: 0 })
  })
})

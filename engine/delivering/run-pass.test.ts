/** One pass and those after it: everything is delivered or visibly not, whatever vendor and source do meanwhile. */
import { describe, expect, it } from 'vitest'
import { createPassScene, customers } from '../../test/harness/pass-scene.ts'
import type { Reply, SentItem } from '../../test/harness/scripted-vendor.ts'
import { mostItems } from '../../test/harness/test-connector.ts'

const minute = 60_000

/** Gives the replies in turn, then takes everything. */
function inTurn(...replies: readonly Reply[]): () => Reply {
  let next = 0
  return () => replies[next++] ?? { kind: 'results' }
}

function failing(user: string, word: string): Reply {
  return { kind: 'results', word: (item) => (item.user === user ? word : 'ok') }
}

function sentUsers(requests: readonly (readonly SentItem[])[]): string[] {
  return requests.flat().map(({ user }) => user)
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
    const dueIn = end?.kind === 'waiting' ? end.dueAt - scene.now() : 0
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
    const dueAt = end?.kind === 'waiting' ? end.dueAt : 0
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
    expect(scene.delivery.pausedBecause).toBe(code)
    expect(scene.vendor.requests.length).toBeLessThanOrEqual(16)
    expect(scene.delivery.dead).toEqual([])

    isWrong = false
    await scene.passUntilCompleted()
    expect(scene.delivery.totals).toMatchObject({ matched: 500, delivered: 500 })
  })

  it('are told by no text of the vendor', async () => {
    const scene = createPassScene({ rows: customers(5), reply: () => failing('u2', 'suspended') })
    expect(await scene.pass()).toEqual({ kind: 'paused' })
    expect(scene.delivery.pausedBecause).toBe('vendor_error')
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

describe('a pause', () => {
  it('starts nothing more, and the next pass goes on where this one stopped', async () => {
    let atPause = 0
    const pause = () => {
      scene.delivery.setStopped(true)
      atPause = scene.vendor.requests.length
    }
    const scene = createPassScene({
      rows: customers(1000),
      reply: () => {
        // While the next piece of work waits for a place.
        if (scene.vendor.requests.length === 20) setImmediate(pause)
        return { kind: 'results' }
      },
      turns: () => 3,
    })
    expect(await scene.pass()).toEqual({ kind: 'paused' })
    // What was on its way when the pause came, and nothing after it.
    expect(scene.vendor.requests.length).toBe(atPause)
    expect(scene.delivery.totals.delivered).toBe(atPause * mostItems)

    scene.delivery.setStopped(false)
    expect(await scene.pass()).toEqual({ kind: 'completed' })
    expect(scene.delivery.totals).toMatchObject({ matched: 1000, delivered: 1000, requests: 200 })
    expect(new Set(sentUsers(scene.vendor.requests)).size).toBe(1000)
  })

  it('that ends while requests are still in flight leaves nothing out', async () => {
    const scene = createPassScene({
      rows: customers(1000),
      async reply() {
        if (scene.vendor.requests.length === 20) {
          scene.delivery.setStopped(true)
          setImmediate(() => setImmediate(() => scene.delivery.setStopped(false)))
        }
        return { kind: 'results' }
      },
      turns: () => 20,
    })
    expect((await scene.pass())?.kind).not.toBe('completed')
    await scene.passUntilCompleted()
    expect(scene.vendor.users.size).toBe(1000)
  })

  it('in a pass of retries keeps what was claimed for the next one', async () => {
    let isPausing = false
    const scene = createPassScene({
      rows: customers(40),
      reply: (items) => {
        if (!isPausing && scene.delivery.totals.retries === 0 && !scene.delivery.isFirstPassDone)
          return { kind: 'status', status: 503 }
        isPausing = true
        if (items.some(({ user }) => user === 'u0')) scene.delivery.setStopped(true)
        return { kind: 'results' }
      },
    })
    const end = await scene.pass()
    expect(scene.delivery.waiting).toHaveLength(40)
    scene.wait((end?.kind === 'waiting' ? end.dueAt : 0) - scene.now() + minute)
    expect(await scene.pass()).toEqual({ kind: 'paused' })
    expect(scene.delivery.waiting.length).toBeGreaterThan(0)
    scene.delivery.setStopped(false)
    await scene.passUntilCompleted()
    expect(scene.delivery.totals).toMatchObject({ delivered: 40 })
    expect(scene.vendor.users.size).toBe(40)
  })
})

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

describe('memory', () => {
  it('holds one page ahead of the one that is sent, and no more', async () => {
    const batchRows = 2_500
    const read: number[] = []
    const scene = createPassScene({
      rows: customers(45_000),
      batchRows,
      reply: (items) => {
        const row = Number(items[0]?.key.split('/')[1])
        read.push(scene.source.batchesRead() * batchRows - row)
        return { kind: 'results' }
      },
      turns: () => 0,
    })
    await scene.pass()
    // A page is 10,000 rows: the one being sent, the one ahead, and what is still in flight of the one before.
    expect(Math.max(...read)).toBeLessThanOrEqual(3 * 10_000)
    expect(scene.delivery.totals).toMatchObject({ delivered: 45_000 })
  })

  it('holds no more than 128 pieces of work that are not settled', async () => {
    let most = 0
    const scene = createPassScene({
      rows: customers(3_000),
      reply: () => {
        const stored = scene.delivery.slices.filter(({ isSettled }) => isSettled).length
        most = Math.max(most, scene.vendor.requests.length - stored)
        return { kind: 'results' }
      },
      turns: () => 0,
      // Commits that take much longer than requests.
      around: async (moment) => {
        for (let turn = 0; turn < 100; turn += 1) {
          if (moment === 'before') await new Promise((resolve) => setImmediate(resolve))
        }
      },
    })
    await scene.pass()
    expect(most).toBeLessThanOrEqual(128)
    expect(most).toBeGreaterThan(100)
  })
})

describe('a pass that is taken over', () => {
  it('ends without effect', async () => {
    let takeOver: Promise<unknown> | null = null
    const scene = createPassScene({
      rows: customers(500),
      turns: () => 3,
      reply: () => {
        if (takeOver === null && scene.vendor.requests.length >= 10) takeOver = scene.pass()
        return { kind: 'results' }
      },
      // Both are in flight together: the vendor's rule about recipients is for one pass.
      mayOverlap: true,
    })
    await expect(scene.pass()).rejects.toMatchObject({ code: 'pass_fenced' })
    expect(await takeOver).toEqual({ kind: 'completed' })
    expect(scene.delivery.totals).toMatchObject({ matched: 500, delivered: 500 })
    expect(scene.vendor.users.size).toBe(500)
  })
})

describe('a worker that shuts down', () => {
  it('commits what is in flight, starts nothing more, and fails the pass', async () => {
    const stop = new AbortController()
    const scene = createPassScene({
      rows: customers(30_000),
      batchRows: 1000,
      turns: () => 5,
      reply: () => {
        if (scene.vendor.requests.length === 30) stop.abort(new Error('stopping'))
        return { kind: 'results' }
      },
    })
    await expect(scene.pass(stop.signal)).rejects.toThrow('stopping')
    expect(scene.vendor.requests.length).toBe(30)
    expect(scene.delivery.totals.delivered).toBe(30 * mostItems)
    await scene.passUntilCompleted()
    // Nothing was repeated.
    expect(scene.delivery.totals).toMatchObject({ delivered: 30_000, requests: 6_000 })
    expect(scene.vendor.requests).toHaveLength(6_000)
  })
})

describe('a source that breaks', () => {
  it('fails the pass, after what is in flight was committed', async () => {
    let isBroken = true
    const scene = createPassScene({
      rows: customers(40_000),
      batchRows: 1000,
      turns: () => 5,
      async beforeBatch(index) {
        if (isBroken && index === 25) throw new Error('broken_stream')
      },
    })
    await expect(scene.pass()).rejects.toThrow('broken_stream')
    const sent = scene.vendor.requests.length
    expect(scene.delivery.totals.delivered).toBe(sent * mostItems)
    isBroken = false
    await scene.passUntilCompleted()
    expect(scene.vendor.requests).toHaveLength(8_000)
    expect(scene.delivery.totals).toMatchObject({ matched: 40_000, delivered: 40_000 })
  })
})

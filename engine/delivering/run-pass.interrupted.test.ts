/** Passes that are paused, taken over or broken off lose nothing, and hold no more than they should. */
import { describe, expect, it } from 'vitest'
import { createPassScene, customers } from '../../test/harness/pass-scene.ts'
import { mostItems } from '../../test/harness/test-connector.ts'

const minute = 60_000

describe('a pause', () => {
  it('starts nothing more, and the next pass goes on where this one stopped', async () => {
    let atPause = 0
    const pause = () => {
      scene.setStopped(true)
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

    scene.setStopped(false)
    expect(await scene.pass()).toEqual({ kind: 'completed' })
    expect(scene.delivery.totals).toMatchObject({ matched: 1000, delivered: 1000, requests: 200 })
    expect(new Set(scene.vendor.requests.flat().map(({ user }) => user)).size).toBe(1000)
  })

  it('that ends while requests are still in flight leaves nothing out', async () => {
    const scene = createPassScene({
      rows: customers(1000),
      async reply() {
        if (scene.vendor.requests.length === 20) {
          scene.setStopped(true)
          setImmediate(() => setImmediate(() => scene.setStopped(false)))
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
        if (items.some(({ user }) => user === 'u0')) scene.setStopped(true)
        return { kind: 'results' }
      },
    })
    const end = await scene.pass()
    expect(scene.delivery.waiting).toHaveLength(40)
    scene.wait((end?.kind === 'waiting' ? (end.dueAt ?? 0) : 0) - scene.now() + minute)
    expect(await scene.pass()).toEqual({ kind: 'paused' })
    expect(scene.delivery.waiting.length).toBeGreaterThan(0)
    // A pause is no fault of the vendor: they are still told by what they waited for.
    expect(new Set(scene.delivery.waiting.map(({ code }) => code))).toEqual(new Set(['http_503']))
    scene.setStopped(false)
    await scene.passUntilCompleted()
    expect(scene.delivery.totals).toMatchObject({ delivered: 40 })
    expect(scene.vendor.users.size).toBe(40)
  })
})

describe('memory', () => {
  it('holds a few pages ahead of the one that is sent, and no more', async () => {
    const batchRows = 500
    const read: number[] = []
    const scene = createPassScene({
      rows: customers(20_000),
      batchRows,
      reply: (items) => {
        const row = Number(items[0]?.key.split('/')[2])
        read.push(scene.source.batchesRead() * batchRows - row)
        return { kind: 'results' }
      },
      turns: () => 0,
    })
    await scene.pass()
    // A page is 2,000 rows: the one being sent, four that are stored, one that is read, and what is in flight.
    expect(Math.max(...read)).toBeLessThanOrEqual(7 * 2_000)
    expect(scene.delivery.totals).toMatchObject({ delivered: 20_000 })
  })

  it('stores what is never sent page by page, too', async () => {
    const rows = customers(20_000).map((row) => ({ ...row, user: null as unknown as string }))
    const scene = createPassScene({ rows, batchRows: 500 })
    await scene.pass()
    expect(scene.delivery.totals).toMatchObject({ rejected: 20_000 })
    expect(Math.max(...scene.delivery.slices.map(({ matched }) => matched))).toBeLessThanOrEqual(3_000)
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

/** Who may send: one pass at a time, by its lease, and after a take-over only when nothing old can arrive any more. */
import { describe, expect, it } from 'vitest'
import { leaseMs } from '../../test/harness/memory-lane.ts'
import { createPassScene, customers } from '../../test/harness/pass-scene.ts'

/** The time-out of a request and five seconds. */
const applyWithinMs = 15_000

/** A scene whose writes fail while told so, and the times at which requests went out. */
function createScene(count = 20) {
  const times: number[] = []
  let isFailing = false
  const scene = createPassScene({
    rows: customers(count),
    reply: () => {
      times.push(scene.now())
      return { kind: 'results' }
    },
    async around(moment, what) {
      const isOutcome = what === 'write' && scene.delivery.slices.length > 0
      if (isFailing && moment === 'before' && isOutcome) throw new Error('database away')
    },
  })
  return {
    scene,
    times,
    setFailing(value: boolean) {
      isFailing = value
    },
  }
}

describe('a pass that takes over', () => {
  it('waits out the lease of the one before, and what the vendor may still apply of it', async () => {
    const { scene, times, setFailing } = createScene()
    const startedAt = scene.now()
    setFailing(true)
    await expect(scene.pass()).rejects.toThrow('database away')
    const before = times.length
    setFailing(false)
    scene.wait(1_000)
    await scene.passUntilCompleted()
    expect(times.length).toBeGreaterThan(before)
    expect(times[before]).toBe(startedAt + leaseMs + applyWithinMs)
  })

  it('does not wait when that is long over', async () => {
    const { scene, times, setFailing } = createScene()
    setFailing(true)
    await expect(scene.pass()).rejects.toThrow('database away')
    const before = times.length
    setFailing(false)
    scene.wait(60_000)
    const startedAt = scene.now()
    await scene.passUntilCompleted()
    expect(times[before]).toBe(startedAt)
  })

  it('does not wait for one that ended as it should', async () => {
    const scene = createPassScene({ rows: customers(5), reply: () => ({ kind: 'status', status: 503 }) })
    await scene.pass()
    const startedAt = scene.now()
    await scene.pass()
    expect(scene.now()).toBe(startedAt)
  })

  it('does not wait for one that failed with all it had sent answered and committed', async () => {
    let isBroken = true
    const scene = createPassScene({
      rows: customers(40_000),
      batchRows: 1000,
      async beforeBatch(index) {
        if (isBroken && index === 25) throw new Error('broken_stream')
      },
    })
    await expect(scene.pass()).rejects.toThrow('broken_stream')
    isBroken = false
    const startedAt = scene.now()
    await scene.passUntilCompleted()
    expect(scene.now()).toBe(startedAt)
    expect(scene.vendor.requests).toHaveLength(8_000)
  })

  it('is not kept from ending by a shutdown while it waits', async () => {
    const { scene, times, setFailing } = createScene()
    setFailing(true)
    await expect(scene.pass()).rejects.toThrow('database away')
    const before = times.length
    setFailing(false)
    await expect(scene.pass(AbortSignal.abort(new Error('stopping')))).rejects.toThrow('stopping')
    expect(times.length).toBe(before)
  })
})

describe('a process that stood still for longer than its lease', () => {
  it('sends nothing more before the database has renewed it', async () => {
    const happened: string[] = []
    const scene = createPassScene({
      rows: customers(120),
      reply: () => {
        if (scene.vendor.requests.length === 10) scene.wait(leaseMs)
        happened.push(scene.vendor.requests.length > 10 ? 'sent' : 'sent before')
        return { kind: 'results' }
      },
      async around(moment, what) {
        if (moment === 'after' && what === 'renew') happened.push('renewed')
        // Nothing else extends the lease in this test.
        if (moment === 'before' && what === 'write') await new Promise((resolve) => setTimeout(resolve, 20))
      },
    })
    await scene.pass()
    const next = happened.slice(happened.lastIndexOf('sent before') + 1)
    expect(next[0]).toBe('renewed')
    expect(next).toContain('sent')
  })

  it('sends nothing at all when another one has taken over', async () => {
    let isTakenOver = false
    let after = 0
    const scene = createPassScene({
      rows: customers(500),
      reply: () => {
        if (isTakenOver) after += 1
        if (!isTakenOver && scene.vendor.requests.length === 10) {
          isTakenOver = true
          scene.delivery.begin()
          scene.wait(leaseMs)
        }
        return { kind: 'results' }
      },
    })
    await expect(scene.pass()).rejects.toMatchObject({ code: 'pass_fenced' })
    expect(after).toBe(0)
  })
})

describe('an answer of the database that is lost', () => {
  it.each(['before', 'after'] as const)(
    '%s the commit ends the pass, and all is counted once',
    async (when) => {
      let isLost = true
      const scene = createPassScene({
        rows: customers(100),
        async around(moment, what) {
          if (!isLost || moment !== when || what !== 'write') return
          isLost = false
          throw new Error('lost')
        },
      })
      await expect(scene.pass()).rejects.toThrow('lost')
      await scene.passUntilCompleted()
      expect(scene.delivery.totals).toMatchObject({ matched: 100, delivered: 100 })
    },
  )
})

/** How many requests are in flight: it grows with a vendor that keeps up, and shrinks with one that does not. */
import { expect, it } from 'vitest'
import { type Concurrency, createConcurrency } from './concurrency.ts'

const healthy = { isHealthy: true, latencyMs: 100 }
const failed = { isHealthy: false, latencyMs: 100 }

/** Takes places until none is free, and tells how many there were; all are held afterwards. */
async function fill(concurrency: Concurrency, held = 0): Promise<number> {
  let places = held
  for (;;) {
    let isFree = false
    void concurrency.acquire().then(() => {
      isFree = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    if (!isFree) return places
    places += 1
  }
}

/** A vendor's rounds: all places are taken and given back, with the same result. */
async function rounds(concurrency: Concurrency, count: number, result: typeof healthy): Promise<void> {
  for (let round = 0; round < count; round += 1) {
    await concurrency.acquire()
    concurrency.release(result)
  }
}

it('starts with eight places', async () => {
  expect(await fill(createConcurrency())).toBe(8)
})

it('gives a place that is given back to the one who waits longest', async () => {
  const concurrency = createConcurrency()
  for (let place = 0; place < 8; place += 1) await concurrency.acquire()
  const order: string[] = []
  const first = concurrency.acquire().then(() => order.push('first'))
  const second = concurrency.acquire().then(() => order.push('second'))
  concurrency.release(healthy)
  await first
  expect(order).toEqual(['first'])
  concurrency.release(healthy)
  await second
  expect(order).toEqual(['first', 'second'])
})

it('grows while the vendor answers well, up to 64', async () => {
  const some = createConcurrency()
  await rounds(some, 100, healthy)
  const places = await fill(some)
  expect(places).toBeGreaterThan(8)
  expect(places).toBeLessThan(64)
  const many = createConcurrency()
  await rounds(many, 10_000, healthy)
  expect(await fill(many)).toBe(64)
})

it('halves once for a whole round of failures, not once for each', async () => {
  const concurrency = createConcurrency()
  await rounds(concurrency, 10_000, healthy)
  for (let place = 0; place < 64; place += 1) await concurrency.acquire()
  for (let place = 0; place < 32; place += 1) concurrency.release(failed)
  expect(await fill(concurrency, 32)).toBe(32)
})

it('always leaves one place, so that it can grow again', async () => {
  const concurrency = createConcurrency()
  await rounds(concurrency, 1000, failed)
  const again = createConcurrency()
  await rounds(again, 1000, failed)
  expect(await fill(concurrency)).toBe(1)
  await rounds(again, 1000, healthy)
  expect(await fill(again)).toBeGreaterThan(8)
})

it('stays as it is when answers take much longer than they could', async () => {
  const concurrency = createConcurrency()
  await rounds(concurrency, 1, healthy)
  const before = createConcurrency()
  await rounds(before, 1, healthy)
  await rounds(concurrency, 1000, { isHealthy: true, latencyMs: 500 })
  expect(await fill(concurrency)).toBe(await fill(before))
})

it('does not take the speed of a failure for what the vendor can do', async () => {
  const concurrency = createConcurrency()
  await rounds(concurrency, 1, { isHealthy: false, latencyMs: 0 })
  await rounds(concurrency, 2000, healthy)
  expect(await fill(concurrency)).toBeGreaterThan(8)
})

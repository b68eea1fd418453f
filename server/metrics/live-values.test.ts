/** One read for all who watch, at a pace, and none while nobody watches. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createLogger } from '../logger.ts'
import { createLiveValues, type LiveValues } from './live-values.ts'

const paceMs = 500
const safetyMs = 10_000

/** A value that nothing comes after. */
const last = 1_000

let counts: Map<string, number>
let reads: (readonly string[])[]
let isBroken: boolean
let live: LiveValues<Reading>

beforeEach(() => {
  vi.useFakeTimers()
  counts = new Map([
    ['a', 0],
    ['b', 0],
  ])
  reads = []
  isBroken = false
  live = createLiveValues<Reading>({
    read: async (ids) => {
      reads.push(ids)
      if (isBroken) throw new Error('The database is away')
      const known = ids.flatMap((id) => {
        const count = counts.get(id)
        return count === undefined ? [] : [[id, { count, readAt: Date.now() }] as const]
      })
      return new Map(known)
    },
    isSame: (before, now) => before.count === now.count,
    isLast: ({ count }) => count === last,
    log: createLogger({ level: 'silent' }),
    paceMs,
    safetyMs,
  })
})
afterEach(() => {
  live.close()
  vi.useRealTimers()
})

interface Reading {
  readonly count: number
  readonly readAt: number
}

/** The values that a reader has been given so far. */
function collect(id: string): {
  readonly values: number[]
  stop(): Promise<unknown>
  readonly done: () => boolean
} {
  const values: number[] = []
  let isDone = false
  const stream = live.watch(id)
  void (async () => {
    for await (const { count } of stream) values.push(count)
    isDone = true
  })()
  return { values, stop: async () => stream.return?.(), done: () => isDone }
}

it('gives a first value at once, and a second reader the same without another read', async () => {
  const first = collect('a')
  await vi.advanceTimersByTimeAsync(0)
  const second = collect('a')
  await vi.advanceTimersByTimeAsync(0)
  expect([first.values, second.values]).toEqual([[0], [0]])
  expect(reads).toEqual([['a']])
})

it('reads a changed value once for all its readers', async () => {
  const readers = [collect('a'), collect('a'), collect('a')]
  await vi.advanceTimersByTimeAsync(paceMs)
  reads.length = 0
  counts.set('a', 5)
  live.touch('a')
  await vi.advanceTimersByTimeAsync(paceMs)
  for (const { values } of readers) expect(values).toEqual([0, 5])
  expect(reads).toEqual([['a']])
})

it('reads at most twice a second, however often a value changes, and ends with the latest', async () => {
  const { values } = collect('a')
  await vi.advanceTimersByTimeAsync(paceMs)
  reads.length = 0
  for (let step = 1; step <= 100; step += 1) {
    counts.set('a', step)
    live.touch('a')
    await vi.advanceTimersByTimeAsync(20)
  }
  await vi.advanceTimersByTimeAsync(paceMs)
  expect(reads.length).toBeLessThanOrEqual(5)
  expect(values.at(-1)).toBe(100)
})

it('reads all changed values together', async () => {
  collect('a')
  collect('b')
  await vi.advanceTimersByTimeAsync(paceMs)
  reads.length = 0
  live.touchAll()
  await vi.advanceTimersByTimeAsync(paceMs)
  expect(reads).toEqual([['a', 'b']])
})

it('reads those again that a change of several concerns', async () => {
  counts.set('b', 3)
  collect('a')
  collect('b')
  await vi.advanceTimersByTimeAsync(paceMs)
  reads.length = 0
  live.touchAll(({ count }) => count === 3)
  await vi.advanceTimersByTimeAsync(paceMs)
  expect(reads).toEqual([['b']])
})

it('sends nothing when nothing has changed', async () => {
  const { values } = collect('a')
  await vi.advanceTimersByTimeAsync(paceMs)
  live.touch('a')
  await vi.advanceTimersByTimeAsync(2 * paceMs)
  expect(values).toEqual([0])
})

it('reads nothing while nobody watches', async () => {
  const reader = collect('a')
  await vi.advanceTimersByTimeAsync(paceMs)
  await reader.stop()
  reads.length = 0
  live.touch('a')
  live.touchAll()
  await vi.advanceTimersByTimeAsync(3 * safetyMs)
  expect(reads).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
})

it('looks again now and then, in case a notice was missed', async () => {
  const { values } = collect('a')
  await vi.advanceTimersByTimeAsync(paceMs)
  counts.set('a', 7)
  await vi.advanceTimersByTimeAsync(safetyMs + paceMs)
  expect(values).toEqual([0, 7])
})

it('goes on after the database was away', async () => {
  const { values } = collect('a')
  await vi.advanceTimersByTimeAsync(paceMs)
  isBroken = true
  counts.set('a', 3)
  live.touch('a')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(values).toEqual([0])
  isBroken = false
  await vi.advanceTimersByTimeAsync(5_000)
  expect(values).toEqual([0, 3])
})

it('ends all streams with a value that nothing comes after', async () => {
  const readers = [collect('a'), collect('a')]
  const other = collect('b')
  await vi.advanceTimersByTimeAsync(paceMs)
  counts.set('a', last)
  live.touch('a')
  await vi.advanceTimersByTimeAsync(paceMs)
  for (const { values, done } of readers) expect([values, done()]).toEqual([[0, last], true])
  expect(other.done()).toBe(false)
})

it('gives what had its last value before, once, and ends', async () => {
  counts.set('a', last)
  for (const { values, done } of [collect('a'), collect('a')]) {
    await vi.advanceTimersByTimeAsync(paceMs)
    expect([values, done()]).toEqual([[last], true])
  }
  expect(vi.getTimerCount()).toBe(0)
})

it('ends the streams of what is no more, and all of them when the server closes', async () => {
  const a = collect('a')
  const b = collect('b')
  await vi.advanceTimersByTimeAsync(paceMs)
  counts.delete('a')
  live.touch('a')
  await vi.advanceTimersByTimeAsync(paceMs)
  expect([a.done(), b.done()]).toEqual([true, false])
  live.close()
  await vi.advanceTimersByTimeAsync(0)
  expect(b.done()).toBe(true)
})

/** Tests when an id counts as settled, and that a busy source leaves no long list behind. */
import { describe, expect, it } from 'vitest'
import { type SeenId, settledId } from './settled-ids.ts'

const settleMs = 3_200

function seen(...pairs: readonly (readonly [at: number, id: number])[]): SeenId[] {
  return pairs.map(([at, id]) => ({ at, position: [String(id)] }))
}

describe('an id', () => {
  it('waits until it was seen settle ago', () => {
    const first = settledId([], ['7'], { now: 1_000, settleMs })
    expect(first).toEqual({ bound: null, waiting: seen([1_000, 7]) })
    expect(settledId(first.waiting, null, { now: 1_000 + settleMs - 1, settleMs })).toEqual(first)
    expect(settledId(first.waiting, null, { now: 1_000 + settleMs, settleMs })).toEqual({
      bound: ['7'],
      waiting: [],
    })
  })

  it('is announced with the greatest that has settled; younger ones wait on', () => {
    const all = seen([0, 1], [1_000, 2], [2_000, 3])
    expect(settledId(all, ['4'], { now: 1_000 + settleMs, settleMs })).toEqual({
      bound: ['2'],
      waiting: seen([2_000, 3], [4_200, 4]),
    })
  })
})

it('a source with a new id at every look keeps a short list, and announces on', () => {
  let waiting: readonly SeenId[] = []
  let bound = 0
  let longest = 0
  for (let now = 0; now < 10 * settleMs; now += 1) {
    const next = settledId(waiting, [String(now)], { now, settleMs })
    waiting = next.waiting
    longest = Math.max(longest, waiting.length)
    if (next.bound !== null) {
      // Never too early, and late by no more than the grain.
      expect(Number(next.bound[0])).toBeLessThanOrEqual(now - settleMs)
      expect(Number(next.bound[0])).toBeGreaterThan(bound - 1)
      bound = Number(next.bound[0])
    }
    if (now > 2 * settleMs) expect(bound).toBeGreaterThan(now - 1.1 * settleMs)
  }
  expect(longest).toBeLessThan(70)
})

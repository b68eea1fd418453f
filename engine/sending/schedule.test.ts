/** When a failed item is tried again: the listed waits, then doubling, then never. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gather, nextDue, type RetrySchedule } from './schedule.ts'

const minute = 60_000
const hour = 60 * minute
const start = Date.parse('2026-01-01T00:00:00Z')
const usual: RetrySchedule = { delaysMs: [minute, 5 * minute, 30 * minute], forMs: 24 * hour }

/** The wait after an attempt, to the tenth by which it may be rounded up. */
function wait(schedule: RetrySchedule, attempts: number): number {
  const dueAt = nextDue(schedule, attempts, start, start)
  if (dueAt === null) throw new Error('No attempt is left.')
  return dueAt - start
}

describe('the wait after an attempt', () => {
  it.each([
    [1, minute],
    [2, 5 * minute],
    [3, 30 * minute],
    [4, hour],
    [5, 2 * hour],
    [6, 4 * hour],
    [7, 6 * hour],
    [8, 6 * hour],
    [500, 6 * hour],
  ])('number %i is %i ms', (attempts, ms) => {
    const rounding = Math.min(10_000, ms / 10)
    expect(wait(usual, attempts)).toBeGreaterThanOrEqual(ms)
    expect(wait(usual, attempts)).toBeLessThan(ms + rounding + 1)
  })

  it('is a minute, doubling, where none is listed', () => {
    const none = { delaysMs: [], forMs: hour }
    expect(wait(none, 1)).toBeGreaterThanOrEqual(minute)
    expect(wait(none, 1)).toBeLessThan(2 * minute)
    expect(wait(none, 2)).toBeGreaterThanOrEqual(2 * minute)
    expect(wait(none, 2)).toBeLessThan(3 * minute)
  })

  it('is as listed even where that is longer than six hours', () => {
    expect(wait({ delaysMs: [9 * hour], forMs: 24 * hour }, 1)).toBeGreaterThanOrEqual(9 * hour)
  })
})

describe('the end of retries', () => {
  it('comes when the time is used up, however few attempts there were', () => {
    expect(nextDue(usual, 1, start, start + 24 * hour - 1)).not.toBeNull()
    expect(nextDue(usual, 1, start, start + 24 * hour)).toBeNull()
  })

  it('does not come by the number of attempts alone', () => {
    expect(nextDue(usual, 1_000_000, start, start)).not.toBeNull()
  })

  it('is reached by an item that always fails', () => {
    let now = start
    let attempts = 0
    for (;;) {
      attempts += 1
      const dueAt = nextDue(usual, attempts, start, now)
      if (dueAt === null) break
      expect(dueAt).toBeGreaterThan(now)
      now = dueAt
    }
    // 1, 5 and 30 minutes, 1, 2 and 4 hours, then every 6.
    expect(attempts).toBe(10)
  })
})

describe('gathering', () => {
  it('never makes a due time earlier, nor later by more than a tenth or 10 s', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 48 * hour }), fc.nat({ max: 4e12 }), (delay, now) => {
        const late = gather(now + delay, now) - (now + delay)
        expect(Number.isInteger(late)).toBe(true)
        expect(late).toBeGreaterThanOrEqual(0)
        expect(late).toBeLessThan(Math.min(10_000, Math.max(1, delay / 10)))
      }),
    ))

  it('brings items that failed a few seconds apart to one due time', () => {
    const due = [0, 500, 1000, 1500].map((ms) => nextDue(usual, 3, start, start + 1000 + ms))
    expect(new Set(due).size).toBe(1)
  })
})

/** Adds up what many schedules showed: which invariants broke, how often, and the smallest schedule of each. */
import type { Played } from './schedule.ts'

interface Broken {
  times: number
  /** Of the schedule with the fewest passes. */
  seed: number
  passes: number
}

export interface Tally {
  add(played: Played): void
  broken(): number
  lines(): readonly string[]
  result(): Readonly<Record<string, unknown>>
}

export function createTally(): Tally {
  const byViolation = new Map<string, Broken>()
  const totals = { broken: 0, deliveries: 0, passes: 0, requests: 0 }

  const found = () => [...byViolation].sort(([, a], [, b]) => b.times - a.times)

  return {
    add({ seed, violations, deliveries, passes, requests }) {
      totals.broken += violations.length > 0 ? 1 : 0
      totals.deliveries += deliveries
      totals.passes += passes
      totals.requests += requests
      for (const { invariant, what } of violations) {
        const name = `${invariant}: ${what}`
        const before = byViolation.get(name) ?? { times: 0, seed, passes }
        const smallest = passes < before.passes ? { seed, passes } : before
        byViolation.set(name, { ...smallest, times: before.times + 1, seed: smallest.seed })
      }
    },
    broken: () => totals.broken,
    lines: () =>
      found().map(([name, { times, seed }]) => `${times} × ${name} (npm run simulate -- --trace ${seed})`),
    result: () => ({
      ...totals,
      violations: found().map(([name, { times, seed }]) => ({ name, times, seed })),
    }),
  }
}

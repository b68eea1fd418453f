/** Adds up what many schedules showed: which invariants broke, how often, and the smallest schedule of each. */
import { z } from '@sluice/connector-sdk'
import type { Played } from './schedule.ts'

export const totalsSchema = z.object({
  broken: z.number(),
  deliveries: z.number(),
  passes: z.number(),
  requests: z.number(),
  violations: z.array(
    z.object({
      name: z.string(),
      times: z.number(),
      /** Of the schedule with the fewest passes that shows it. */
      seed: z.number(),
      passes: z.number(),
    }),
  ),
})
export type Totals = z.output<typeof totalsSchema>

export const noTotals: Totals = { broken: 0, deliveries: 0, passes: 0, requests: 0, violations: [] }

export function totalsOf({ seed, violations, deliveries, passes, requests }: Played): Totals {
  return {
    broken: violations.length > 0 ? 1 : 0,
    ...{ deliveries, passes, requests },
    violations: violations.map(({ invariant, what }) => ({
      name: `${invariant}: ${what}`,
      ...{ times: 1, seed, passes },
    })),
  }
}

export function sum(a: Totals, b: Totals): Totals {
  const violations = new Map(a.violations.map((each) => [each.name, each]))
  for (const each of b.violations) {
    const before = violations.get(each.name)
    const smallest = before !== undefined && before.passes <= each.passes ? before : each
    violations.set(each.name, { ...smallest, times: (before?.times ?? 0) + each.times })
  }
  return {
    broken: a.broken + b.broken,
    deliveries: a.deliveries + b.deliveries,
    passes: a.passes + b.passes,
    requests: a.requests + b.requests,
    violations: [...violations.values()].sort((one, other) => other.times - one.times),
  }
}

/** What a condition asks of a date: compared with another, or with now. */
import type { Moment, MomentCondition } from './condition.ts'
import { later } from './moments.ts'
import type { ValueTest } from './value-test.ts'

/** What is known once it is said what is now, in epoch milliseconds. */
export type AsOf<Result> = (now: number) => Result

export function always<Result>(result: Result): AsOf<Result> {
  return () => result
}

export function momentTest(condition: MomentCondition): AsOf<ValueTest> {
  switch (condition.operator) {
    case 'before':
    case 'onOrBefore':
    case 'after':
    case 'onOrAfter':
      return comparedTo(condition.value, comparisons[condition.operator])
    case 'occurredLessThanAgo': {
      const { amount, unit } = condition.value
      return (now) => {
        const since = later(now, -amount, unit)
        // What is yet to come has not occurred.
        return onDate((ms) => ms > since && ms <= now)
      }
    }
    case 'occurredMoreThanAgo': {
      const { amount, unit } = condition.value
      return (now) => {
        const until = later(now, -amount, unit)
        return onDate((ms) => ms < until)
      }
    }
  }
}

type Comparison = (ms: number, bound: number) => boolean

const comparisons = {
  before: (ms, bound) => ms < bound,
  onOrBefore: (ms, bound) => ms <= bound,
  after: (ms, bound) => ms > bound,
  onOrAfter: (ms, bound) => ms >= bound,
} as const satisfies Record<string, Comparison>

function comparedTo(moment: Moment, compare: Comparison): AsOf<ValueTest> {
  if (typeof moment === 'string') {
    const bound = Date.parse(moment)
    return always(onDate((ms) => compare(ms, bound)))
  }
  switch (moment.kind) {
    case 'attribute':
      return always(
        (value, other) =>
          value instanceof Date && other instanceof Date && compare(value.getTime(), other.getTime()),
      )
    case 'now':
      return (now) => {
        const bound = later(now, moment.amount, moment.unit)
        return onDate((ms) => compare(ms, bound))
      }
  }
}

/** A date that is none compares with nothing. */
function onDate(test: (ms: number) => boolean): ValueTest {
  return (value) => value instanceof Date && test(value.getTime())
}

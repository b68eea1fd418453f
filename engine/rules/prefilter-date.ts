/** Conditions on dates as SQL. Records' dates are cut down to whole milliseconds, and a moment is one. */
import type { Dialect, SourceColumn } from '@sluice/connector-sdk'
import type { Moment, MomentCondition } from './condition.ts'
import { atLeast, exactly, type Leaf } from './leaf-sql.ts'
import { earliestMs, later, latestMs } from './moments.ts'

/** Types that keep no more than microseconds: a cast to the dialect's own instants loses nothing of them. */
const exactTypes = /^(date|timestamp(_s|_ms)?(\(\d\))?( with(out)? time zone)?)$/i

export interface DateContext {
  readonly column: SourceColumn
  readonly dialect: Dialect
  /** The value of a column as an instant. */
  instantOf(column: SourceColumn): string
  /** A column of the source by name; undefined when it has none. */
  columnNamed(name: string): SourceColumn | undefined
  /** What is now, in epoch milliseconds. */
  readonly now: number
}

type Comparison = 'before' | 'onOrBefore' | 'after' | 'onOrAfter'

export function compareDate(context: DateContext, condition: MomentCondition): Leaf | undefined {
  const { now } = context
  switch (condition.operator) {
    case 'before':
    case 'onOrBefore':
    case 'after':
    case 'onOrAfter':
      return compareMoment(context, condition.operator, condition.value)
    case 'occurredLessThanAgo': {
      const { amount, unit } = condition.value
      const since = compareBound(context, 'after', later(now, -amount, unit))
      const until = compareBound(context, 'onOrBefore', now)
      return since && until && both(since, until)
    }
    case 'occurredMoreThanAgo': {
      const { amount, unit } = condition.value
      return compareBound(context, 'before', later(now, -amount, unit))
    }
  }
}

/** Instants that a JavaScript Date may not hold, infinity among them, can arrive as null: they pass. */
export function noDate(value: string, instant: string): Leaf {
  return atLeast((bind) => {
    const earlier = `${instant} < ${bind(instantText(earliestMs), 'date')}`
    const latest = `${instant} > ${bind(instantText(latestMs), 'date')}`
    return `(${value} IS NULL OR ${earlier} OR ${latest})`
  })
}

function compareMoment(context: DateContext, comparison: Comparison, moment: Moment): Leaf | undefined {
  if (typeof moment === 'string') return compareBound(context, comparison, Date.parse(moment))
  switch (moment.kind) {
    case 'now':
      return compareBound(context, comparison, later(context.now, moment.amount, moment.unit))
    case 'attribute':
      return compareColumns(context, comparison, moment.attribute)
  }
}

/**
 * A date cut down is at most the bound while it is less than the next millisecond. Casts of finer types may cut
 * towards 1970, so up to the bound itself, so that equal ones pass.
 */
function compareBound(context: DateContext, comparison: Comparison, bound: number): Leaf | undefined {
  const isNext = comparison === 'onOrBefore' || comparison === 'after'
  const moved = isNext ? bound + 1 : bound
  if (moved < earliestMs || moved > latestMs) return undefined
  const isExact = exactTypes.test(context.column.nativeType)
  const instant = context.instantOf(context.column)
  const isUpper = comparison === 'before' || comparison === 'onOrBefore'
  const operator = isUpper ? (isExact ? '<' : '<=') : '>='
  return { sql: (bind) => `${instant} ${operator} ${bind(instantText(moved), 'date')}`, isExact }
}

/** Of two dates that are cut, only a whole millisecond between them says anything about them uncut. */
function compareColumns(context: DateContext, comparison: Comparison, name: string): Leaf | undefined {
  const other = context.columnNamed(name)
  if (other === undefined || comparison === 'onOrBefore' || comparison === 'onOrAfter') return undefined
  const operator = comparison === 'before' ? '<=' : '>='
  return atLeast(() => `${context.instantOf(context.column)} ${operator} ${context.instantOf(other)}`)
}

function both(a: Leaf, b: Leaf): Leaf {
  return (a.isExact && b.isExact ? exactly : atLeast)((bind) => `${a.sql(bind)} AND ${b.sql(bind)}`)
}

function instantText(ms: number): string {
  return new Date(ms).toISOString()
}

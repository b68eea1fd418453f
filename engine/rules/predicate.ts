/** What conditions mean: compiled once, then asked of every row. Everything else may only approximate it. */
import type { AttributeColumn, Columns } from '../reading/columns.ts'
import { assertConditionsFit } from './check.ts'
import { type Condition, isMomentCondition } from './condition.ts'
import { type Conditions, otherAttribute } from './conditions.ts'
import { type AsOf, always, momentTest } from './moment-test.ts'
import { type ValueTest, valueTest } from './value-test.ts'

export type Predicate = (columns: Columns, row: number) => boolean

/**
 * Compiles conditions for rows with the given columns, in their order, as of a moment: what is now, in epoch
 * milliseconds. On null a positive operator is false and a negative one is the negation of its positive; numbers are
 * doubles, dates milliseconds UTC.
 */
export function compilePredicate(
  conditions: Conditions,
  columns: readonly AttributeColumn[],
): AsOf<Predicate> {
  assertConditionsFit(conditions, columns)
  const groupsOf = (groups: Conditions['any']) =>
    groups.map(({ all }) =>
      joined(
        all.map((condition) => onRow(condition, columns)),
        every,
      ),
    )
  const included = conditions.any.length === 0 ? always(everyRow) : joined(groupsOf(conditions.any), some)
  const { exclude = [] } = conditions
  if (exclude.length === 0) return included
  const excluded = joined(groupsOf(exclude), some)
  return (now) => without(included(now), excluded(now))
}

const everyRow: Predicate = () => true

function onRow(condition: Condition, columns: readonly AttributeColumn[]): AsOf<Predicate> {
  const index = columns.findIndex(({ name }) => name === condition.attribute)
  const other = otherAttribute(condition)
  const otherIndex = columns.findIndex(({ name }) => name === other)
  const test = isMomentCondition(condition) ? momentTest(condition) : always(valueTest(condition))
  if (other === undefined) return (now) => onColumn(index, test(now))
  return (now) => onColumns(index, otherIndex, test(now))
}

function onColumn(index: number, test: ValueTest): Predicate {
  return (rows, row) => test(rows[index]?.[row] ?? null, null)
}

function onColumns(index: number, other: number, test: ValueTest): Predicate {
  return (rows, row) => test(rows[index]?.[row] ?? null, rows[other]?.[row] ?? null)
}

function joined(
  parts: readonly AsOf<Predicate>[],
  join: (tests: readonly Predicate[]) => Predicate,
): AsOf<Predicate> {
  return (now) => join(parts.map((part) => part(now)))
}

function without(included: Predicate, excluded: Predicate): Predicate {
  return (columns, row) => included(columns, row) && !excluded(columns, row)
}

function every(tests: readonly Predicate[]): Predicate {
  const [only] = tests
  if (only !== undefined && tests.length === 1) return only
  return (columns, row) => {
    for (const test of tests) if (!test(columns, row)) return false
    return true
  }
}

function some(tests: readonly Predicate[]): Predicate {
  const [only] = tests
  if (only !== undefined && tests.length === 1) return only
  return (columns, row) => {
    for (const test of tests) if (test(columns, row)) return true
    return false
  }
}

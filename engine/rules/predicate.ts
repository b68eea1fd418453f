/** What conditions mean: compiled once, then asked of every row. Everything else may only approximate it. */
import type { AttributeValue } from '@sluice/connector-sdk'
import type { AttributeColumn, Columns } from '../reading/columns.ts'
import { assertConditionsFit } from './check.ts'
import type { Condition, Conditions } from './conditions.ts'
import { toDouble } from './numbers.ts'

export type Predicate = (columns: Columns, row: number) => boolean

/**
 * Compiles conditions for rows with the given columns, in their order. On null a positive operator is false
 * and a negative one is the negation of its positive; numbers are doubles, dates milliseconds UTC.
 */
export function compilePredicate(conditions: Conditions, columns: readonly AttributeColumn[]): Predicate {
  assertConditionsFit(conditions, columns)
  const groups = conditions.any.map(({ all }) => every(all.map((condition) => onRow(condition, columns))))
  return groups.length === 0 ? () => true : some(groups)
}

type ValueTest = (value: AttributeValue) => boolean

function onRow(condition: Condition, columns: readonly AttributeColumn[]): Predicate {
  const index = columns.findIndex(({ name }) => name === condition.attribute)
  const test = onValue(condition)
  return (rows, row) => test(rows[index]?.[row] ?? null)
}

function onValue(condition: Condition): ValueTest {
  switch (condition.operator) {
    case 'equals':
      return equalTo(condition.value)
    case 'notEquals':
      return not(equalTo(condition.value))
    case 'lessThan':
      return (value) => toDouble(value) < condition.value
    case 'lessThanOrEqual':
      return (value) => toDouble(value) <= condition.value
    case 'greaterThan':
      return (value) => toDouble(value) > condition.value
    case 'greaterThanOrEqual':
      return (value) => toDouble(value) >= condition.value
    case 'contains':
      return containing(condition.value)
    case 'notContains':
      return not(containing(condition.value))
    case 'startsWith':
      return (value) => typeof value === 'string' && value.startsWith(condition.value)
    case 'endsWith':
      return (value) => typeof value === 'string' && value.endsWith(condition.value)
    case 'isAssigned':
      return (value) => value !== null
    case 'isNotAssigned':
      return (value) => value === null
    case 'isTrue':
      return (value) => value === true
    case 'isFalse':
      return (value) => value === false
    case 'before': {
      const bound = Date.parse(condition.value)
      return (value) => value instanceof Date && value.getTime() < bound
    }
    case 'after': {
      const bound = Date.parse(condition.value)
      return (value) => value instanceof Date && value.getTime() > bound
    }
  }
}

function equalTo(wanted: string | number): ValueTest {
  return typeof wanted === 'number' ? (value) => toDouble(value) === wanted : (value) => value === wanted
}

function containing(wanted: string): ValueTest {
  return (value) => typeof value === 'string' && value.includes(wanted)
}

function not(test: ValueTest): ValueTest {
  return (value) => !test(value)
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

/** One condition as SQL, widened wherever the database may see a value differently than the predicate does. */
import type { Dialect, SourceColumn } from '@sluice/connector-sdk'
import { type Condition, isMomentCondition } from './condition.ts'
import { atLeast, exactly, type Leaf } from './leaf-sql.ts'
import { compareDate, noDate } from './prefilter-date.ts'
import { compareNumber, equalNumber, notEqualNumber } from './prefilter-number.ts'

interface LeafContext {
  readonly columns: readonly SourceColumn[]
  readonly dialect: Dialect
  readonly timeZone: string
  readonly now: number
}

/** The SQL of a condition, or undefined when it can only be `TRUE`. */
export function compileLeaf(condition: Condition, context: LeafContext): Leaf | undefined {
  const { columns, dialect, timeZone, now } = context
  const columnNamed = (name: string) => columns.find((each) => each.name === name)
  const column = columnNamed(condition.attribute)
  if (column === undefined) return undefined
  const sqlOf = (of: SourceColumn) => dialect.value(dialect.quote(of.name), of, timeZone)
  const instantOf = (of: SourceColumn) => `CAST(${sqlOf(of)} AS ${dialect.nativeType('date')})`
  if (isMomentCondition(condition)) {
    return compareDate({ column, dialect, instantOf, columnNamed, now }, condition)
  }
  if ('ignoreCase' in condition && condition.ignoreCase === true) return undefined

  const value = sqlOf(column)
  const text = dialect.text(value)
  const number = { column, value, dialect }
  switch (condition.operator) {
    case 'equals':
      return typeof condition.value === 'number'
        ? equalNumber(number, condition.value)
        : equalText(text, condition.value, dialect)
    case 'notEquals':
      return typeof condition.value === 'number'
        ? notEqualNumber(number, condition.value)
        : notEqualText(text, condition.value, dialect)
    case 'lessThan':
      return compareNumber(number, '<', condition.value)
    case 'lessThanOrEqual':
      return compareNumber(number, '<=', condition.value)
    case 'greaterThan':
      return compareNumber(number, '>', condition.value)
    case 'greaterThanOrEqual':
      return compareNumber(number, '>=', condition.value)
    case 'contains':
      return exactly((bind) => dialect.contains(text, bind(condition.value, 'string')))
    case 'notContains':
      return exactly(
        (bind) => `(${value} IS NULL OR NOT ${dialect.contains(text, bind(condition.value, 'string'))})`,
      )
    case 'startsWith':
      return exactly((bind) => dialect.startsWith(text, bind(condition.value, 'string')))
    case 'endsWith':
      return exactly((bind) => dialect.endsWith(text, bind(condition.value, 'string')))
    case 'isAssigned':
      return { sql: () => `${value} IS NOT NULL`, isExact: column.type !== 'date' }
    case 'isNotAssigned':
      return column.type === 'date' ? noDate(value, instantOf(column)) : exactly(() => `${value} IS NULL`)
    case 'isEmpty':
      return column.type === 'string'
        ? atLeast((bind) => `(${value} IS NULL OR ${text} = ${bind('', 'string')})`)
        : undefined
    case 'isNotEmpty':
      return atLeast(() => `${value} IS NOT NULL`)
    case 'isTrue':
      return exactly((bind) => `${value} = ${bind('true', 'boolean')}`)
    case 'isFalse':
      return exactly((bind) => `${value} = ${bind('false', 'boolean')}`)
    // No two databases agree on lists; on patterns, not even on which are one.
    case 'matches':
    case 'notContainsItem':
    case 'noItemContains':
      return undefined
    case 'containsItem':
    case 'itemContains':
    case 'itemStartsWith':
    case 'itemEndsWith':
    case 'containsOnly':
      return atLeast(() => `${value} IS NOT NULL`)
  }
}

/**
 * Whatever the collation, a text equals itself. What `=` holds equal may differ in case, accents or blanks at the
 * end, unless it also begins and ends with the wanted text.
 */
function equalText(text: string, wanted: string, dialect: Dialect): Leaf {
  const sql: Leaf['sql'] = (bind) =>
    [
      `${text} = ${bind(wanted, 'string')}`,
      dialect.startsWith(text, bind(wanted, 'string')),
      dialect.endsWith(text, bind(wanted, 'string')),
    ].join(' AND ')
  return { sql, isExact: isSeenByCollations(wanted) }
}

/** Undefined for texts that a collation may skip. */
function notEqualText(text: string, wanted: string, dialect: Dialect): Leaf | undefined {
  if (!isSeenByCollations(wanted)) return undefined
  const equal = equalText(text, wanted, dialect)
  return exactly((bind) => `(${text} IS NULL OR NOT (${equal.sql(bind)}))`)
}

/** Texts without a letter that has case or a digit: a collation may skip all of them. */
function isSeenByCollations(wanted: string): boolean {
  return /[\p{Lu}\p{Ll}\p{Nd}]/u.test(wanted)
}

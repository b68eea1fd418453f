/** One condition as SQL, widened wherever the database may see a value differently than the predicate does. */
import type { Dialect, SourceColumn } from '@sluice/connector-sdk'
import type { Condition } from './conditions.ts'
import type { LeafSql } from './leaf-sql.ts'
import { compareNumber, equalNumber, notEqualNumber } from './prefilter-number.ts'

interface LeafContext {
  readonly dialect: Dialect
  readonly timeZone: string
}

/** The SQL of a condition, or undefined when it can only be `TRUE`. */
export function compileLeaf(
  condition: Condition,
  column: SourceColumn,
  { dialect, timeZone }: LeafContext,
): LeafSql | undefined {
  const value = dialect.value(dialect.quote(column.name), column, timeZone)
  const text = dialect.text(value)
  const number = { column, value, dialect }
  const instant = `CAST(${value} AS ${dialect.nativeType('date')})`
  switch (condition.operator) {
    case 'equals':
      return typeof condition.value === 'number'
        ? equalNumber(number, condition.value)
        : equalText(text, condition.value)
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
      return (bind) => dialect.contains(text, bind(condition.value, 'string'))
    case 'notContains':
      return (bind) => `(${value} IS NULL OR NOT ${dialect.contains(text, bind(condition.value, 'string'))})`
    case 'startsWith':
      return (bind) => dialect.startsWith(text, bind(condition.value, 'string'))
    case 'endsWith':
      return (bind) => dialect.endsWith(text, bind(condition.value, 'string'))
    case 'isAssigned':
      return () => `${value} IS NOT NULL`
    case 'isNotAssigned':
      return column.type === 'date' ? noDate(value, instant) : () => `${value} IS NULL`
    case 'isTrue':
      return (bind) => `${value} = ${bind('true', 'boolean')}`
    case 'isFalse':
      return (bind) => `${value} = ${bind('false', 'boolean')}`
    // Records' dates are cut down to whole milliseconds, and a bound is one: what lies before it lies before it
    // uncut too. But casts may cut towards 1970, up to the bound itself, so that equal ones pass.
    case 'before':
      return (bind) => `${instant} <= ${bind(instantText(condition.value), 'date')}`
    case 'after':
      return (bind) => `${instant} > ${bind(instantText(condition.value), 'date')}`
  }
}

/** Whatever the collation, a text equals itself. */
function equalText(text: string, wanted: string): LeafSql {
  return (bind) => `${text} = ${bind(wanted, 'string')}`
}

/**
 * What `=` holds equal may differ in case, accents or blanks at the end, unless it also begins and ends with the
 * wanted text. Undefined for texts without a letter that has case or a digit: a collation may skip all of them.
 */
function notEqualText(text: string, wanted: string, dialect: Dialect): LeafSql | undefined {
  if (!/[\p{Lu}\p{Ll}\p{Nd}]/u.test(wanted)) return undefined
  return (bind) => {
    const isEqual = [
      `${text} = ${bind(wanted, 'string')}`,
      dialect.startsWith(text, bind(wanted, 'string')),
      dialect.endsWith(text, bind(wanted, 'string')),
    ]
    return `(${text} IS NULL OR NOT (${isEqual.join(' AND ')}))`
  }
}

/** Instants that a JavaScript Date may not hold, infinity among them, can arrive as null: they pass. */
function noDate(value: string, instant: string): LeafSql {
  return (bind) => {
    const earlier = `${instant} < ${bind('0001-01-01T00:00:00.000Z', 'date')}`
    const later = `${instant} > ${bind('9999-12-31T23:59:59.999Z', 'date')}`
    return `(${value} IS NULL OR ${earlier} OR ${later})`
  }
}

function instantText(value: string): string {
  return new Date(Date.parse(value)).toISOString()
}

/** How DuckDB's SQL is written: names, casts, exact texts, instants. */
import { type Dialect, type SourceColumn, SourceError } from '@sluice/connector-sdk'
import { quoteIdentifier, quoteLiteral } from './sql-text.ts'
import { isUtc, parseTimeZone } from './time-zone.ts'

// Types whose text casts back to the same value; nested ones have no such text.
const castableType = /^[A-Z][A-Z0-9_]*( [A-Z]+)*(\(\d+(, ?\d+)?\))?$/

export const dialect: Dialect = {
  quote: quoteIdentifier,
  parameter(index, nativeType) {
    if (!castableType.test(nativeType)) {
      throw new SourceError('bad_settings', `A value of type ${nativeType} cannot be used for comparison.`)
    }
    return `CAST($${index} AS ${nativeType})`
  },
  text: (expression) => `CAST(${expression} AS VARCHAR)`,
  value: (expression, column, timeZone) => {
    switch (column.type) {
      case 'string':
        return `CAST(${expression} AS VARCHAR)`
      case 'stringArray':
        return `CAST(${expression} AS VARCHAR[])`
      case 'date':
        return instant(expression, column, timeZone)
      case 'number':
      case 'boolean':
      case 'numberArray':
      case 'booleanArray':
        return expression
    }
  },
  contains: (expression, parameter) => `contains(${exactText(expression)}, ${parameter})`,
  startsWith: (expression, parameter) => `starts_with(${exactText(expression)}, ${parameter})`,
  endsWith: (expression, parameter) => `ends_with(${exactText(expression)}, ${parameter})`,
  nativeType(type) {
    switch (type) {
      case 'string':
        return 'VARCHAR'
      case 'number':
        return 'DOUBLE'
      case 'boolean':
        return 'BOOLEAN'
      case 'date':
        return 'TIMESTAMP WITH TIME ZONE'
    }
  },
}

function instant(expression: string, column: SourceColumn, timeZone: string): string {
  const zone = parseTimeZone(timeZone)
  // The connection reads naive values as UTC, so only another zone needs work. A day of the calendar has none:
  // moved to a zone's midnight, a birthday would fall on the day before.
  const hasNoZone = column.nativeType === 'TIMESTAMP WITH TIME ZONE' || column.nativeType === 'DATE'
  if (hasNoZone || isUtc(zone)) return expression
  const naive = column.nativeType === 'TIMESTAMP' ? expression : `CAST(${expression} AS TIMESTAMP)`
  return `timezone(${quoteLiteral(zone)}, ${naive})`
}

// A column may declare a collation, under which 'a' contains 'A'.
function exactText(expression: string): string {
  return `CAST(${expression} AS VARCHAR) COLLATE "binary"`
}

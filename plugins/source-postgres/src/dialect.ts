/** How PostgreSQL's SQL is written: names, casts, exact texts, instants. */
import { type Dialect, type SourceColumn, SourceError } from '@sluice/connector-sdk'
import { castTarget, isNaiveTimestamp, isReal } from './native-type.ts'
import { quoteIdentifier, quoteLiteral } from './sql-text.ts'
import { isUtc, parseTimeZone } from './time-zone.ts'

export const dialect: Dialect = {
  quote: quoteIdentifier,
  parameter(index, nativeType) {
    const target = castTarget(nativeType)
    if (target === undefined) {
      throw new SourceError(
        'bad_settings',
        `A column of type ${nativeType} cannot serve as key or cursor: the order of its values is not that of their comparison, or has no text.`,
      )
    }
    const cast = `CAST($${index} AS ${target.type})`
    // Two positions compare as their column's values do, also where there is no column to lend its collation.
    return target.collation === undefined ? cast : `(${cast} COLLATE ${target.collation})`
  },
  text: exactText,
  value: (expression, column, timeZone) => {
    switch (column.type) {
      case 'string':
        return `CAST(${expression} AS text)`
      case 'stringArray':
        return `CAST(${expression} AS text[])`
      case 'numberArray':
      case 'booleanArray':
        // A domain's array has a type of its own on the wire.
        return `CAST(${expression} AS ${arrayType(column)})`
      case 'number':
        return isReal(column.nativeType) ? asDouble(expression) : expression
      case 'date':
        return instant(expression, column, timeZone)
      case 'boolean':
        return expression
    }
  },
  contains: (expression, parameter) => `(strpos(${exactText(expression)}, ${parameter}) > 0)`,
  startsWith: (expression, parameter) => `starts_with(${exactText(expression)}, ${parameter})`,
  endsWith: (expression, parameter) =>
    `(right(${exactText(expression)}, length(${parameter})) = ${parameter})`,
  nativeType(type) {
    switch (type) {
      case 'string':
        return 'text'
      case 'number':
        return 'double precision'
      case 'boolean':
        return 'boolean'
      case 'date':
        return 'timestamp with time zone'
    }
  },
}

/** The collation makes comparisons go by exact characters: under another one, 'a' may be equal to 'A'. */
function exactText(expression: string): string {
  return `(CAST(${expression} AS text) COLLATE "C")`
}

/** By its shortest text: the number that people see, both here and in conditions. */
function asDouble(expression: string): string {
  return `CAST(CAST(${expression} AS text) AS double precision)`
}

function instant(expression: string, column: SourceColumn, timeZone: string): string {
  const zone = parseTimeZone(timeZone)
  // The session's zone is UTC, so only another zone needs work. A day of the calendar has none: moved to a zone's
  // midnight, a birthday would fall on the day before.
  if (!isNaiveTimestamp(column.nativeType) || isUtc(zone)) return expression
  return `timezone(${quoteLiteral(zone)}, ${expression})`
}

function arrayType({ nativeType }: SourceColumn): string {
  const element = castTarget(nativeType.replace(/\[\]$/, ''))
  if (element === undefined) throw new SourceError('bad_settings', `There is no array type ${nativeType}.`)
  return `${element.type}[]`
}

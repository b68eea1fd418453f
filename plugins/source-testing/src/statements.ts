/** The SQL that the host builds with a dialect, in the few forms that its reads have. */
import type { Dialect, OrderedStatement, SourceColumn, SourceTable, Statement } from '@sluice/connector-sdk'

/** A place in the order, as the database's own texts. It may name only the first columns. */
export type Position = readonly string[]

export interface Condition {
  readonly sql: string
  readonly parameters: readonly string[]
}

/** What is read, and by which columns it is ordered: cursor first, then key. */
export interface Reading {
  readonly dialect: Dialect
  readonly table: SourceTable
  readonly attributes: readonly SourceColumn[]
  readonly order: readonly SourceColumn[]
  readonly timeZone: string
}

interface Stretch {
  readonly after?: Position
  readonly until?: Position
}

export function stretchStatement(reading: Reading, stretch: Stretch = {}): OrderedStatement {
  const { dialect, order } = reading
  const within = between(reading, stretch)
  const outputs = order.map(({ name }, index) => `${dialect.quote(name)} AS o${index}`)
  return {
    sql: `SELECT ${[...selectList(reading), ...outputs].join(', ')} FROM ${tableOf(reading)} WHERE ${within.sql}`,
    parameters: within.parameters,
    columns: columnsOf(reading),
    orderBy: order.map((_, index) => `o${index}`),
  }
}

/** The rows with these values of the last column of the order, and whether they stand at or before a position. */
export function rowsStatement(reading: Reading, keys: readonly string[], until: Position): Statement {
  const { dialect, order } = reading
  const isWithin = compare(reading, until, '<=', 1)
  const key = order.at(-1)
  if (key === undefined) throw new Error('An order has columns.')
  const anyOf = keys.map(
    (_, index) =>
      `(${dialect.quote(key.name)} = ${dialect.parameter(isWithin.parameters.length + index + 1, key.nativeType)})`,
  )
  const outputs = [...selectList(reading), `CASE WHEN ${isWithin.sql} THEN 1 ELSE 0 END AS is_within`]
  return {
    sql: `SELECT ${outputs.join(', ')} FROM ${tableOf(reading)} WHERE ${anyOf.join(' OR ')}`,
    parameters: [...isWithin.parameters, ...keys],
    columns: [...columnsOf(reading), { name: 'is_within', type: 'number' }],
  }
}

export function lastPositionStatement(reading: Reading): Statement {
  const { dialect, order } = reading
  const list = order.map(({ name }, index) => `${dialect.text(dialect.quote(name))} AS p${index}`)
  const descending = order.map(({ name }) => `${dialect.quote(name)} DESC`)
  return {
    sql: `SELECT ${list.join(', ')} FROM ${tableOf(reading)} ORDER BY ${descending.join(', ')} LIMIT 1`,
    parameters: [],
    columns: positionColumns(reading),
  }
}

/** The positions of every n-th row. */
export function everyNthPositionStatement(reading: Reading, n: number): Statement {
  const { dialect, order } = reading
  const names = order.map((_, index) => `o${index}`).join(', ')
  const outputs = order.map(({ name }, index) => `${dialect.quote(name)} AS o${index}`).join(', ')
  const numbered = `SELECT ${names}, row_number() OVER (ORDER BY ${names}) AS n FROM (SELECT ${outputs} FROM ${tableOf(reading)}) AS placed`
  const texts = order.map((_, index) => `${dialect.text(`o${index}`)} AS p${index}`)
  return {
    sql: `SELECT ${texts.join(', ')} FROM (${numbered}) AS numbered WHERE n % ${n} = 0 ORDER BY n`,
    parameters: [],
    columns: positionColumns(reading),
  }
}

export function isWithinStatement(reading: Reading, a: Position, b: Position): Statement {
  const { dialect, order } = reading
  const given = order
    .slice(0, a.length)
    .map(({ nativeType }, index) => dialect.parameter(index + 1, nativeType))
  const within = compareValues(reading, given, b, '<=', a.length + 1)
  return {
    sql: `SELECT CASE WHEN ${within.sql} THEN 1 ELSE 0 END AS is_within`,
    parameters: [...a, ...within.parameters],
    columns: [{ name: 'is_within', type: 'number' }],
  }
}

export function countStatement(reading: Reading, condition: Condition): Statement {
  return {
    sql: `SELECT count(*) AS rows FROM ${tableOf(reading)} WHERE ${condition.sql}`,
    parameters: condition.parameters,
    columns: [{ name: 'rows', type: 'number' }],
  }
}

export function tableOf({ table, dialect }: Pick<Reading, 'table' | 'dialect'>): string {
  const name = dialect.quote(table.name)
  return table.schema === undefined ? name : `${dialect.quote(table.schema)}.${name}`
}

function selectList({ dialect, attributes, order, timeZone }: Reading): string[] {
  return [
    ...attributes.map(
      (column, index) => `${dialect.value(dialect.quote(column.name), column, timeZone)} AS a${index}`,
    ),
    ...order.map(({ name }, index) => `${dialect.text(dialect.quote(name))} AS p${index}`),
  ]
}

function columnsOf(reading: Reading): Statement['columns'] {
  return [...reading.attributes.map(({ name, type }) => ({ name, type })), ...positionColumns(reading)]
}

function positionColumns({ order }: Reading): Statement['columns'] {
  return order.map((_, index) => ({ name: `p${index}`, type: 'string' }))
}

function between(reading: Reading, { after, until }: Stretch): Condition {
  const above = after === undefined ? undefined : compare(reading, after, '>', 1)
  const below =
    until === undefined ? undefined : compare(reading, until, '<=', 1 + (above?.parameters.length ?? 0))
  const parts = [above, below].filter((part) => part !== undefined)
  return {
    sql: parts.length === 0 ? 'TRUE' : parts.map(({ sql }) => `(${sql})`).join(' AND '),
    parameters: parts.flatMap(({ parameters }) => parameters),
  }
}

function compare(reading: Reading, position: Position, operator: '>' | '<=', first: number): Condition {
  const columns = reading.order.map(({ name }) => reading.dialect.quote(name))
  return compareValues(reading, columns, position, operator, first)
}

function compareValues(
  { dialect, order }: Reading,
  values: readonly string[],
  position: Position,
  operator: '>' | '<=',
  first: number,
): Condition {
  const strict = operator === '>' ? '>' : '<'
  const bound = order.slice(0, position.length).map(({ nativeType }, index) => ({
    sql: values[index] ?? '',
    parameter: dialect.parameter(first + index, nativeType),
  }))
  const lexical = bound.reduceRight((rest, { sql, parameter }, index) => {
    if (index === bound.length - 1) return `${sql} ${operator} ${parameter}`
    return `(${sql} ${strict} ${parameter} OR (${sql} = ${parameter} AND ${rest}))`
  }, '')
  const lead = bound[0]
  return {
    sql: `${lead === undefined ? 'TRUE' : `${lead.sql} ${strict}= ${lead.parameter}`} AND ${lexical}`,
    parameters: position,
  }
}

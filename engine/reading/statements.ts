/** The SQL of every read, built from a source's configuration and its dialect; values are always parameters. */
import type {
  Dialect,
  OrderedStatement,
  SelectedColumn,
  SourceColumn,
  Statement,
} from '@sluice/connector-sdk'
import type { SourceDocument } from '../documents.ts'
import { fromQuery, type QueriedSource } from './from-query.ts'
import { columnNamed, cursorColumns, orderColumns, type Position, type Stretch } from './position.ts'

/** A condition as SQL, with the texts of its parameters. */
export interface SqlCondition {
  readonly sql: string
  readonly parameters: readonly string[]
}
/** Builds a condition whose parameters are numbered from `firstParameter`. */
export type ConditionBuilder = (firstParameter: number) => SqlCondition

const noCondition: ConditionBuilder = () => ({ sql: 'TRUE', parameters: [] })

/** What to read of each row: the attributes by name, then the position as text. */
interface Selection {
  readonly source: SourceDocument
  readonly dialect: Dialect
  readonly attributes: readonly string[]
}

interface BoundColumn {
  readonly column: SourceColumn
  readonly sql: string
}

/** One ordered read over a stretch. Its columns are the attributes, then the position's values. */
export function stretchStatement(
  selection: Selection,
  stretch: Stretch,
  prefilter: ConditionBuilder = noCondition,
): OrderedStatement {
  const { source, dialect } = selection
  const order = orderOf(source, dialect)
  const within = conditionsOf([notNull(order), between(order, dialect, stretch), prefilter])
  const { list, columns } = selectList(selection, order)
  const orderBy = order.map((_, index) => `o${index}`)
  const outputs = order.map(({ sql }, index) => `${sql} AS o${index}`)
  return {
    sql: `SELECT ${[...list, ...outputs].join(', ')} FROM ${fromQuery(source, dialect)} WHERE ${within.sql}`,
    parameters: within.parameters,
    columns,
    orderBy,
  }
}

/** The attributes of the rows of a stretch, in no order and without their positions: for whoever only counts. */
export function valuesStatement(
  selection: Selection,
  stretch: Stretch,
  prefilter: ConditionBuilder = noCondition,
): OrderedStatement {
  const { source, dialect } = selection
  const order = orderOf(source, dialect)
  const within = conditionsOf([notNull(order), between(order, dialect, stretch), prefilter])
  const { list, columns } = selectList(selection, [])
  return {
    sql: `SELECT ${list.join(', ')} FROM ${fromQuery(source, dialect)} WHERE ${within.sql}`,
    parameters: within.parameters,
    columns,
    orderBy: [],
  }
}

/**
 * The current rows with the given keys, in no order. Its columns are those of {@link stretchStatement}, then
 * 1 where the row still stands at or before `until`, else 0: a row that moved on belongs to a later stretch.
 */
export function rowsStatement(
  selection: Selection,
  keys: readonly (readonly string[])[],
  until: Position,
): Statement {
  const { source, dialect } = selection
  const order = orderOf(source, dialect)
  const { list, columns } = selectList(selection, order)
  const keyColumns = source.keyColumns.map((name) => bind(columnNamed(source, name), dialect))
  const isWithin = compare(order, dialect, until, '<=')(1)
  const parameters = [...isWithin.parameters]
  const anyOf = keys.map((key) => {
    const parts = keyColumns.map(({ column, sql }, index) => {
      parameters.push(key[index] ?? '')
      return `${sql} = ${dialect.parameter(parameters.length, column.nativeType)}`
    })
    return `(${parts.join(' AND ')})`
  })
  const outputs = [...list, `CASE WHEN ${isWithin.sql} THEN 1 ELSE 0 END AS is_within`]
  return {
    sql: `SELECT ${outputs.join(', ')} FROM ${fromQuery(source, dialect)} WHERE ${anyOf.join(' OR ')}`,
    parameters,
    columns: [...columns, { name: 'is_within', type: 'number' }],
  }
}

/** The last position after `after` whose cursor is at most `limit` (no limit when null), or no row. */
export function lastPositionStatement(
  source: SourceDocument,
  dialect: Dialect,
  after: Position | null,
  limit: string | null,
): Statement {
  const order = orderOf(source, dialect)
  const within = conditionsOf([
    notNull(order),
    ...(after === null ? [] : [compare(order, dialect, after, '>')]),
    ...(limit === null ? [] : [compare(order, dialect, [limit], '<=')]),
  ])
  const descending = order.map(({ sql }) => `${sql} DESC`).join(', ')
  return positionStatement(source, dialect, order, within, `ORDER BY ${descending} LIMIT 1`)
}

/** The rows that stand in a stretch, as a condition on a read over another one. */
export function standsWithin(source: SourceDocument, dialect: Dialect, stretch: Stretch): ConditionBuilder {
  return between(orderOf(source, dialect), dialect, stretch)
}

/** What all of these ask. */
export function allOf(parts: readonly ConditionBuilder[]): ConditionBuilder {
  return (first) => conditionsOf(parts, first)
}

/** How many rows of a stretch pass the prefilter: one row with the count. */
export function countStatement(
  source: SourceDocument,
  dialect: Dialect,
  stretch: Stretch,
  prefilter: ConditionBuilder = noCondition,
): Statement {
  const order = orderOf(source, dialect)
  const within = conditionsOf([notNull(order), between(order, dialect, stretch), prefilter])
  return {
    sql: `SELECT count(*) AS rows FROM ${fromQuery(source, dialect)} WHERE ${within.sql}`,
    parameters: within.parameters,
    columns: [{ name: 'rows', type: 'number' }],
  }
}

/** Above this, every n-th row is found among one in so many. A prime: it falls in step with no one's batches. */
const exactUpTo = 10_000
const oneIn = 97

/**
 * The positions of about every n-th row of a stretch, in order: of the n-th, the 2n-th, …; no row when there are fewer.
 * A large n is met to some per cent: of a stretch of any length the source then sorts only one row in a hundred.
 */
export function everyNthPositionStatement(
  source: SourceDocument,
  dialect: Dialect,
  stretch: Stretch,
  n: number,
  prefilter: ConditionBuilder = noCondition,
): Statement {
  const order = orderOf(source, dialect)
  const within = conditionsOf([notNull(order), between(order, dialect, stretch), prefilter])
  const names = order.map((_, index) => `o${index}`).join(', ')
  const outputs = order.map(({ sql }, index) => `${sql} AS o${index}`).join(', ')
  const from = `FROM ${fromQuery(source, dialect)} WHERE ${within.sql}`
  const step = n <= exactUpTo ? 1 : oneIn
  const rows =
    step === 1
      ? `SELECT ${outputs} ${from}`
      : `SELECT ${names} FROM (SELECT ${outputs}, row_number() OVER () AS s ${from}) AS counted WHERE s % ${step} = 0`
  const numbered = `SELECT ${names}, row_number() OVER (ORDER BY ${names}) AS n FROM (${rows}) AS placed`
  const texts = order.map((_, index) => `${dialect.text(`o${index}`)} AS p${index}`)
  return {
    sql: `SELECT ${texts.join(', ')} FROM (${numbered}) AS numbered WHERE n % ${Math.round(n / step)} = 0 ORDER BY n`,
    parameters: within.parameters,
    columns: order.map((_, index) => ({ name: `p${index}`, type: 'string' })),
  }
}

/**
 * Whether position `a` stands at or before `b`: one row with 1 or 0. Only the database can tell. Where `a` names
 * only the first columns, only those are compared.
 */
export function isWithinStatement(
  source: SourceDocument,
  dialect: Dialect,
  a: Position,
  b: Position,
): Statement {
  const values = orderOf(source, dialect)
    .slice(0, a.length)
    .map(({ column }, index) => ({ column, sql: dialect.parameter(index + 1, column.nativeType) }))
  const within = compare(values, dialect, b.slice(0, a.length), '<=')(a.length + 1)
  return {
    sql: `SELECT CASE WHEN ${within.sql} THEN 1 ELSE 0 END AS is_within`,
    parameters: [...a, ...within.parameters],
    columns: [{ name: 'is_within', type: 'number' }],
  }
}

/** A query whose rows need no key and no order yet. */
export type PreviewedSource = QueriedSource & Pick<SourceDocument, 'name' | 'timeZone'>

/** A few rows as they are, with every column. */
export function previewStatement(
  source: PreviewedSource,
  dialect: Dialect,
  limit: number,
  prefilter: ConditionBuilder = noCondition,
): Statement {
  const attributes = source.columns.map(({ name }) => name)
  const { list, columns } = selectList({ source, dialect, attributes }, [])
  const where = prefilter(1)
  return {
    sql: `SELECT ${list.join(', ')} FROM ${fromQuery(source, dialect)} WHERE ${where.sql} LIMIT ${Math.trunc(limit)}`,
    parameters: where.parameters,
    columns,
  }
}

/** Counts that tell whether key and cursor are usable: one row of rows, nullKeys, duplicateKeys, nullCursors. */
export function checkStatement(source: SourceDocument, dialect: Dialect): Statement {
  const keys = source.keyColumns.map((name) => dialect.quote(name))
  const cursor = cursorColumns(source).map((name) => dialect.quote(name))
  const isNull = (names: readonly string[]) => names.map((name) => `${name} IS NULL`).join(' OR ')
  const distinct = keys.length === 1 ? `${keys[0]}` : `(${keys.join(', ')})`
  const outputs = [
    'count(*) AS c0',
    `count(CASE WHEN ${isNull(keys)} THEN 1 END) AS c1`,
    `count(CASE WHEN NOT (${isNull(keys)}) THEN 1 END) - count(DISTINCT CASE WHEN NOT (${isNull(keys)}) THEN ${distinct} END) AS c2`,
    `count(CASE WHEN ${isNull(cursor)} THEN 1 END) AS c3`,
  ]
  return {
    sql: `SELECT ${outputs.join(', ')} FROM ${fromQuery(source, dialect)}`,
    parameters: [],
    columns: ['rows', 'nullKeys', 'duplicateKeys', 'nullCursors'].map((name) => ({ name, type: 'number' })),
  }
}

/** How many rows have no place in the order of change: one row with those without a key, and those without a cursor. */
export function nullPositionsStatement(source: SourceDocument, dialect: Dialect): Statement {
  const isNull = (names: readonly string[]) =>
    names.map((name) => `${dialect.quote(name)} IS NULL`).join(' OR ')
  const noKey = isNull(source.keyColumns)
  const noCursor = isNull(cursorColumns(source))
  const outputs = [
    `count(CASE WHEN ${noKey} THEN 1 END) AS c0`,
    `count(CASE WHEN (${noCursor}) AND NOT (${noKey}) THEN 1 END) AS c1`,
  ]
  return {
    sql: `SELECT ${outputs.join(', ')} FROM ${fromQuery(source, dialect)} WHERE ${noKey} OR ${noCursor}`,
    parameters: [],
    columns: ['nullKeys', 'nullCursors'].map((name) => ({ name, type: 'number' })),
  }
}

/**
 * A cursor value as the source itself writes it, and whether it is at most `limit` (1 or 0; 1 without a limit): one
 * row. It fails where the value is none of the column's type.
 */
export function cursorValueStatement(
  dialect: Dialect,
  { nativeType }: SourceColumn,
  value: string,
  limit: string | null,
): Statement {
  const given = dialect.parameter(1, nativeType)
  const isPast =
    limit === null ? '1' : `CASE WHEN ${given} <= ${dialect.parameter(2, nativeType)} THEN 1 ELSE 0 END`
  return {
    sql: `SELECT ${dialect.text(given)} AS p0, ${isPast} AS is_past`,
    parameters: limit === null ? [value] : [value, limit],
    columns: [
      { name: 'p0', type: 'string' },
      { name: 'is_past', type: 'number' },
    ],
  }
}

/** Whether there is any row at all: one row, or none. */
export function anyRowStatement(source: QueriedSource, dialect: Dialect): Statement {
  return {
    sql: `SELECT 1 AS found FROM ${fromQuery(source, dialect)} LIMIT 1`,
    parameters: [],
    columns: [{ name: 'found', type: 'number' }],
  }
}

function positionStatement(
  source: SourceDocument,
  dialect: Dialect,
  order: readonly BoundColumn[],
  within: SqlCondition,
  tail: string,
): Statement {
  const list = order.map(({ sql }, index) => `${dialect.text(sql)} AS p${index}`)
  return {
    sql: `SELECT ${list.join(', ')} FROM ${fromQuery(source, dialect)} WHERE ${within.sql} ${tail}`,
    parameters: within.parameters,
    columns: order.map((_, index) => ({ name: `p${index}`, type: 'string' })),
  }
}

function selectList(
  { source, dialect, attributes }: Omit<Selection, 'source'> & { readonly source: PreviewedSource },
  order: readonly BoundColumn[],
): { readonly list: readonly string[]; readonly columns: readonly SelectedColumn[] } {
  const values = attributes.map((name, index) => {
    const column = columnNamed(source, name)
    return { sql: `${dialect.value(dialect.quote(name), column, source.timeZone)} AS a${index}`, column }
  })
  const texts = order.map(({ sql }, index) => `${dialect.text(sql)} AS p${index}`)
  return {
    list: [...values.map(({ sql }) => sql), ...texts],
    columns: [
      ...values.map(({ column }) => ({ name: column.name, type: column.type })),
      ...order.map((_, index) => ({ name: `p${index}`, type: 'string' as const })),
    ],
  }
}

function bind(column: SourceColumn, dialect: Dialect): BoundColumn {
  return { column, sql: dialect.quote(column.name) }
}

function orderOf(source: SourceDocument, dialect: Dialect): readonly BoundColumn[] {
  return orderColumns(source).map((column) => bind(column, dialect))
}

function notNull(order: readonly BoundColumn[]): ConditionBuilder {
  return () => ({ sql: order.map(({ sql }) => `${sql} IS NOT NULL`).join(' AND '), parameters: [] })
}

function between(
  order: readonly BoundColumn[],
  dialect: Dialect,
  { after, until }: Stretch,
): ConditionBuilder {
  const parts = [
    ...(after === null ? [] : [compare(order, dialect, after, '>')]),
    compare(order, dialect, until, '<='),
  ]
  return (first) => conditionsOf(parts, first)
}

/**
 * Compares the row's place with a position, column by column. A position may name only the first columns:
 * then all rows that begin with it count as equal to it.
 */
function compare(
  order: readonly BoundColumn[],
  dialect: Dialect,
  position: Position,
  operator: '>' | '<=',
): ConditionBuilder {
  const strict = operator === '>' ? '>' : '<'
  return (first) => {
    const bound = order.slice(0, position.length).map(({ column, sql }, index) => ({
      sql,
      parameter: dialect.parameter(first + index, column.nativeType),
    }))
    const lexical = bound.reduceRight((rest, { sql, parameter }, index) => {
      const isLast = index === bound.length - 1
      if (isLast) return `${sql} ${operator} ${parameter}`
      return `(${sql} ${strict} ${parameter} OR (${sql} = ${parameter} AND ${rest}))`
    }, '')
    // The first column alone, again: databases find ranges by it that they don't see in the nested form.
    const lead = bound[0]
    const range = lead === undefined ? 'TRUE' : `${lead.sql} ${strict}= ${lead.parameter}`
    return { sql: `${range} AND ${lexical}`, parameters: position }
  }
}

function conditionsOf(parts: readonly ConditionBuilder[], first = 1): SqlCondition {
  const parameters: string[] = []
  const sql = parts.map((build) => {
    const part = build(first + parameters.length)
    parameters.push(...part.parameters)
    return `(${part.sql})`
  })
  return { sql: sql.join(' AND '), parameters }
}

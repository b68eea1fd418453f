/** Wraps a statement so that its last row proves that every row came: DuckDB's streams end alike when they break. */
import { type DuckDBPreparedStatement, DuckDBTypeId } from '@duckdb/node-api'
import { type OrderedStatement, SourceError } from '@sluice/connector-sdk'

/** @param prepared the statement itself, for the names and types of its outputs */
export function proveEnd(statement: OrderedStatement, prepared: DuckDBPreparedStatement): string {
  const outputs = Array.from({ length: prepared.columnCount }, (_, index) => `c${index}`)
  const selected = outputs.slice(0, statement.columns.length)
  const order = statement.orderBy.map((name) => orderTerm(name, prepared))
  // The line break keeps a comment at the statement's end from swallowing what follows.
  return [
    `SELECT ${['is_end', ...selected].join(', ')} FROM (`,
    `SELECT false AS is_end, records.* FROM (${statement.sql}\n) AS records(${outputs.join(', ')})`,
    `UNION ALL SELECT ${['true', ...outputs.map(() => 'NULL')].join(', ')}`,
    `) ORDER BY ${['is_end', ...order].join(', ')}`,
  ].join('\n')
}

function orderTerm(name: string, prepared: DuckDBPreparedStatement): string {
  for (let index = 0; index < prepared.columnCount; index += 1) {
    if (prepared.columnName(index) !== name) continue
    // An ENUM sorts by the place of its members but is compared with a position as text: the orders have to agree.
    const isEnum = prepared.columnTypeId(index) === DuckDBTypeId.ENUM
    return `${isEnum ? `CAST(c${index} AS VARCHAR)` : `c${index}`} ASC NULLS LAST`
  }
  throw new SourceError('bad_query', `The query is to be ordered by “${name}”, which it does not select.`)
}

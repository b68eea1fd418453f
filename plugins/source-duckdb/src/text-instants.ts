/** Finds the columns of a csv or json file whose texts are timestamps, and how each is to be cast. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { quoteIdentifier, quoteLiteral } from './sql-text.ts'

// As many rows as DuckDB looks at to find the other types.
const sampleRows = 20_480
const offset = '(Z|[+-]\\d{2}(:?\\d{2})?)'
const timestamp = `\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?${offset}?)?`
const withTime = '.*:.*'
const withOffset = `.*:.*${offset}`

export interface TextInstant {
  readonly column: string
  readonly type: 'TIMESTAMP' | 'TIMESTAMPTZ'
}

/**
 * DuckDB's own detection is not used for these: in json it drops offsets (`…T10:00:00Z` becomes a naive timestamp, to
 * which the source's zone would be applied once more), in csv it takes one format for all columns and may find
 * offsets where there are none, and both give up when only some timestamps have fractions of a second.
 *
 * @param reader SQL of a table function that leaves timestamps as text
 */
export async function textInstants(
  connection: DuckDBConnection,
  reader: string,
): Promise<readonly TextInstant[]> {
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${reader}`)
  const texts = described.getRows().flatMap(([name, type]) => (type === 'VARCHAR' ? [String(name)] : []))
  if (texts.length === 0) return []
  const names = texts.map(quoteIdentifier)
  const checks = names.flatMap((name) => [
    `bool_and(${matches(name, timestamp)}) AND bool_or(${matches(name, withTime)})`,
    `bool_or(${matches(name, withOffset)})`,
  ])
  const sample = `SELECT ${names.join(', ')} FROM ${reader} LIMIT ${sampleRows}`
  const checked = await connection.runAndReadAll(`SELECT ${checks.join(', ')} FROM (${sample})`)
  const found = checked.getRows()[0] ?? []
  return texts.flatMap((column, index) => {
    if (found[index * 2] !== true) return []
    return [{ column, type: found[index * 2 + 1] === true ? 'TIMESTAMPTZ' : 'TIMESTAMP' }]
  })
}

function matches(expression: string, pattern: string): string {
  return `regexp_full_match(${expression}, ${quoteLiteral(pattern)})`
}

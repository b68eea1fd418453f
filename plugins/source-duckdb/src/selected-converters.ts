/** The converters of a statement's selected columns. */
import type { DuckDBPreparedStatement } from '@duckdb/node-api'
import { type SelectedColumn, SourceError } from '@sluice/connector-sdk'
import { type ValueConverter, valueConverter } from './value-converter.ts'

export function selectedConverters(
  prepared: DuckDBPreparedStatement,
  columns: readonly SelectedColumn[],
): readonly ValueConverter[] {
  if (prepared.columnCount < columns.length) {
    throw new SourceError(
      'bad_query',
      `The query selects ${prepared.columnCount} outputs where ${columns.length} are wanted.`,
    )
  }
  return columns.map((column, index) => valueConverter(prepared.columnType(index), column))
}

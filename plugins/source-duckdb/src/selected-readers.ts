/** The readers of a statement's selected columns. */
import type { DuckDBPreparedStatement } from '@duckdb/node-api'
import { type SelectedColumn, SourceError } from '@sluice/connector-sdk'
import { type ColumnReader, columnReader } from './column-reader.ts'

export function selectedReaders(
  prepared: DuckDBPreparedStatement,
  columns: readonly SelectedColumn[],
): readonly ColumnReader[] {
  if (prepared.columnCount < columns.length) {
    throw new SourceError(
      'bad_query',
      `The query selects ${prepared.columnCount} outputs where ${columns.length} are wanted.`,
    )
  }
  return columns.map((column, index) => columnReader(prepared.columnType(index), column))
}

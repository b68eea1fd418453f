/** Reads one chunk of a result into a batch of records. */
import type { DuckDBDataChunk } from '@duckdb/node-api'
import type { RecordBatch } from '@sluice/connector-sdk'
import type { ColumnReader } from './column-reader.ts'

/** @param firstColumn the chunk's column that the first reader reads */
export function readBatch(
  chunk: DuckDBDataChunk,
  readers: readonly ColumnReader[],
  firstColumn: number,
  length: number,
): RecordBatch {
  return { length, columns: readers.map((read, index) => read(chunk, firstColumn + index, length)) }
}

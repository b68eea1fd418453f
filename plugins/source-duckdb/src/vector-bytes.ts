/** A column of a chunk as DuckDB's own bytes: foreign memory, good only until the chunk is reset. */
import type { DuckDBDataChunk } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'

export interface VectorBytes {
  readonly length: number
  /** The values of a fixed width, one after the other. Read with typed arrays: they are aligned. */
  readonly data: Uint8Array<ArrayBuffer>
  /** One bit a row, set where there is a value; null when no row is NULL. */
  readonly validity: Uint8Array | null
}

/** @param width bytes a value */
export function vectorBytes(
  chunk: DuckDBDataChunk,
  column: number,
  length: number,
  width: number,
): VectorBytes {
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, column)
  // Its type does not say that it is null where no row is NULL.
  const validity: Uint8Array | null = duckdb.vector_get_validity(vector, Math.ceil(length / 64) * 8) ?? null
  // Node's native modules make no shared buffers.
  const data = duckdb.vector_get_data(vector, length * width) as Uint8Array<ArrayBuffer>
  return { length, data, validity }
}

export function isNull({ validity }: VectorBytes, row: number): boolean {
  return validity !== null && ((validity[row >> 3] ?? 0) & (1 << (row & 7))) === 0
}

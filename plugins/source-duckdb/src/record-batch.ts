/** Reads one chunk of a result into a batch of records. */
import type { DuckDBDataChunk } from '@duckdb/node-api'
import type { AttributeValue, RecordBatch } from '@sluice/connector-sdk'
import type { ValueConverter } from './value-converter.ts'

/** @param firstColumn the chunk's column that the first converter reads */
export function readBatch(
  chunk: DuckDBDataChunk,
  converters: readonly ValueConverter[],
  firstColumn: number,
  length: number,
): RecordBatch {
  const columns = converters.map((convert, index) => {
    const vector = chunk.getColumnVector(firstColumn + index)
    const values = new Array<AttributeValue>(length)
    for (let row = 0; row < length; row += 1) values[row] = convert(vector.getItem(row))
    return values
  })
  return { length, columns }
}

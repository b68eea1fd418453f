/** Reads rows of the wire into a batch of records, column by column. */
import type { RecordBatch } from '@sluice/connector-sdk'
import type { ColumnReader } from './column-reader.ts'
import type { WireResult } from './session.ts'

export function readBatch({ rows }: Pick<WireResult, 'rows'>, readers: readonly ColumnReader[]): RecordBatch {
  const columns = readers.map((read, index) =>
    rows.map((row) => {
      const text = row[index]
      return text === null || text === undefined ? null : read(text)
    }),
  )
  return { length: rows.length, columns }
}

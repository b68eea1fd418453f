/** Runs a statement with a small result, and gives it whole. */
import { type AttributeValue, type RecordBatch, SourceError, type Statement } from '@sluice/connector-sdk'
import { prepareSelect } from './prepared-select.ts'
import { readBatch } from './record-batch.ts'
import { selectedReaders } from './selected-readers.ts'
import type { Session } from './session.ts'

export const maxQueryRows = 10_000

export async function queryRecords(session: Session, statement: Statement): Promise<RecordBatch> {
  const { connection } = session
  const inner = await session.run(() => prepareSelect(connection, statement.sql, statement.parameters))
  const readers = selectedReaders(inner, statement.columns)
  // A materialised result throws its errors, but does not count towards the memory limit: hence LIMIT.
  const bounded = `SELECT * FROM (${statement.sql}\n) LIMIT ${maxQueryRows + 1}`
  const prepared = await session.run(() => prepareSelect(connection, bounded, statement.parameters))
  const result = await session.run(() => prepared.run())
  if (result.rowCount > maxQueryRows) {
    throw new SourceError(
      'bad_query',
      `The query gives more than ${maxQueryRows} rows; a larger result has to be streamed.`,
    )
  }
  const columns = statement.columns.map((): AttributeValue[] => [])
  for (let index = 0; index < result.chunkCount; index += 1) {
    const chunk = result.getChunk(index)
    const batch = readBatch(chunk, readers, 0, chunk.rowCount)
    for (const [column, values] of batch.columns.entries()) columns[column]?.push(...values)
  }
  return { length: result.rowCount, columns }
}

/** Runs a statement with a small result, and gives it whole. */
import { type RecordBatch, SourceError, type Statement } from '@sluice/connector-sdk'
import { selectedReaders } from './column-reader.ts'
import { readBatch } from './record-batch.ts'
import type { Session } from './session.ts'

export const maxQueryRows = 10_000

export async function queryRecords(session: Session, statement: Statement): Promise<RecordBatch> {
  // In a FROM only a SELECT can stand. The line's end keeps a comment at the end of the statement to itself.
  const bounded = `SELECT * FROM (${statement.sql}\n) AS bounded LIMIT ${maxQueryRows + 1}`
  const result = await session.run(bounded, statement.parameters)
  if (result.rows.length > maxQueryRows) {
    throw new SourceError(
      'bad_query',
      `The query gives more than ${maxQueryRows} rows; a larger result has to be streamed.`,
    )
  }
  return readBatch(result, selectedReaders(result.outputs, statement.columns))
}

/** Streams an ordered statement in DuckDB's own chunks, and throws unless the end is proven. */
import type { DuckDBResult } from '@duckdb/node-api'
import { type OrderedStatement, type RecordBatch, SourceError } from '@sluice/connector-sdk'
import type { ColumnReader } from './column-reader.ts'
import { type ErrorScene, toSourceError } from './driver-error.ts'
import { proveEnd } from './end-proof.ts'
import { prepareSelect } from './prepared-select.ts'
import { readBatch } from './record-batch.ts'
import { selectedReaders } from './selected-readers.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'

export async function* streamRecords(
  sessions: Pick<Sessions, 'open' | 'scene'>,
  statement: OrderedStatement,
  signal: AbortSignal,
): AsyncGenerator<RecordBatch, void, undefined> {
  signal.throwIfAborted()
  const session = await sessions.open()
  try {
    const { result, readers } = await start(session, statement, signal)
    for (;;) {
      const chunk = await session.run(() => result.fetchChunk(), signal)
      if (chunk === null || chunk.rowCount === 0) throw brokenStream(sessions.scene)
      // The end sorts last, so it can only be the last row of a chunk.
      const isEnd = chunk.getColumnVector(0).getItem(chunk.rowCount - 1) === true
      const length = isEnd ? chunk.rowCount - 1 : chunk.rowCount
      const batch = readBatch(chunk, readers, 1, length)
      // DuckDB's memory limit does not count chunks that were handed out.
      chunk.reset()
      if (length > 0) yield batch
      if (isEnd) return
    }
  } catch (error) {
    signal.throwIfAborted()
    throw toSourceError(error, { ...sessions.scene, sql: statement.sql })
  } finally {
    await session.stop()
  }
}

async function start(
  session: Session,
  statement: OrderedStatement,
  signal: AbortSignal,
): Promise<{ readonly result: DuckDBResult; readonly readers: readonly ColumnReader[] }> {
  const { connection } = session
  const inner = await session.run(
    () => prepareSelect(connection, statement.sql, statement.parameters),
    signal,
  )
  const readers = selectedReaders(inner, statement.columns)
  const sql = proveEnd(statement, inner)
  inner.destroySync()
  const whole = await session.run(() => prepareSelect(connection, sql, statement.parameters), signal)
  try {
    const result = await session.run(async () => session.hold(await whole.stream()), signal)
    return { result, readers }
  } finally {
    whole.destroySync()
  }
}

function brokenStream(scene: ErrorScene): SourceError {
  return new SourceError('broken_stream', `Reading “${scene.baseName}” stopped before its end.`)
}

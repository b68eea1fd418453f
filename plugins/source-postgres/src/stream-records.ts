/** Streams an ordered statement through a cursor at the server, in one snapshot. */
import type { OrderedStatement, RecordBatch } from '@sluice/connector-sdk'
import { firstBatchRows, nextBatchRows } from './batch-size.ts'
import { type ColumnReader, selectedReaders } from './column-reader.ts'
import { toSourceError } from './driver-error.ts'
import { readBatch } from './record-batch.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'
import { quoteIdentifier } from './sql-text.ts'

export async function* streamRecords(
  sessions: Pick<Sessions, 'open' | 'scene'>,
  statement: OrderedStatement,
  signal: AbortSignal,
): AsyncGenerator<RecordBatch, void, undefined> {
  signal.throwIfAborted()
  const session = await openUnlessAborted(sessions, signal)
  try {
    await session.run(declareCursor(statement), statement.parameters, signal)
    let readers: readonly ColumnReader[] | undefined
    let wanted = firstBatchRows
    for (;;) {
      const fetched = await session.run(`FETCH FORWARD ${wanted} FROM records`, [], signal)
      readers ??= selectedReaders(fetched.outputs, statement.columns)
      if (fetched.rows.length > 0) yield readBatch(fetched, readers)
      // The answer to a FETCH is whole or an error: fewer rows than were asked for are the last.
      if (fetched.rows.length < wanted) return
      wanted = nextBatchRows(fetched.rows)
    }
  } catch (error) {
    await session.stop()
    signal.throwIfAborted()
    throw toSourceError(error, sessions.scene)
  } finally {
    // What failed is stopped already; what was read, or left, gives its connection back.
    await session.release()
  }
}

/** A server that does not answer takes its time; the session that may still come is given back. */
async function openUnlessAborted(sessions: Pick<Sessions, 'open'>, signal: AbortSignal): Promise<Session> {
  const opening = sessions.open()
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    const forget = (): void => signal.removeEventListener('abort', onAbort)
    opening.then(forget, forget)
  })
  try {
    return await Promise.race([opening, aborted])
  } catch (error) {
    opening.then(
      (session) => session.release(),
      () => undefined,
    )
    throw error
  }
}

function declareCursor({ sql, orderBy }: OrderedStatement): string {
  const order = orderBy.length === 0 ? '' : ` ORDER BY ${orderBy.map(quoteIdentifier).join(', ')}`
  return `DECLARE records NO SCROLL CURSOR WITHOUT HOLD FOR SELECT * FROM (${sql}\n) AS ordered${order}`
}

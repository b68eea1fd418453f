/** Asks a source something within a time limit; whatever happens, the connection is closed. */
import { type SourceConnection, SourceError } from '@sluice/connector-sdk'
import type { ConnectSource, SourceToConnect } from './connect.ts'
import { SourceUnavailable } from './rules.ts'

const answerWithinMs = 30_000

interface Deps {
  readonly connectSource: ConnectSource
  readonly withinMs?: number
}

/** `signal` tells the one who asks that nobody waits for the answer any more. */
export async function askSource<Answer>(
  { connectSource, withinMs = answerWithinMs }: Deps,
  source: SourceToConnect,
  ask: (connection: SourceConnection, signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const signal = AbortSignal.timeout(withinMs)
  const opening = connectSource(source)
  let closing: Promise<void> | undefined
  const close = (connection: SourceConnection) => {
    closing ??= connection.close()
    return closing
  }
  const answer = opening.then((connection) => ask(connection, signal).finally(() => close(connection)))
  try {
    return await Promise.race([answer, timeOut(signal, withinMs)])
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    throw new SourceUnavailable(error.code, error.message, error.isTransient)
  } finally {
    // Closing ends a query that still runs; a connection that opens too late is closed as well.
    if (signal.aborted) void Promise.allSettled([opening.then(close)])
  }
}

function timeOut(signal: AbortSignal, withinMs: number): Promise<never> {
  const message = `The source did not answer within ${withinMs / 1000} seconds. Check that it is up, or ask for less.`
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new SourceUnavailable('source_timeout', message, true)), {
      once: true,
    })
  })
}

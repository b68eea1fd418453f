/** One DuckDB connection for one statement: interruptible, and given back with nothing left open. */
import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api'
import { SourceError } from '@sluice/connector-sdk'

const interruptEveryMs = 10

export interface Session {
  readonly connection: DuckDBConnection
  /** Runs one driver call. An abort interrupts it and becomes the error. */
  run<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T>
  /** The streaming result to drain at the end. */
  hold(result: DuckDBResult): DuckDBResult
  /** Interrupts what runs and gives everything back. Repeatable. */
  stop(): Promise<void>
}

export function createSession(connection: DuckDBConnection): Session {
  let inFlight: Promise<unknown> = Promise.resolve()
  let held: DuckDBResult | undefined
  let stopping: Promise<void> | undefined

  // A single interrupt is lost when the statement has not begun yet, so it is repeated.
  function keepInterrupting(): { stop(): void } {
    connection.interrupt()
    const timer = setInterval(() => connection.interrupt(), interruptEveryMs)
    return { stop: () => clearInterval(timer) }
  }

  async function run<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted()
    if (stopping !== undefined) throw closed()
    let interrupting: { stop(): void } | undefined
    const interrupt = (): void => {
      interrupting ??= keepInterrupting()
    }
    signal?.addEventListener('abort', interrupt, { once: true })
    const running = call()
    inFlight = running
    const [outcome] = await Promise.allSettled([running])
    signal?.removeEventListener('abort', interrupt)
    interrupting?.stop()
    // First of all, since an interrupted call may also end as if all were well.
    signal?.throwIfAborted()
    if (stopping !== undefined) throw closed()
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  }

  async function giveBack(): Promise<void> {
    const interrupting = keepInterrupting()
    try {
      await Promise.allSettled([inFlight])
      // A result that is not read to its end keeps the file open and locked until it is garbage collected.
      if (held !== undefined) await drain(held)
    } finally {
      interrupting.stop()
      connection.disconnectSync()
    }
  }

  return {
    connection,
    run,
    hold(result) {
      held = result
      return result
    },
    stop() {
      stopping ??= giveBack()
      return stopping
    },
  }
}

async function drain(result: DuckDBResult): Promise<void> {
  for (;;) {
    const [fetched] = await Promise.allSettled([result.fetchChunk()])
    if (fetched.status === 'rejected' || fetched.value === null || fetched.value.rowCount === 0) return
    fetched.value.reset()
  }
}

function closed(): SourceError {
  return new SourceError('broken_stream', 'The connection was closed while it was being read.')
}

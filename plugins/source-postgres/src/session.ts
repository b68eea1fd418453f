/** One connection in its read-only transaction, for one piece of work: cancelled at the server when it has to stop. */
import { SourceError } from '@sluice/connector-sdk'
import { promptlyMs } from './begin-transaction.ts'
import { cancelUntilSettled } from './cancel-until-settled.ts'
import type { Link } from './link.ts'

/** What a statement gave: texts as the server wrote them, and the types of its outputs. */
export interface WireResult {
  readonly rows: readonly (readonly (string | null)[])[]
  readonly outputs: readonly WireOutput[]
}
export interface WireOutput {
  readonly name: string
  /** The number of the type in `pg_type`. */
  readonly typeId: number
  /** Its length, precision and the like; -1 without any. */
  readonly typeModifier: number
}

export interface Session {
  /** Runs a single statement. An abort cancels it at the server and becomes the error. */
  run(sql: string, parameters?: readonly string[], signal?: AbortSignal): Promise<WireResult>
  /** Ends the transaction and gives the connection back. */
  release(): Promise<void>
  /** Cancels what runs and closes the connection. Repeatable. */
  stop(): Promise<void>
}

export interface SessionDeps {
  readonly link: Link
  /** Asks the server, through another connection, to cancel what this one runs. */
  readonly cancel: () => Promise<void>
  /** Takes the connection, whose transaction has ended, for later. */
  readonly giveBack: (link: Link) => Promise<void>
}

const asText = { getTypeParser: () => (text: unknown) => text }

export function createSession({ link, cancel, giveBack }: SessionDeps): Session {
  let inFlight: Promise<unknown> | undefined
  let stopping: Promise<void> | undefined
  let cancelling: Promise<void> | undefined

  function stopStatement(running: Promise<unknown>): Promise<void> {
    return cancelUntilSettled(running, { cancel, close: () => link.close() })
  }

  async function run(
    sql: string,
    parameters: readonly string[] = [],
    signal?: AbortSignal,
  ): Promise<WireResult> {
    signal?.throwIfAborted()
    if (stopping !== undefined) throw closed()
    const query = {
      text: sql,
      values: [...parameters],
      rowMode: 'array' as const,
      types: asText,
      // Takes one statement only, parameters or not.
      queryMode: 'extended',
    }
    const running = link.client.query<(string | null)[]>(query)
    inFlight = running
    const onAbort = (): void => {
      cancelling ??= stopStatement(running)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    const [outcome] = await Promise.allSettled([running])
    signal?.removeEventListener('abort', onAbort)
    inFlight = undefined
    // First of all, since a cancelled statement may also end as if all were well.
    signal?.throwIfAborted()
    if (stopping !== undefined) throw closed()
    if (outcome.status === 'rejected') throw outcome.reason
    const { rows, fields } = outcome.value
    return {
      rows,
      outputs: fields.map((field) => ({
        name: field.name,
        typeId: field.dataTypeID,
        typeModifier: field.dataTypeModifier,
      })),
    }
  }

  async function close(): Promise<void> {
    // A cancellation under way may still hit: the connection is not used again.
    if (inFlight !== undefined) cancelling ??= stopStatement(inFlight)
    await cancelling
    await link.close()
  }

  function stop(): Promise<void> {
    stopping ??= close()
    return stopping
  }

  async function release(): Promise<void> {
    if (stopping !== undefined || inFlight !== undefined || cancelling !== undefined) return stop()
    const rollback = { text: 'ROLLBACK', query_timeout: promptlyMs }
    const [ended] = await Promise.allSettled([link.client.query(rollback)])
    if (ended.status === 'rejected') return stop()
    await giveBack(link)
  }

  return { run, release, stop }
}

function closed(): SourceError {
  return new SourceError('broken_stream', 'The connection was closed while it was being read.')
}

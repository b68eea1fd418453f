/** The process behind `duckdb-writer.ts`: does what it is told with one .duckdb file at a time. */
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { DuckDBInstance } from '@duckdb/node-api'

export interface Order {
  readonly id: number
  readonly path: string
  readonly statements: readonly string[]
  /** Keep the file open for writing until it is released. */
  readonly hold: boolean
}

export type ToWriter = Order | { readonly release: number }
export interface FromWriter {
  readonly id: number
  readonly error?: string
}

const held = new Map<number, () => void>()

// Should the test run be killed, its end of the channel closes.
process.on('disconnect', () => process.exit(0))
process.on('message', (message: ToWriter) => {
  if ('release' in message) {
    held.get(message.release)?.()
    held.delete(message.release)
    process.send?.({ id: message.release } satisfies FromWriter)
  } else void obey(message)
})

async function obey({ id, path, statements, hold }: Order): Promise<void> {
  try {
    const instance = await open(path)
    const connection = await instance.connect()
    const close = () => {
      connection.closeSync()
      instance.closeSync()
    }
    try {
      for (const statement of statements) await connection.run(statement)
    } finally {
      if (hold) held.set(id, close)
      else close()
    }
    process.send?.({ id } satisfies FromWriter)
  } catch (error) {
    process.send?.({ id, error: String(error) } satisfies FromWriter)
  }
}

/** A reader keeps writers out: it is asked again until the reader has gone. */
async function open(path: string): Promise<DuckDBInstance> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await DuckDBInstance.create(path)
    } catch (error) {
      if (attempt === 1_000 || !String(error).includes('Could not set lock')) throw error
      await sleep(10)
    }
  }
}

/** Writes .duckdb files from a process of its own, as a warehouse's job does: DuckDB's locks are a process's. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { FromWriter, ToWriter } from './duckdb-writer-process.ts'

export interface DuckdbWriter {
  /** Opens the file, or makes it, runs the statements and closes it. */
  write(path: string, ...statements: readonly string[]): Promise<void>
  /** The same, but keeps it open for writing until the function returned is called. */
  hold(path: string, ...statements: readonly string[]): Promise<() => Promise<void>>
  close(): Promise<void>
}

export function startDuckdbWriter(): DuckdbWriter {
  const program = fileURLToPath(new URL('./duckdb-writer-process.ts', import.meta.url))
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm')).href
  const child = spawn(process.execPath, ['--import', loader, program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const closed = once(child, 'close')
  const waiting = new Map<number, (answer: FromWriter) => void>()
  child.on('message', (answer: FromWriter) => waiting.get(answer.id)?.(answer))
  void closed.then(() => {
    for (const [id, tell] of waiting) tell({ id, error: 'The writer has ended.' })
  })
  let orders = 0

  async function answered(id: number, message: ToWriter): Promise<void> {
    const answer = await new Promise<FromWriter>((resolve) => {
      waiting.set(id, resolve)
      child.send(message)
    })
    waiting.delete(id)
    if (answer.error !== undefined) throw new Error(answer.error)
  }

  return {
    write: (path, ...statements) => {
      const id = orders++
      return answered(id, { id, path, statements, hold: false })
    },
    async hold(path, ...statements) {
      const id = orders++
      await answered(id, { id, path, statements, hold: true })
      return () => answered(id, { release: id })
    },
    async close() {
      child.kill()
      await closed
    },
  }
}

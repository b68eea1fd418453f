/** A folder for one measurement, and a list of what it started: both are gone when it ends, also by Ctrl-C. */
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createStopList, type StopList } from '../server/start/stop-list.ts'

export interface TemporaryFolder {
  readonly folder: string
  /** Where the roles' logs go. */
  readonly logs: string
  readonly stops: StopList
}

const signals = ['SIGINT', 'SIGTERM'] as const
const interrupted = 130

export async function inTemporaryFolder<Result>(
  say: (line: string) => void,
  measure: (place: TemporaryFolder) => Promise<Result>,
): Promise<Result> {
  const stops = createStopList(say)
  const stop = () => void stops.run().then(() => process.exit(interrupted))
  for (const signal of signals) process.once(signal, stop)
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'))
  stops.add('folder', () => rm(folder, { recursive: true, force: true }))
  try {
    // PostgreSQL runs as another user where we are root.
    await chmod(folder, 0o711)
    const logs = join(folder, 'logs')
    await mkdir(logs)
    return await measure({ folder, logs, stops })
  } finally {
    await stops.run()
    for (const signal of signals) process.off(signal, stop)
  }
}

// Processes of a PostgreSQL whose first one was killed: they hold its memory, and no other can start beside them.
import { readlinkSync } from 'node:fs'
import { EmbeddedError } from './embedded-error.ts'
import { endProcess } from './end-process.ts'
import { isNodeError } from './node-error.ts'
import { identifyProcess, type ProcessIdentity } from './process-identity.ts'
import { findProcesses } from './running-processes.ts'

const steps = [
  { signal: 'SIGTERM', waitMs: 2_000 },
  { signal: 'SIGQUIT', waitMs: 1_000 },
  { signal: 'SIGKILL', waitMs: 2_000 },
] as const

/** Those that come from a process while that is being ended are found by the next look. */
const looks = 3

/**
 * Ends all that is left on a folder, a server that is only just starting included. Most go by themselves; one in a
 * long statement, or stopped, does not. Committed is what was committed: the next server recovers it.
 */
export async function endOrphans(data: string): Promise<void> {
  for (let look = 0; look < looks; look += 1) {
    const orphans = orphansOf(data)
    if (orphans.length === 0) return
    await Promise.all(orphans.map((identity) => endProcess(identity, steps)))
  }
  if (orphansOf(data).length === 0) return
  throw new EmbeddedError(
    'postgres_failed',
    `Processes of a killed PostgreSQL still run on ${data} and do not end. End them and start again.`,
  )
}

/**
 * The first process is known by its command line; the others by their title and the folder that they work in.
 * Where a system does not tell that folder, the attempts of the start have to wait for them.
 */
function orphansOf(data: string): readonly ProcessIdentity[] {
  return findProcesses('postgres')
    .filter(({ pid, command }) => {
      const isFirst = command.includes(`/postgres -D ${data} `)
      return isFirst || (command.startsWith('postgres: ') && folderOf(pid) === data)
    })
    .map(({ pid }) => identifyProcess(pid))
    .filter((identity) => identity !== undefined)
}

function folderOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch (error) {
    // Gone, or somebody else's, or not a Linux.
    if (isNodeError(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return undefined
    throw error
  }
}

// Ends and removes what a test run that was killed has left running.
import { readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lockDataFolder } from '../../server/embedded/data-folder-lock.ts'
import { EmbeddedError } from '../../server/embedded/embedded-error.ts'
import { endProcess } from '../../server/embedded/end-process.ts'
import { identifyProcess } from '../../server/embedded/process-identity.ts'
import { findProcesses } from '../../server/embedded/running-processes.ts'

/** One that is younger may not have locked its folder yet. */
const leastAgeMs = 60_000

export async function endDeadSuites(prefix: string): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const folder = join(tmpdir(), name)
    if (!name.startsWith(prefix) || !(await isDead(folder))) continue
    for (const { pid } of findProcesses(`${folder}/`)) {
      const identity = identifyProcess(pid)
      if (identity === undefined) continue
      await endProcess(identity, [
        { signal: 'SIGINT', waitMs: 5_000 },
        { signal: 'SIGKILL', waitMs: 2_000 },
      ])
    }
    await rm(folder, { recursive: true })
  }
}

async function isDead(folder: string): Promise<boolean> {
  const { mtimeMs, uid } = await stat(folder)
  if (Date.now() - mtimeMs < leastAgeMs || uid !== process.getuid?.()) return false
  try {
    await lockDataFolder(folder)
    return true
  } catch (error) {
    if (error instanceof EmbeddedError && error.code === 'data_folder_in_use') return false
    throw error
  }
}

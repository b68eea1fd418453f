// A folder for one test or one run, in which PostgreSQL can live whoever runs the tests.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDataFolder } from '../../server/embedded/data-folder.ts'
import { endProcess } from '../../server/embedded/end-process.ts'
import { identifyProcess } from '../../server/embedded/process-identity.ts'
import { findProcesses } from '../../server/embedded/running-processes.ts'

export interface PassingFolder {
  readonly path: string
  /** Ends what still runs in it, and removes it with everything in it. */
  remove(): Promise<void>
}

export interface PassingFolderOptions {
  /** The start of its name, for whoever looks. */
  readonly prefix: string
  /** In a test, `inject('suiteFolder')`: what a test leaves behind goes with the suite. */
  readonly within?: string
}

export async function createPassingFolder({
  prefix,
  within = tmpdir(),
}: PassingFolderOptions): Promise<PassingFolder> {
  const wanted = await mkdtemp(join(within, prefix))
  // Where root's own folder for temporary files is closed to others, this is another one.
  const folder = await openDataFolder({ dataDir: wanted, needsPostgres: true, report: () => undefined })
  return {
    path: folder.path,
    async remove() {
      await endAllIn(folder.path)
      await folder.release()
      await rm(folder.path, { recursive: true })
      await rm(wanted, { recursive: true, force: true })
    },
  }
}

/** Ends every process whose command line names something in a folder. */
export async function endAllIn(folder: string): Promise<void> {
  for (const { pid } of findProcesses(`${folder}/`)) {
    const identity = identifyProcess(pid)
    if (identity === undefined) continue
    await endProcess(identity, [
      { signal: 'SIGINT', waitMs: 5_000 },
      { signal: 'SIGKILL', waitMs: 2_000 },
    ])
  }
}

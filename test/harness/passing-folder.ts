// A folder for one test or one run, in which PostgreSQL can live whoever runs the tests.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDataFolder } from '../../server/embedded/data-folder.ts'

export interface PassingFolder {
  readonly path: string
  /** Unlocks it and removes it with everything in it. */
  remove(): Promise<void>
}

export async function createPassingFolder(prefix: string): Promise<PassingFolder> {
  const wanted = await mkdtemp(join(tmpdir(), prefix))
  // Where root's own folder for temporary files is closed to others, this is another one.
  const folder = await openDataFolder({ dataDir: wanted, needsPostgres: true, report: () => undefined })
  return {
    path: folder.path,
    async remove() {
      await folder.release()
      await rm(folder.path, { recursive: true })
      await rm(wanted, { recursive: true, force: true })
    },
  }
}

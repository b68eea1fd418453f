/** The folders that file sources may read: SLUICE_SOURCE_DIRS, else the demo's folder and the working folder. */
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import type { Env } from './env.ts'

/** Where `npm start` keeps the demo's warehouse. */
export function demoFolder(dataFolder: string): string {
  return join(dataFolder, 'demo')
}

/** Real paths, so that a link can't lead elsewhere. A folder that does not exist can't be read anyway. */
export async function resolveSourceDirs({ sourceDirs, dataDir }: Env): Promise<readonly string[]> {
  const folders = sourceDirs ?? [demoFolder(dataDir), process.cwd()]
  const real = await Promise.allSettled(folders.map((folder) => realpath(folder)))
  return real.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
}

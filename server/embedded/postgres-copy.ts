// A copy of PostgreSQL's programs that every user of the machine may run.
import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { chmod, copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isNodeError } from './node-error.ts'
import { createLinks } from './postgres-links.ts'

/** Copies under a temporary name, so that a copy that is there is whole; of two at once the first one stays. */
export async function copyPrograms(installed: string, home: string): Promise<void> {
  const temporary = `${home}.${randomUUID()}`
  // The name that the list of links begins with.
  const native = join(temporary, 'native')
  try {
    await copyReadable(installed, native)
    await createLinks(native)
    await rename(native, home)
  } catch (error) {
    if (!isNodeError(error, 'ENOTEMPTY', 'EEXIST')) throw error
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** A copy that everybody may read and run, whatever the modes of the original. */
async function copyReadable(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  await chmod(to, 0o755)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyReadable(source, target)
    else if (entry.isFile() && !entry.name.endsWith('.a')) {
      await copyFile(source, target, constants.COPYFILE_FICLONE)
      await chmod(target, 0o755)
    }
  }
}

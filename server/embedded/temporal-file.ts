// The file of the Temporal server: one whose tables a killed first start left half made is made anew.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileExists } from './file-exists.ts'

/** Stands beside the file until a server has answered on it for the first time. */
function markOf(databaseFile: string): string {
  return `${databaseFile}.unfinished`
}

/** Before a server is started on it. A server never repairs half a file, and nothing is in it yet that anybody needs. */
export async function prepareFile(databaseFile: string): Promise<void> {
  await mkdir(dirname(databaseFile), { recursive: true, mode: 0o700 })
  if (await fileExists(markOf(databaseFile))) {
    for (const part of ['', '-wal', '-shm']) await rm(`${databaseFile}${part}`, { force: true })
  }
  if (!(await fileExists(databaseFile))) await writeFile(markOf(databaseFile), '', { mode: 0o600 })
}

/** Once a server has answered on it. */
export async function keepFile(databaseFile: string): Promise<void> {
  await rm(markOf(databaseFile), { force: true })
}

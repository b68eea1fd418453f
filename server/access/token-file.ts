/** The copy of the owner's token in the data folder, for its owner's eyes only. */
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isToken } from './token.ts'

const fileName = 'token'
const ownerOnly = 0o600

export interface TokenFile {
  readonly path: string
  /** Undefined when there is no file, or no token in it. */
  readonly token: string | undefined
}

export async function readTokenFile(dataFolder: string): Promise<TokenFile> {
  const path = join(dataFolder, fileName)
  const text = await readIfPresent(path)
  if (text === undefined || !isToken(text)) return { path, token: undefined }
  // A copied folder may have lost the mode.
  await chmod(path, ownerOnly)
  return { path, token: text }
}

/** Replaces the file in one step: it is never half written, and never readable by others. */
export async function writeTokenFile(path: string, token: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.new`
  await writeFile(temporary, `${token}\n`, { mode: ownerOnly })
  await chmod(temporary, ownerOnly)
  await rename(temporary, path)
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

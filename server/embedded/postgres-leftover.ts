// A PostgreSQL that an earlier start left running on the same folder: found, and adopted or ended.
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EmbeddedError } from './embedded-error.ts'
import { endProcess } from './end-process.ts'
import { isNodeError } from './node-error.ts'
import type { PostgresCluster } from './postgres-cluster.ts'
import { askPostgres } from './postgres-session.ts'
import { commandOf, identifyProcess, type ProcessIdentity } from './process-identity.ts'

export interface LeftOver {
  readonly identity: ProcessIdentity
  readonly port: number
}

/** One that can be used as it is. One that cannot is ended, for two servers must never share a folder. */
export async function adoptLeftOver(
  cluster: PostgresCluster,
  version: string,
): Promise<LeftOver | undefined> {
  const pidFile = join(cluster.data, 'postmaster.pid')
  const text = await readIfThere(pidFile)
  if (text === undefined) return undefined
  const [pidLine, , , portLine] = text.split('\n')
  const [pid, port] = [Number(pidLine), Number(portLine)]
  if (!Number.isInteger(pid) || pid <= 0) {
    // Killed before it had written its number. PostgreSQL would wait for somebody to remove the file.
    await rm(pidFile)
    return undefined
  }
  const identity = identifyProcess(pid)
  if (identity === undefined) return undefined
  // Only a server of ours knows the password and names the folder.
  const facts = port > 0 ? await askPostgres({ port, password: cluster.password }) : undefined
  if (facts?.data === cluster.data && facts.version === version) return { identity, port }
  if (facts?.data === cluster.data || commandOf(pid)?.includes(cluster.data) === true) {
    await end(identity, cluster.data)
  } else {
    await disownPid(pidFile)
  }
  return undefined
}

async function end(identity: ProcessIdentity, data: string): Promise<void> {
  const isEnded = await endProcess(identity, [
    { signal: 'SIGINT', waitMs: 10_000 },
    { signal: 'SIGQUIT', waitMs: 5_000 },
    { signal: 'SIGKILL', waitMs: 2_000 },
  ])
  if (isEnded) return
  throw new EmbeddedError(
    'postgres_failed',
    `PostgreSQL of an earlier start (process ${identity}) still runs on ${data} and does not end. End it and start again.`,
  )
}

/**
 * The number now belongs to another process, and PostgreSQL would refuse to start beside it. The other lines
 * stay: by them it sees whether processes of the dead server still use its shared memory.
 */
async function disownPid(pidFile: string): Promise<void> {
  const nobody = 2 ** 31 - 1
  const [, ...rest] = (await readFile(pidFile, 'utf8')).split('\n')
  await writeFile(pidFile, [nobody, ...rest].join('\n'))
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isNodeError(error, 'ENOENT')) return undefined
    throw error
  }
}

// Starts PostgreSQL on its folder as a process of its own and waits until it answers.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedError } from './embedded-error.ts'
import { endProcess } from './end-process.ts'
import { findFreePort } from './free-port.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'
import type { PostgresCluster } from './postgres-cluster.ts'
import type { LeftOver } from './postgres-leftover.ts'
import { askPostgres } from './postgres-session.ts'
import { postgresArguments } from './postgres-settings.ts'
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts'
import type { RunAs } from './run-as.ts'

export interface PostgresServerOptions {
  readonly cluster: PostgresCluster
  readonly binaries: PostgresBinaries
  readonly runAs: RunAs | undefined
  readonly logFile: string
  /** Default: any free one. */
  readonly port: number | undefined
}

const attempts = 5
/** Recovery after a crash may take long. */
const readyWithinMs = 120_000
const pollMs = 25

/** Several attempts: a port may be taken meanwhile, and a killed server's processes take a moment to go. */
export async function startServer(options: PostgresServerOptions): Promise<LeftOver> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = options.port ?? (await findFreePort())
    const identity = await spawnServer(options, port)
    if (identity !== undefined && (await isReady(identity, port, options.cluster))) return { identity, port }
    await sleep(100 * 2 ** attempt)
  }
  throw new EmbeddedError(
    'postgres_failed',
    `PostgreSQL does not start on ${options.cluster.data}: ${await lastComplaint(options.logFile)} Its log is ${options.logFile}.`,
  )
}

async function spawnServer(
  options: PostgresServerOptions,
  port: number,
): Promise<ProcessIdentity | undefined> {
  const { cluster, binaries, runAs, logFile } = options
  const log = await open(logFile, 'a', 0o600)
  try {
    const child = spawn(join(binaries.home, 'bin', 'postgres'), postgresArguments(cluster.data, port), {
      cwd: '/',
      env: {},
      // A session of its own: Ctrl-C must not stop it before those who use it.
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      ...(runAs !== undefined && { uid: runAs.uid, gid: runAs.gid }),
    })
    await once(child, 'spawn')
    child.unref()
    return child.pid === undefined ? undefined : identifyProcess(child.pid)
  } finally {
    await log.close()
  }
}

/** False when the process ended before it answered. */
async function isReady(identity: ProcessIdentity, port: number, cluster: PostgresCluster): Promise<boolean> {
  const deadline = performance.now() + readyWithinMs
  while (isRunning(identity)) {
    const facts = await askPostgres({ port, password: cluster.password })
    if (facts?.data === cluster.data) return true
    if (performance.now() >= deadline) {
      await endProcess(identity, [{ signal: 'SIGQUIT', waitMs: 5_000 }])
      return false
    }
    await sleep(pollMs)
  }
  return false
}

async function lastComplaint(logFile: string): Promise<string> {
  const lines = (await readFile(logFile, 'utf8')).split('\n')
  return lines.findLast((line) => line.includes('FATAL:') || line.includes('PANIC:')) ?? 'it gives no reason.'
}

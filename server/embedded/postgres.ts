// Has a PostgreSQL: the given one, else an embedded one whose folder and process outlive our crashes.
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { endProcess } from './end-process.ts'
import { preparePostgresBinaries } from './postgres-binaries.ts'
import { findClusterUser, prepareCluster } from './postgres-cluster.ts'
import { adoptLeftOver } from './postgres-leftover.ts'
import { endOrphans } from './postgres-orphans.ts'
import { startServer } from './postgres-server.ts'
import { ensureDatabase, urlOf } from './postgres-session.ts'
import { pidOf } from './process-identity.ts'
import { neverEnds, whenEnded } from './when-ended.ts'

export interface StartPostgresOptions {
  /** A folder that the caller has locked; as root, one that PostgreSQL's user can enter. */
  readonly dataFolder: string
  readonly databaseUrl?: string | undefined
  /** For one that takes the place of another: those who use it know its address. Default: any free port. */
  readonly port?: number | undefined
  /** Gets one line for a person: what was taken, and why. */
  readonly report: (line: string) => void
}

export interface RunningPostgres {
  readonly url: string
  readonly how: 'given' | 'embedded' | 'adopted'
  /** Resolves once it is gone, however it went; never for a given one. */
  readonly ended: Promise<void>
  /** Ends what is embedded; a given one is left alone. */
  stop(): Promise<void>
}

/** Fast shutdown, then without a checkpoint: what is committed is safe either way. */
const stopSteps = [
  { signal: 'SIGINT', waitMs: 4_000 },
  { signal: 'SIGQUIT', waitMs: 1_500 },
  { signal: 'SIGKILL', waitMs: 500 },
] as const

export async function startPostgres(options: StartPostgresOptions): Promise<RunningPostgres> {
  const { databaseUrl, report } = options
  if (databaseUrl !== undefined) {
    const { host, pathname } = new URL(databaseUrl)
    report(`PostgreSQL: the one at ${host}${pathname}, because DATABASE_URL names it`)
    return { url: databaseUrl, how: 'given', ended: neverEnds(), stop: async () => undefined }
  }
  const dataFolder = await realpath(options.dataFolder)
  const folder = join(dataFolder, 'postgres')
  const runAs = await findClusterUser(folder)
  const binaries = await preparePostgresBinaries({ copyFolder: dataFolder, runAs })
  const cluster = await prepareCluster(folder, binaries, runAs)
  const leftOver = await adoptLeftOver(cluster, binaries.version)
  const logFile = join(dataFolder, 'postgres.log')
  if (leftOver === undefined) await endOrphans(cluster.data)
  const { identity, port } =
    leftOver ?? (await startServer({ cluster, binaries, runAs, logFile, port: options.port }))
  const address = { port, password: cluster.password }
  await ensureDatabase(address)
  const origin =
    leftOver === undefined
      ? 'embedded, because DATABASE_URL is not set'
      : `left running by an earlier start (process ${pidOf(identity)})`
  const user = runAs === undefined ? '' : `, run by user ${runAs.name} because it refuses root`
  report(`PostgreSQL ${binaries.version}: 127.0.0.1:${port}, ${origin}${user}`)
  return {
    url: urlOf(address),
    how: leftOver === undefined ? 'embedded' : 'adopted',
    get ended() {
      return whenEnded(identity)
    },
    async stop() {
      await endProcess(identity, stopSteps)
    },
  }
}

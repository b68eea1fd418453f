/** An installation whose every part can be killed: its own PostgreSQL and Temporal, a server and two workers. */
import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import { createDatabase } from '../../server/database.ts'
import { findFreePort } from '../../server/embedded/free-port.ts'
import { migrate } from '../../server/embedded/migrate.ts'
import { startPostgres } from '../../server/embedded/postgres.ts'
import { findProcesses } from '../../server/embedded/running-processes.ts'
import { startTemporal } from '../../server/embedded/temporal.ts'
import { readEnv } from '../../server/env.ts'
import { loadSecretKey } from '../../server/secret-key.ts'
import { createKeyring, type WorkspaceKey } from '../../server/workspaces/keys.ts'
import { type ApiClient, createApiClient } from '../harness/api-client.ts'
import { createPassingFolder } from '../harness/passing-folder.ts'
import { createForwarder } from './forwarder.ts'
import type { Part } from './part.ts'
import { createSupervisedRole } from './supervised-role.ts'

export interface Installation extends ApiClient {
  readonly db: PrismaClient
  /** File sources may read here. */
  readonly folder: string
  readonly parts: { readonly [Name in 'server' | 'worker' | 'otherWorker' | 'postgres' | 'temporal']: Part }
  /** Ends all connections to PostgreSQL: a commit may be done and its answer lost. */
  cutDatabase(): void
  keyOf(workspaceId: string): Promise<WorkspaceKey>
  /** How often a role has ended although nobody killed it. */
  ownEnds(): number
  /** Writes what the roles have said into the folder given. */
  keepLogs(folder: string): Promise<void>
  close(): Promise<void>
}

const namespace = 'sluice'
const report = () => undefined

/** @param within a folder that somebody cleans up however this process ends */
export async function startInstallation(within: string): Promise<Installation> {
  const data = await createPassingFolder({ prefix: 'installation-', within })
  const closings: (() => Promise<unknown>)[] = [data.remove]
  const close = async () => {
    while (closings.length > 0) await closings.pop()?.()
  }
  try {
    return await start(data.path, closings, close)
  } catch (error) {
    await close()
    throw error
  }
}

async function start(
  dataFolder: string,
  closings: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<Installation> {
  const { cacheDir } = readEnv()
  const runPostgres = () => startPostgres({ dataFolder, report })
  const runTemporal = () => startTemporal({ dataFolder, cacheDir, namespace, ui: false, report })
  const [postgres, temporal] = await Promise.all([runPostgres(), runTemporal()])
  await migrate(postgres.url)
  const databasePort = await createForwarder(portOf(postgres.url))
  const temporalPort = await createForwarder(portOf(`tcp://${temporal.address}`))
  closings.push(databasePort.close, temporalPort.close)

  const databaseUrl = new URL(postgres.url)
  databaseUrl.port = String(databasePort.port)
  const database = createDatabase({ url: databaseUrl.href, maxConnections: 4 })
  closings.push(database.close)
  const folder = join(await realpath(dataFolder), 'sources')
  await mkdir(folder)
  const keyring = createKeyring({ masterKey: await loadSecretKey({ dataFolder, mayCreate: true }) })
  const port = await findFreePort()
  const env = {
    DATABASE_URL: databaseUrl.href,
    TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort.port}`,
    TEMPORAL_NAMESPACE: namespace,
    SLUICE_DATA_DIR: dataFolder,
    SLUICE_SOURCE_DIRS: folder,
    SLUICE_ALLOW_PRIVATE_HOSTS: '127.0.0.1',
    PORT: String(port),
  }
  const server = createSupervisedRole('server', { role: 'main', args: ['--json'], env })
  const worker = createSupervisedRole('worker', { role: 'worker', env })
  const otherWorker = createSupervisedRole('other worker', { role: 'worker', env })
  const roles = [server, worker, otherWorker]
  closings.push(() => Promise.all(roles.map((role) => role.stop())))
  await server.start()
  await Promise.all([worker.start(), otherWorker.start()])
  const token = (await readFile(join(dataFolder, 'token'), 'utf8')).trim()

  return {
    ...createApiClient({ url: `http://127.0.0.1:${port}`, token }),
    db: database.db,
    folder,
    parts: {
      server,
      worker,
      otherWorker,
      postgres: {
        name: 'PostgreSQL',
        kill: async () => killAll(join(dataFolder, 'postgres', 'data')),
        start: async () => databasePort.aim(portOf((await runPostgres()).url)),
      },
      temporal: {
        name: 'Temporal',
        kill: async () => killAll(join(dataFolder, 'temporal', 'temporal.db')),
        start: async () => temporalPort.aim(portOf(`tcp://${(await runTemporal()).address}`)),
      },
    },
    cutDatabase: databasePort.cut,
    async keyOf(id) {
      const { wrappedKey } = await database.db.workspace.findUniqueOrThrow({ where: { id } })
      if (wrappedKey === null) throw new Error('The key of the workspace is destroyed.')
      return keyring.unwrap(wrappedKey)
    },
    ownEnds: () => roles.reduce((sum, role) => sum + role.ownEnds, 0),
    async keepLogs(target) {
      for (const role of roles) await writeFile(join(target, `${role.name}.log`), role.output())
    },
    close,
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port)
}

/** Every process whose command line names the path. */
function killAll(path: string): void {
  for (const { pid } of findProcesses(path)) process.kill(pid, 'SIGKILL')
}

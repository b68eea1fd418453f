/** Everything that Sluice consists of, started for one measurement: PostgreSQL, Temporal, vendor, server, and a worker where one is needed. */
import { randomBytes } from 'node:crypto'
import { ensureOwnerToken } from '../server/access/service.ts'
import { createDatabase } from '../server/database.ts'
import { migrate } from '../server/embedded/migrate.ts'
import { startPostgres } from '../server/embedded/postgres.ts'
import { startTemporal } from '../server/embedded/temporal.ts'
import { readEnv } from '../server/env.ts'
import { createGraphqlClient, type GraphqlClient } from '../server/start/graphql-client.ts'
import { serverNodeOptions, startRole, workerNodeOptions } from '../server/start/roles.ts'
import type { TemporaryFolder } from './temporary-folder.ts'
import { startVendor, type Vendor } from './vendor.ts'

/** All but a worker: what is configured, nothing of it runs. */
export interface ServerStack {
  readonly api: GraphqlClient
  /** The server, for what is not GraphQL. */
  readonly url: string
  readonly token: string
  readonly vendor: Vendor
  readonly postgresUrl: string
  /** The environment of its roles. */
  readonly env: Readonly<Record<string, string>>
}

export interface Stack extends ServerStack {
  readonly workerPid: number
}

interface Options extends TemporaryFolder {
  say(line: string): void
}

const namespace = 'bench'

/** Starts all of it in the folder; the folder's list ends it. */
export async function startStack(options: Options): Promise<Stack> {
  const { logs, stops } = options
  const stack = await startServerStack(options)
  const worker = await startRole({
    name: 'worker',
    program: 'server/worker.ts',
    args: ['--supervised'],
    nodeOptions: workerNodeOptions,
    env: stack.env,
    logs,
  })
  stops.add('worker', worker.stop)
  return { ...stack, workerPid: Number(worker.ready['pid']) }
}

export async function startServerStack({ folder, logs, stops, say }: Options): Promise<ServerStack> {
  const { cacheDir } = readEnv()
  const postgres = await startPostgres({ dataFolder: folder, report: say })
  stops.add('PostgreSQL', postgres.stop)
  await migrate(postgres.url)
  const temporal = await startTemporal({ dataFolder: folder, cacheDir, namespace, ui: false, report: say })
  stops.add('Temporal', temporal.stop)
  const { db, close } = createDatabase({ url: postgres.url, maxConnections: 1 })
  const { token } = await ensureOwnerToken({ db, dataFolder: folder })
  await close()

  const vendor = await startVendor(logs)
  stops.add('simulator', vendor.stop)
  const env = {
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: namespace,
    SLUICE_DATA_DIR: folder,
    SLUICE_SECRET_KEY: randomBytes(32).toString('base64'),
    SLUICE_SOURCE_DIRS: folder,
    SLUICE_ALLOW_PRIVATE_HOSTS: new URL(vendor.url).host,
  }
  const server = await startRole({
    name: 'server',
    program: 'server/main.ts',
    args: ['--json', '--supervised'],
    nodeOptions: serverNodeOptions,
    env,
    logs,
  })
  stops.add('server', server.stop)
  return {
    api: createGraphqlClient({ url: String(server.ready['graphql']), token }),
    url: String(server.ready['url']),
    token,
    vendor,
    postgresUrl: postgres.url,
    env,
  }
}

/** How fast records get from DuckDB to a vendor through everything, beside the speed nothing generic can pass. */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureOwnerToken } from '../server/access/service.ts'
import { createDatabase } from '../server/database.ts'
import { migrate } from '../server/embedded/migrate.ts'
import { startPostgres } from '../server/embedded/postgres.ts'
import { startTemporal } from '../server/embedded/temporal.ts'
import { readEnv } from '../server/env.ts'
import { setUpDemo } from '../server/start/demo-workspace.ts'
import { createGraphqlClient, type GraphqlClient } from '../server/start/graphql-client.ts'
import { type Role, startRole, workerNodeOptions } from '../server/start/roles.ts'
import { createStopList } from '../server/start/stop-list.ts'
import { ensureWarehouse } from '../server/start/warehouse.ts'
import { watch } from '../server/start/watch.ts'

interface Options {
  readonly records: number
  say(line: string): void
}

export interface EndToEndFigures {
  readonly recordsPerSecond: number
  readonly rawRecordsPerSecond: number
  readonly ratio: number
  /** Peak resident memory of the worker. */
  readonly workerRssMiB: number
}

const apiKey = 'bench'
/** Rarely: asking costs the server time that the worker would have. */
const watchEveryMs = 1_000

export async function endToEnd({ records, say }: Options): Promise<EndToEndFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'))
  // PostgreSQL runs as another user where we are root.
  await chmod(folder, 0o711)
  const stops = createStopList(say)
  stops.add('folder', () => rm(folder, { recursive: true, force: true }))
  try {
    const warehouse = join(folder, 'warehouse.duckdb')
    await ensureWarehouse(warehouse, records)
    say(`A warehouse of ${records} customers was made`)
    const logs = join(folder, 'logs')
    await mkdir(logs)

    const before = await rawLoop(warehouse, logs)
    say(`Hand-written loop: ${Math.round(before)} records/s`)
    const ours = await throughSluice({ folder, logs, warehouse, stops, say })
    say(`Sluice: ${Math.round(ours.recordsPerSecond)} records/s, ${ours.workerRssMiB} MiB`)
    const after = await rawLoop(warehouse, logs)
    say(`Hand-written loop again: ${Math.round(after)} records/s`)

    const raw = (before + after) / 2
    return {
      recordsPerSecond: Math.round(ours.recordsPerSecond),
      rawRecordsPerSecond: Math.round(raw),
      ratio: Number((ours.recordsPerSecond / raw).toFixed(3)),
      workerRssMiB: ours.workerRssMiB,
    }
  } finally {
    await stops.run()
  }
}

/** A simulator of its own for each measurement: one that knows the users already would be faster. */
function startSimulator(logs: string): Promise<Role> {
  return startRole({
    name: 'simulator',
    program: 'plugins/connector-braze/src/testing/serve.ts',
    args: ['--unlimited', '--api-key', apiKey],
    logs,
  })
}

async function rawLoop(warehouse: string, logs: string): Promise<number> {
  const simulator = await startSimulator(logs)
  try {
    const loop = await startRole({
      name: 'raw-loop',
      program: 'bench/raw-loop.ts',
      args: ['--warehouse', warehouse, '--url', String(simulator.ready['url']), '--api-key', apiKey],
      logs,
    })
    await loop.ended
    return Number(loop.ready['recordsPerSecond'])
  } finally {
    await simulator.stop()
  }
}

interface Through {
  readonly folder: string
  readonly logs: string
  readonly warehouse: string
  readonly stops: ReturnType<typeof createStopList>
  say(line: string): void
}

async function throughSluice({ folder, logs, warehouse, stops, say }: Through) {
  const { cacheDir } = readEnv()
  const postgres = await startPostgres({ dataFolder: folder, report: say })
  stops.add('PostgreSQL', postgres.stop)
  await migrate(postgres.url)
  const temporal = await startTemporal({
    dataFolder: folder,
    cacheDir,
    namespace: 'bench',
    ui: false,
    report: say,
  })
  stops.add('Temporal', temporal.stop)
  const { db, close } = createDatabase({ url: postgres.url, maxConnections: 1 })
  const { token } = await ensureOwnerToken({ db, dataFolder: folder })
  await close()

  const simulator = await startSimulator(logs)
  stops.add('simulator', simulator.stop)
  const url = String(simulator.ready['url'])
  const env = {
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: 'bench',
    SLUICE_DATA_DIR: folder,
    SLUICE_SECRET_KEY: randomBytes(32).toString('base64'),
    SLUICE_SOURCE_DIRS: folder,
    SLUICE_ALLOW_PRIVATE_HOSTS: new URL(url).host,
  }
  const server = await startRole({ name: 'server', program: 'server/main.ts', args: ['--json'], env, logs })
  stops.add('server', server.stop)
  const worker = await startRole({
    name: 'worker',
    program: 'server/worker.ts',
    nodeOptions: workerNodeOptions,
    env,
    logs,
  })
  stops.add('worker', worker.stop)

  const api = createGraphqlClient({ url: String(server.ready['graphql']), token })
  const startedAt = Date.now()
  await setUpDemo(api, warehouse, { url, apiKey })
  for (;;) {
    if ((await watch(api, startedAt)).isDone) break
    await new Promise((resolve) => setTimeout(resolve, watchEveryMs))
  }
  const { delivered, seconds } = await measured(api)
  const cpu = await cpuSeconds(Number(worker.ready['pid']))
  say(`The worker's own time: ${Math.round((cpu / delivered) * 1e6)} µs a record`)
  return {
    recordsPerSecond: delivered / seconds,
    workerRssMiB: await peakRssMiB(Number(worker.ready['pid'])),
  }
}

interface Answer {
  readonly workspaces: readonly {
    readonly liveVersion: { readonly publishedAt: string }
    readonly deliveries: {
      readonly edges: readonly {
        readonly node: { readonly delivered: number; readonly completedAt: string }
      }[]
    }
  }[]
}

/** From the publish to the end of the last delivery, by the database's own times. */
async function measured(
  api: GraphqlClient,
): Promise<{ readonly delivered: number; readonly seconds: number }> {
  const { workspaces } = await api<Answer>(
    '{ workspaces { liveVersion { publishedAt } deliveries(first: 100) { edges { node { delivered completedAt } } } } }',
  )
  const published = Math.min(...workspaces.map(({ liveVersion }) => Date.parse(liveVersion.publishedAt)))
  const nodes = workspaces.flatMap(({ deliveries }) => deliveries.edges.map(({ node }) => node))
  const completed = Math.max(...nodes.map(({ completedAt }) => Date.parse(completedAt)))
  return {
    delivered: nodes.reduce((sum, { delivered }) => sum + delivered, 0),
    seconds: (completed - published) / 1000,
  }
}

/** The kernel's own record of the most memory that a process had (Linux). */
async function peakRssMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024)
}

/** User and system time of a process, which other processes on the machine disturb less than its wall time (Linux). */
async function cpuSeconds(pid: number): Promise<number> {
  const [, , , ...fields] = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/\(.*\)/, '-').split(' ')
  const ticksPerSecond = 100
  return (Number(fields[10]) + Number(fields[11])) / ticksPerSecond
}

/** `npm start`: everything on one machine. Finds or starts what Sluice needs, sets up a demo, delivers, stays up. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { ensureOwnerToken } from './access/service.ts'
import { createDatabase } from './database.ts'
import { openDataFolder } from './embedded/data-folder.ts'
import { findFreePort } from './embedded/free-port.ts'
import { migrate } from './embedded/migrate.ts'
import { startPostgres } from './embedded/postgres.ts'
import { startTemporal } from './embedded/temporal.ts'
import { readEnv } from './env.ts'
import { explain } from './explain.ts'
import { loadSecretKey } from './secret-key.ts'
import { demoFolder } from './source-dirs.ts'
import { demoName, setUpDemo } from './start/demo-workspace.ts'
import { follow } from './start/follow.ts'
import { createGraphqlClient, type GraphqlClient } from './start/graphql-client.ts'
import { startRole, workerNodeOptions } from './start/roles.ts'
import { rememberedSimulator, simulatorStats } from './start/simulator.ts'
import { createStopList } from './start/stop-list.ts'
import { ensureWarehouse } from './start/warehouse.ts'
import { equationHolds, watch } from './start/watch.ts'

const help = `Usage: npm start -- [--once] [--json]

Runs Sluice on this machine: PostgreSQL, Temporal, the API, a worker, and, where the database is empty, a demo
with a generated warehouse and a simulated Braze.
  --once   end when every lane has reached its source's end and nothing waits
  --json   with --once: the last line of stdout is one JSON object with the counts of this run
  --help   this text

Variables are described in .env.example. State lives in SLUICE_DATA_DIR (default .sluice).
`

/** How many of the demo's customers agreed to marketing, roughly. */
const demoShare = 0.8

const flags = readFlags()
const isJson = flags.json === true
/** People read it on stdout; a script that wants JSON has stdout to itself. */
const stream = isJson ? process.stderr : process.stdout
const say = (line: string) => void stream.write(`${line}\n`)

const stops = createStopList(say)

async function start(): Promise<number> {
  const env = readEnv()
  const folder = await openDataFolder({
    dataDir: env.dataDir,
    needsPostgres: env.databaseUrl === undefined,
    report: say,
  })
  stops.add('data folder', folder.release)
  say(`Data folder: ${folder.path}`)
  const logs = join(folder.path, 'logs')
  await mkdir(logs, { recursive: true, mode: 0o700 })

  const masterKey = await loadSecretKey({ ...env, dataFolder: folder.path, mayCreate: true })
  const postgres = await startPostgres({ dataFolder: folder.path, databaseUrl: env.databaseUrl, report: say })
  stops.add('PostgreSQL', postgres.stop)
  await migrate(postgres.url, say)
  const temporal = await startTemporal({
    dataFolder: folder.path,
    cacheDir: env.cacheDir,
    address: env.temporalAddress,
    namespace: env.temporalNamespace,
    ui: true,
    report: say,
  })
  stops.add('Temporal', temporal.stop)

  const database = createDatabase({ url: postgres.url, maxConnections: 2 })
  const { token, path: tokenPath } = await ensureOwnerToken({ db: database.db, dataFolder: folder.path })
  const isEmpty = (await database.db.workspace.count()) === 0
  const hasDemo = (await database.db.workspace.count({ where: { name: demoName } })) > 0
  await database.close()

  // The simulator is the demo's vendor; where the demo was removed nobody calls it.
  const simulator = isEmpty || hasDemo ? await startSimulator(folder.path, logs) : null
  const roleEnv = {
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    SLUICE_DATA_DIR: folder.path,
    SLUICE_SECRET_KEY: Buffer.from(masterKey).toString('base64'),
    SLUICE_ALLOW_PRIVATE_HOSTS: [
      ...env.allowPrivateHosts,
      ...(simulator === null ? [] : [new URL(simulator.url).host]),
    ].join(','),
    PORT: String(env.port ?? (await findFreePort())),
  }
  const server = await startRole({
    name: 'server',
    program: 'server/main.ts',
    args: ['--json', '--supervised'],
    env: roleEnv,
    logs,
  })
  stops.add('server', server.stop)
  const api = createGraphqlClient({ url: String(server.ready['graphql']), token })
  const startedAt = Date.now()
  const before = await watch(api, startedAt)

  const expected = simulator === null ? 0 : await prepareDemo(api, folder.path, env.demoRecords, simulator)
  const worker = await startRole({
    name: 'worker',
    program: 'server/worker.ts',
    args: ['--supervised'],
    nodeOptions: workerNodeOptions,
    env: roleEnv,
    logs,
  })
  stops.add('worker', worker.stop)

  say(
    `GraphiQL: ${server.ready['graphql']} (signed in on this machine; the token for scripts is in ${tokenPath})`,
  )
  if (temporal.uiUrl !== undefined) say(`Temporal: ${temporal.uiUrl}`)
  if (simulator !== null) say(`Received profiles: ${simulator.url}`)

  const died = Promise.race([
    server.ended.then(() => 'server' as const),
    worker.ended.then(() => 'worker' as const),
  ])
  const deliveringSince = Date.now()
  const isOnce = flags.once === true
  const report = await follow({
    api,
    stream,
    startedAt,
    baseline: before.counts,
    expected,
    died,
    isOnce,
    say,
  })
  const received = simulator === null ? 0 : (await simulatorStats(simulator.url)).receivedUsers
  const seconds = (Date.now() - deliveringSince) / 1000
  const { delivered, matched, warned } = report
  if (matched === 0) say('Nothing is new since the last start.')
  else say(`Delivered ${delivered + warned} of ${matched} records in ${seconds.toFixed(1)} s.`)
  if (isOnce) {
    const recordsPerSecond = Math.round(matched / seconds)
    // The last line also where both streams go to one place.
    if (isJson) {
      process.stdout.write(`${JSON.stringify({ ...report, received, seconds, recordsPerSecond })}\n`)
    }
    // Other workspaces deliver to vendors that we can't ask.
    const taken = (await watch(api, startedAt)).demoTaken - before.demoTaken
    return equationHolds(report) && received === taken ? 0 : 1
  }
  say('New and changed rows follow by themselves. Ctrl-C ends it.')
  const role = await died
  throw new Error(`The ${role} has ended by itself. Its log is in ${logs}.`)
}

async function startSimulator(dataFolder: string, logs: string) {
  const { port, apiKey } = await rememberedSimulator(dataFolder)
  const role = await startRole({
    name: 'simulator',
    program: 'plugins/connector-braze/src/testing/serve.ts',
    args: ['--port', String(port), '--api-key', apiKey, '--supervised'],
    logs,
    stopWithinMs: 1_000,
  })
  stops.add('simulator', role.stop)
  return { url: String(role.ready['url']), apiKey }
}

/** Returns how many records the first delivery is expected to have; 0 when nobody knows. */
async function prepareDemo(
  api: GraphqlClient,
  dataFolder: string,
  records: number,
  simulator: { readonly url: string; readonly apiKey: string },
): Promise<number> {
  const warehouse = join(demoFolder(dataFolder), 'warehouse.duckdb')
  await mkdir(demoFolder(dataFolder), { recursive: true, mode: 0o700 })
  const isMade = (await ensureWarehouse(warehouse, records)) === 'made'
  if (isMade) say(`Demo: a warehouse of ${records} invented customers was made`)
  else say('Demo: the warehouse of an earlier start is used; SLUICE_DEMO_RECORDS counts for a new one only')
  const result = await setUpDemo(api, warehouse, simulator)
  if (result === 'published') say('Demo: set up and published over GraphQL, as any frontend would')
  return isMade ? Math.round(records * demoShare) : 0
}

function readFlags() {
  try {
    return parseArgs({
      options: { once: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
    }).values
  } catch (error) {
    process.stderr.write(`${explain(error)}\n\n${help}`)
    process.exit(2)
  }
}

/** Ctrl-C must have ended everything by then. */
const stopWithinMs = 9_500

if (flags.help === true) {
  process.stdout.write(help)
} else {
  let isStopping = false
  // Asked to end while it stays up is its normal end; a run that was to finish by itself did not.
  const exit = (code: number) => process.exit(isStopping ? (flags.once === true ? 130 : 0) : code)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) return say('Still stopping: that takes up to 10 s.')
      isStopping = true
      say('Stopping: requests in flight are finished, nothing is lost.')
      setTimeout(exit, stopWithinMs, 1).unref()
      void stops.run()
    })
  }
  let code = 1
  try {
    code = await start()
  } catch (error) {
    // What breaks because the roles are being ended is no news.
    if (!isStopping) process.stderr.write(`${explain(error)}\n`)
  }
  await stops.run()
  exit(code)
}

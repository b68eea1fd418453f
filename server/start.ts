/** `npm start`: everything on one machine. Finds or starts what Sluice needs, sets up a demo, delivers, stays up. */
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { ensureOwnerToken } from './access/service.ts'
import { createDatabase } from './database.ts'
import { openDataFolder } from './embedded/data-folder.ts'
import { findFreePort } from './embedded/free-port.ts'
import { readEnv } from './env.ts'
import { explain } from './explain.ts'
import { loadSecretKey } from './secret-key.ts'
import { demoFolder } from './source-dirs.ts'
import { demoName, setUpDemo } from './start/demo-workspace.ts'
import { follow } from './start/follow.ts'
import { createGraphqlClient, type GraphqlClient } from './start/graphql-client.ts'
import { startInfrastructure } from './start/infrastructure.ts'
import { endLeftOverRoles } from './start/left-over-roles.ts'
import { createPatience } from './start/patience.ts'
import { createRoleKeeper, type KeepRole } from './start/role-keeper.ts'
import { workerNodeOptions } from './start/roles.ts'
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
const stopping = new AbortController()
const patiently = createPatience(stopping.signal)

async function start(onGiveUp: (error: unknown) => void): Promise<number> {
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
  await endLeftOverRoles({ names: ['worker', 'server', 'simulator'], logs, say })

  const masterKey = await loadSecretKey({ ...env, dataFolder: folder.path, mayCreate: true })
  const parts = await startInfrastructure({ env, dataFolder: folder.path, stops, say, onGiveUp })
  const [postgres, temporal] = await Promise.all([parts.postgres.running(), parts.temporal.running()])

  const database = createDatabase({ url: postgres.url, maxConnections: 2 })
  const { token, path: tokenPath } = await ensureOwnerToken({ db: database.db, dataFolder: folder.path })
  const isEmpty = (await database.db.workspace.count()) === 0
  const hasDemo = (await database.db.workspace.count({ where: { name: demoName } })) > 0
  await database.close()

  const keepRole = createRoleKeeper({ logs, say, onGiveUp, stops })
  // The simulator is the demo's vendor; where the demo was removed nobody calls it.
  const simulator = isEmpty || hasDemo ? await startSimulator(folder.path, keepRole) : null
  const roleEnv = {
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    SLUICE_DATA_DIR: folder.path,
    SLUICE_SECRET_KEY: Buffer.from(masterKey).toString('base64'),
    SLUICE_ALLOW_PRIVATE_HOSTS: [
      ...env.allowPrivateHosts,
      ...(simulator === null ? [] : [new URL(simulator.url).host]),
    ].join(','),
    // The demo reads its warehouse wherever other sources may be.
    ...(env.sourceDirs !== undefined &&
      simulator !== null && {
        SLUICE_SOURCE_DIRS: [...env.sourceDirs, demoFolder(folder.path)].join(delimiter),
      }),
    PORT: String(env.port ?? (await findFreePort())),
  }
  // A role that is started again needs both: where they are being started again too, it waits for them.
  const needs = () => Promise.all([parts.postgres.running(), parts.temporal.running()])
  const server = await keepRole(
    { name: 'server', program: 'server/main.ts', args: ['--json', '--supervised'], env: roleEnv },
    needs,
  )
  const graphql = String((await server.running()).ready['graphql'])
  const api = createGraphqlClient({ url: graphql, token })
  const startedAt = Date.now()
  const look = () => patiently(() => watch(api, startedAt))
  const before = await look()

  const expected = simulator === null ? 0 : await prepareDemo(api, folder.path, env.demoRecords, simulator)
  await keepRole(
    {
      name: 'worker',
      program: 'server/worker.ts',
      args: ['--supervised'],
      nodeOptions: workerNodeOptions,
      env: roleEnv,
    },
    needs,
  )

  say(`GraphiQL: ${graphql} (signed in on this machine; the token for scripts is in ${tokenPath})`)
  if (temporal.uiUrl !== undefined) say(`Temporal: ${temporal.uiUrl}`)
  if (simulator !== null) say(`Received profiles: ${simulator.url}`)

  const deliveringSince = Date.now()
  const isOnce = flags.once === true
  const report = await follow({ look, stream, baseline: before.counts, expected, isOnce, say })
  const received = simulator === null ? 0 : await simulator.received()
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
    const taken = (await look()).demoTaken - before.demoTaken
    // A simulator that was started again has forgotten what it received before.
    const isReceived = received === taken || simulator?.hasForgotten() === true
    return equationHolds(report) && isReceived ? 0 : 1
  }
  say('New and changed rows follow by themselves. Ctrl-C ends it.')
  if (!stopping.signal.aborted) await once(stopping.signal, 'abort')
  return 0
}

async function startSimulator(dataFolder: string, keepRole: KeepRole) {
  const { port, apiKey } = await rememberedSimulator(dataFolder)
  const simulator = await keepRole({
    name: 'simulator',
    program: 'plugins/connector-braze/src/testing/serve.ts',
    args: ['--port', String(port), '--api-key', apiKey, '--supervised'],
    stopWithinMs: 1_000,
  })
  const url = String((await simulator.running()).ready['url'])
  return {
    url,
    apiKey,
    hasForgotten: () => simulator.restarts() > 0,
    async received() {
      await simulator.running()
      return (await simulatorStats(url)).receivedUsers
    },
  }
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
  const result = await patiently(() => setUpDemo(api, warehouse, simulator))
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
  const { signal } = stopping
  // Asked to end while it stays up is its normal end; a run that was to finish by itself did not.
  const exit = (code: number) => process.exit(signal.aborted ? (flags.once === true ? 130 : 0) : code)
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (signal.aborted) return say('Still stopping: that takes up to 10 s.')
      stopping.abort()
      say('Stopping: requests in flight are finished, nothing is lost.')
      setTimeout(exit, stopWithinMs, 1).unref()
      void stops.run()
    })
  }
  let code = 1
  try {
    code = await new Promise<number>((resolve, reject) => start(reject).then(resolve, reject))
  } catch (error) {
    // What breaks because the roles are being ended is no news.
    if (!signal.aborted) process.stderr.write(`${explain(error)}\n`)
  }
  await stops.run()
  exit(code)
}

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
import { type DemoVendors, demoName, setUpDemo } from './start/demo-workspace.ts'
import { follow } from './start/follow.ts'
import { createGraphqlClient, type GraphqlClient } from './start/graphql-client.ts'
import { startInfrastructure } from './start/infrastructure.ts'
import { endLeftOverRoles } from './start/left-over-roles.ts'
import { createPatience } from './start/patience.ts'
import { createRoleKeeper, type KeepRole } from './start/role-keeper.ts'
import { serverNodeOptions, workerNodeOptions } from './start/roles.ts'
import { receivedBy, rememberedVendor } from './start/simulator.ts'
import { createStopList } from './start/stop-list.ts'
import { ensureWarehouse } from './start/warehouse.ts'
import { equationHolds, watch } from './start/watch.ts'

const help = `Usage: npm start -- [--once] [--json]

Runs Sluice on this machine: PostgreSQL, Temporal, the API, a worker, and, where the database is empty, a demo
with a generated warehouse, a simulated Braze and a receiver of webhooks.
  --once   end when every lane has reached its source's end and nothing waits
  --json   with --once: the last line of stdout is one JSON object with the counts of this run
  --help   this text

Variables are described in .env.example. State lives in SLUICE_DATA_DIR (default .sluice).
`

/** How many of the demo's customers agreed to marketing, roughly. */
const demoShare = 0.8
/** Each of them gets every record. */
const demoActions = 2

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
  await endLeftOverRoles({ names: ['worker', 'server', 'simulator', 'receiver'], logs, say })

  const masterKey = await loadSecretKey({ ...env, dataFolder: folder.path, mayCreate: true })
  const parts = await startInfrastructure({ env, dataFolder: folder.path, stops, say, onGiveUp })
  const [postgres, temporal] = await Promise.all([parts.postgres.running(), parts.temporal.running()])

  const database = createDatabase({ url: postgres.url, maxConnections: 2 })
  const { token, path: tokenPath } = await ensureOwnerToken({ db: database.db, dataFolder: folder.path })
  const isEmpty = (await database.db.workspace.count()) === 0
  const hasDemo = (await database.db.workspace.count({ where: { name: demoName } })) > 0
  await database.close()

  const keepRole = createRoleKeeper({ logs, say, onGiveUp, stops })
  // The simulators are the demo's vendors; where the demo was removed nobody calls them.
  const demo = isEmpty || hasDemo ? await startVendors(folder.path, keepRole) : null
  const roleEnv = {
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    SLUICE_DATA_DIR: folder.path,
    SLUICE_SECRET_KEY: Buffer.from(masterKey).toString('base64'),
    SLUICE_ALLOW_PRIVATE_HOSTS: [
      ...env.allowPrivateHosts,
      ...(demo === null ? [] : [demo.braze, demo.webhook].map(({ url }) => new URL(url).host)),
    ].join(','),
    // The demo reads its warehouse wherever other sources may be.
    ...(env.sourceDirs !== undefined &&
      demo !== null && {
        SLUICE_SOURCE_DIRS: [...env.sourceDirs, demoFolder(folder.path)].join(delimiter),
      }),
    PORT: String(env.port ?? (await findFreePort())),
  }
  // A role that is started again needs both: where they are being started again too, it waits for them.
  const needs = () => Promise.all([parts.postgres.running(), parts.temporal.running()])
  const server = await keepRole(
    {
      name: 'server',
      program: 'server/main.ts',
      args: ['--json', '--supervised'],
      nodeOptions: serverNodeOptions,
      env: roleEnv,
    },
    needs,
  )
  const graphql = String((await server.running()).ready['graphql'])
  const api = createGraphqlClient({ url: graphql, token })
  const startedAt = Date.now()
  const look = () => patiently(() => watch(api, startedAt))
  const before = await look()

  const expected = demo === null ? 0 : await prepareDemo(api, folder.path, env.demoRecords, demo)
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
  if (demo !== null) {
    say(`Received profiles: ${demo.braze.url}`)
    say(`Received webhooks: ${demo.webhook.url}`)
  }

  const deliveringSince = Date.now()
  const isOnce = flags.once === true
  const report = await follow({ look, stream, baseline: before.counts, expected, isOnce, say })
  const [profiles, webhooks] =
    demo === null ? [0, 0] : await Promise.all([demo.braze.received(), demo.webhook.received()])
  const received = profiles + webhooks
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
    const { demoTaken } = await look()
    const takenBy = (type: string) => (demoTaken[type] ?? 0) - (before.demoTaken[type] ?? 0)
    // A simulator that was started again has forgotten what it received before. What a dead worker may have sent is
    // sent again: profiles are counted once, webhooks each time.
    const isReceived =
      demo === null ||
      ((profiles === takenBy('braze') || demo.braze.hasForgotten()) &&
        (webhooks >= takenBy('webhook') || demo.webhook.hasForgotten()))
    return equationHolds(report) && isReceived ? 0 : 1
  }
  say('New and changed rows follow by themselves. Ctrl-C ends it.')
  if (!stopping.signal.aborted) await once(stopping.signal, 'abort')
  return 0
}

async function startVendors(dataFolder: string, keepRole: KeepRole) {
  // One after the other: a free port is free until somebody listens on it.
  const braze = await startVendor(
    dataFolder,
    keepRole,
    'simulator',
    'plugins/connector-braze/src/testing/serve.ts',
  )
  const webhook = await startVendor(
    dataFolder,
    keepRole,
    'receiver',
    'plugins/connector-webhook/src/testing/serve.ts',
  )
  return { braze, webhook }
}

async function startVendor(
  dataFolder: string,
  keepRole: KeepRole,
  name: 'simulator' | 'receiver',
  program: string,
) {
  const { port, apiKey } = await rememberedVendor(dataFolder, name)
  const vendor = await keepRole({
    name,
    program,
    args: ['--port', String(port), ...(name === 'simulator' ? ['--api-key', apiKey] : []), '--supervised'],
    stopWithinMs: 1_000,
  })
  const url = String((await vendor.running()).ready['url'])
  return {
    url,
    apiKey,
    hasForgotten: () => vendor.restarts() > 0,
    async received() {
      await vendor.running()
      return receivedBy(url)
    },
  }
}

/** Returns how many records the first delivery is expected to have; 0 when nobody knows. */
async function prepareDemo(
  api: GraphqlClient,
  dataFolder: string,
  records: number,
  vendors: DemoVendors,
): Promise<number> {
  const warehouse = join(demoFolder(dataFolder), 'warehouse.duckdb')
  await mkdir(demoFolder(dataFolder), { recursive: true, mode: 0o700 })
  const isMade = (await ensureWarehouse(warehouse, records)) === 'made'
  if (isMade) say(`Demo: a warehouse of ${records} invented customers was made`)
  else say('Demo: the warehouse of an earlier start is used; SLUICE_DEMO_RECORDS counts for a new one only')
  const result = await patiently(() => setUpDemo(api, warehouse, vendors))
  if (result === 'published') say('Demo: set up and published over GraphQL, as any frontend would')
  return isMade ? Math.round(records * demoShare * demoActions) : 0
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

/** The composition root of the role `worker`: runs deliveries. Scale it by starting more. */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { DefaultLogger, Runtime } from '@temporalio/worker'
import { createDatabase } from './database.ts'
import { readEnv } from './env.ts'
import { explain } from './explain.ts'
import { createLogger } from './logger.ts'
import { onStop } from './on-stop.ts'
import { prepareExternal } from './prepare-external.ts'
import { loadRegistry } from './registry/load-registry.ts'
import { requireExternal } from './require-external.ts'
import { runWorker } from './run-worker.ts'
import { loadSecretKey } from './secret-key.ts'
import { resolveSourceDirs } from './source-dirs.ts'

const help = `Usage: npm run worker -- [--supervised]

Runs deliveries. Needs DATABASE_URL and TEMPORAL_ADDRESS; "npm start" brings its own.
  --supervised   end when standard input closes
  --help         this text
`
const maxConnections = 20

async function main(isSupervised: boolean): Promise<void> {
  const env = readEnv()
  const log = createLogger({ level: env.logLevel })
  // Temporal's own log carries failure messages and stacks in its metadata: only its texts are kept.
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message }) => log.info({ temporal: level }, message)),
    shutdownSignals: [],
  })
  const { databaseUrl, temporalAddress } = requireExternal(env, 'worker')
  const temporal = { address: temporalAddress, namespace: env.temporalNamespace }
  await prepareExternal({ databaseUrl, temporal, report: (line) => process.stderr.write(`${line}\n`) })
  const database = createDatabase({ url: databaseUrl, maxConnections })
  const worker = await runWorker({
    db: database.db,
    temporal,
    masterKey: await loadSecretKey({ ...env, dataFolder: env.dataDir, mayCreate: false }),
    registry: await loadRegistry(),
    sourceDirs: await resolveSourceDirs(env),
    allowPrivateHosts: env.allowPrivateHosts,
    log,
  })
  onStop(() => void worker.shutdown(), isSupervised)
  process.stdout.write(`${JSON.stringify({ role: 'worker', pid: process.pid })}\n`)
  await worker.ended
  await database.close()
}

try {
  const { values } = parseArgs({ options: { supervised: { type: 'boolean' }, help: { type: 'boolean' } } })
  if (values.help === true) process.stdout.write(help)
  else await main(values.supervised === true)
  process.exit(0)
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
}

/** The composition root of the role `server`: answers the API. Scale it by starting more. */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { ensureOwnerToken, hasOwnerToken } from './access/service.ts'
import { createDatabase } from './database.ts'
import { readEnv } from './env.ts'
import { explain } from './explain.ts'
import { createLogger } from './logger.ts'
import { onStop } from './on-stop.ts'
import { prepareExternal } from './prepare-external.ts'
import { loadRegistry } from './registry/load-registry.ts'
import { requireExternal } from './require-external.ts'
import { runServer } from './run-server.ts'
import { loadSecretKey } from './secret-key.ts'
import { resolveSourceDirs } from './source-dirs.ts'

const help = `Usage: npm run server -- [--json] [--supervised]

Answers the GraphQL API. Needs DATABASE_URL and TEMPORAL_ADDRESS; "npm start" brings its own.
  --json         write {"url":…} to stdout when ready
  --supervised   end when standard input closes
  --help         this text
`
const shutdownMs = 5_000
const maxConnections = 20

async function main(isJson: boolean, isSupervised: boolean): Promise<void> {
  const env = readEnv()
  const { databaseUrl, temporalAddress } = requireExternal(env, 'server')
  const log = createLogger({ level: env.logLevel })
  const masterKey = await loadSecretKey({ ...env, dataFolder: env.dataDir, mayCreate: false })
  const temporal = { address: temporalAddress, namespace: env.temporalNamespace }
  await prepareExternal({ databaseUrl, temporal, report: (line) => process.stderr.write(`${line}\n`) })
  const { db, close } = createDatabase({ url: databaseUrl, maxConnections })
  const registry = await loadRegistry()
  for (const plugin of registry.unavailable()) log.warn({ plugin }, 'A plugin cannot be used')
  if (!(await hasOwnerToken(db))) {
    const { path } = await ensureOwnerToken({ db, dataFolder: env.dataDir })
    process.stderr.write(`A token for the API was made. It stands in ${path}\n`)
  }

  const server = await runServer({
    db,
    databaseUrl,
    temporal,
    masterKey,
    registry,
    sourceDirs: await resolveSourceDirs(env),
    allowPrivateHosts: env.allowPrivateHosts,
    host: env.host,
    port: env.port ?? 0,
    ...(env.url !== undefined && { url: env.url }),
    ...(env.oidc !== undefined && { oidc: env.oidc }),
    trustedProxies: env.trustedProxies,
    ...(env.persistedOperations !== undefined && { persistedOperations: env.persistedOperations }),
    onlyPersistedOperations: env.onlyPersistedOperations,
    log,
  })
  const graphql = `${server.url}/graphql`
  process.stdout.write(isJson ? `${JSON.stringify({ url: server.url, graphql })}\n` : `GraphQL: ${graphql}\n`)

  const stop = async () => {
    setTimeout(() => process.exit(1), shutdownMs).unref()
    await server.close()
    await close()
    process.exit(0)
  }
  onStop(() => void stop(), isSupervised)
}

try {
  const { values } = parseArgs({
    options: { json: { type: 'boolean' }, supervised: { type: 'boolean' }, help: { type: 'boolean' } },
  })
  if (values.help === true) process.stdout.write(help)
  else await main(values.json === true, values.supervised === true)
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
}

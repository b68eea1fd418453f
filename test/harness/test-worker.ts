// A worker with the connectors of the tests, as a program of its own that a test may kill. Its last argument: options.
import process from 'node:process'
import { DefaultLogger, Runtime } from '@temporalio/worker'
import { createDatabase } from '../../server/database.ts'
import { createLogger } from '../../server/logger.ts'
import { onStop } from '../../server/on-stop.ts'
import { runWorker } from '../../server/run-worker.ts'
import { testPlugins } from './test-plugins.ts'

export interface TestWorkerOptions {
  readonly databaseUrl: string
  readonly temporal: { readonly address: string; readonly namespace: string }
  /** Base64. */
  readonly masterKey: string
  readonly sourceDir: string
}

const options: TestWorkerOptions = JSON.parse(process.argv.at(-1) ?? '')
Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] })
await runWorker({
  db: createDatabase({ url: options.databaseUrl, maxConnections: 10 }).db,
  temporal: options.temporal,
  masterKey: Buffer.from(options.masterKey, 'base64'),
  registry: testPlugins,
  sourceDirs: [options.sourceDir],
  allowPrivateHosts: ['127.0.0.1'],
  log: createLogger({ level: 'error' }),
})
onStop(() => process.exit(0), true)
process.stdout.write('{}\n')

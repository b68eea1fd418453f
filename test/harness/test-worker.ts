/** A worker with the connectors of the tests, to be run in a process that a test may kill. */
import { DefaultLogger, Runtime } from '@temporalio/worker'
import { createDatabase } from '../../server/database.ts'
import { createLogger } from '../../server/logger.ts'
import { runWorker } from '../../server/run-worker.ts'
import { testPlugins } from './test-plugins.ts'

export interface TestWorkerOptions {
  readonly databaseUrl: string
  readonly temporal: { readonly address: string; readonly namespace: string }
  /** Base64. */
  readonly masterKey: string
  readonly sourceDir: string
}

export async function runTestWorker(options: TestWorkerOptions): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] })
  const { databaseUrl, masterKey, sourceDir, temporal } = options
  await runWorker({
    db: createDatabase({ url: databaseUrl, maxConnections: 10 }).db,
    temporal,
    masterKey: Buffer.from(masterKey, 'base64'),
    registry: testPlugins,
    sourceDirs: [sourceDir],
    allowPrivateHosts: ['127.0.0.1'],
    log: createLogger({ level: 'error' }),
  })
}

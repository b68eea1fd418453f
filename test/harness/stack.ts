/** Everything that delivers, for real: database, Temporal, server and worker. Only the vendor is a simulator. */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DefaultLogger, Runtime } from '@temporalio/worker'
import { inject } from 'vitest'
import { ensureOwnerToken } from '../../server/access/service.ts'
import { createDatabase } from '../../server/database.ts'
import { prepareNamespace } from '../../server/embedded/temporal-namespace.ts'
import { createLogger } from '../../server/logger.ts'
import type { Registry } from '../../server/registry/registry.ts'
import { runServer } from '../../server/run-server.ts'
import { type RunningWorker, runWorker } from '../../server/run-worker.ts'
import { createApiClient } from './api-client.ts'
import { createTestDatabase } from './database.ts'
import { realPlugins } from './real-plugins.ts'
import { type RoleProcess, startRoleProcess } from './role-process.ts'
import type { SceneHost } from './scene.ts'
import type { TestWorkerOptions } from './test-worker.ts'

export interface StackOptions {
  /** Default: in this process. */
  readonly worker?: 'in-process' | 'none'
  /** Default: the plugins of Sluice. */
  readonly registry?: Registry
}

export interface Stack extends SceneHost {
  /** Of the server, which runs in this process. */
  readonly url: string
  readonly token: string
  readonly temporal: { readonly address: string; readonly namespace: string }
  /** A worker as a process of its own; it is ended with the stack. */
  startWorker(): Promise<RoleProcess>
  /** The same with the connectors of the tests. */
  startTestWorker(): Promise<RoleProcess>
  /** Has something closed with the stack, before it. */
  onClose(close: () => Promise<unknown>): void
  /** Fails when something happened in this process that nobody expected. */
  close(): Promise<void>
}

const maxConnections = 15
/** Where the simulators are. */
const allowPrivateHosts = ['127.0.0.1']

export async function startStack({
  worker = 'in-process',
  registry = realPlugins,
}: StackOptions = {}): Promise<Stack> {
  // Workflow ids and the task queue are fixed: a namespace keeps stacks apart that run at the same time.
  const temporal = { address: inject('temporal').address, namespace: `stack-${randomUUID()}` }
  const [testDatabase] = await Promise.all([
    createTestDatabase(),
    prepareNamespace(temporal.address, temporal.namespace),
  ])
  const home = await realpath(await mkdtemp(join(inject('suiteFolder'), 'stack-')))
  const folder = join(home, 'sources')
  await mkdir(folder)
  const database = createDatabase({ url: testDatabase.url, maxConnections })
  const { db } = database
  const log: string[] = []
  const masterKey = randomBytes(32)
  const parts = {
    db,
    temporal,
    masterKey,
    registry,
    sourceDirs: [folder],
    allowPrivateHosts,
    log: createLogger({ level: 'info', destination: { write: (line) => log.push(line) } }),
  }
  const { token } = await ensureOwnerToken({ db, dataFolder: home })
  const server = await runServer({ ...parts, databaseUrl: testDatabase.url, host: '127.0.0.1', port: 0 })
  const inProcess = worker === 'in-process' ? await runQuietWorker(parts) : undefined
  const closings: (() => Promise<unknown>)[] = []

  return {
    db,
    url: server.url,
    token,
    temporal,
    folder,
    ...createApiClient({ url: server.url, token }),
    async startWorker() {
      const process = await startRoleProcess({
        role: 'worker',
        env: {
          DATABASE_URL: testDatabase.url,
          TEMPORAL_ADDRESS: temporal.address,
          TEMPORAL_NAMESPACE: temporal.namespace,
          SLUICE_SECRET_KEY: masterKey.toString('base64'),
          SLUICE_SOURCE_DIRS: folder,
          SLUICE_ALLOW_PRIVATE_HOSTS: allowPrivateHosts.join(','),
          SLUICE_DATA_DIR: home,
        },
      })
      closings.push(process.stop)
      return process
    },
    async startTestWorker() {
      const options: TestWorkerOptions = {
        ...{ databaseUrl: testDatabase.url, temporal, sourceDir: folder },
        masterKey: masterKey.toString('base64'),
      }
      const process = await startRoleProcess({
        role: 'worker',
        program: 'test/harness/test-worker.ts',
        args: [JSON.stringify(options)],
        env: {},
      })
      closings.push(process.stop)
      return process
    },
    onClose: (close) => {
      closings.push(close)
    },
    async close() {
      await inProcess?.shutdown()
      for (const close of closings.reverse()) await close()
      await server.close()
      await database.close()
      await testDatabase.drop()
      await rm(home, { recursive: true })
      const unexpected = log.filter((line) => /"level":"(error|fatal)"/.test(line))
      if (unexpected.length > 0) throw new Error(`Nobody expected this:\n${unexpected.join('')}`)
    },
  }
}

/** Temporal's own log would stand between the results of the tests. One worker a process. */
function runQuietWorker(parts: Parameters<typeof runWorker>[0]): Promise<RunningWorker> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] })
  return runWorker(parts)
}

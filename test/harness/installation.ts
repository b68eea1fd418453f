/** An installation of its own, as `npm start` makes one: data folder, PostgreSQL, Temporal, and the roles as processes. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inject } from 'vitest'
import { createDatabase } from '../../server/database.ts'
import { migrate } from '../../server/embedded/migrate.ts'
import { startPostgres } from '../../server/embedded/postgres.ts'
import { startTemporal } from '../../server/embedded/temporal.ts'
import { readEnv } from '../../server/env.ts'
import { loadSecretKey } from '../../server/secret-key.ts'
import { createApiClient } from './api-client.ts'
import { createPassingFolder } from './passing-folder.ts'
import { startRoleProcess } from './role-process.ts'
import type { SceneHost } from './scene.ts'

export interface InstallationOptions {
  /** File sources may read here. */
  readonly folder: string
  /** Where the roles run and keep their temporary files. */
  readonly workingFolder: string
}

export interface Installation extends SceneHost {
  readonly dataFolder: string
  readonly databaseUrl: string
  readonly temporal: { readonly address: string; readonly namespace: string }
  /** The text of an export, asked for as the owner. */
  exported(pathAndQuery: string): Promise<string>
  /** All that server and worker have written. */
  output(): string
  /** Ends the roles; PostgreSQL and Temporal stay. */
  stopRoles(): Promise<void>
  /** Ends everything and removes the data folder. */
  remove(): Promise<void>
}

const namespace = 'sluice'

export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const dataFolder = await createPassingFolder({
    prefix: 'installation-',
    within: inject('suiteFolder'),
  })
  const closings: (() => Promise<unknown>)[] = [dataFolder.remove]
  async function remove(): Promise<void> {
    while (closings.length > 0) await closings.pop()?.()
  }
  try {
    return await start(options, dataFolder.path, closings, remove)
  } catch (error) {
    await remove()
    throw error
  }
}

async function start(
  { folder, workingFolder }: InstallationOptions,
  dataFolder: string,
  closings: (() => Promise<unknown>)[],
  remove: () => Promise<void>,
): Promise<Installation> {
  const report = () => undefined
  const postgres = await startPostgres({ dataFolder, report })
  closings.push(postgres.stop)
  const { cacheDir } = readEnv()
  const temporal = await startTemporal({ dataFolder, cacheDir, namespace, ui: false, report })
  closings.push(temporal.stop)
  await migrate(postgres.url)
  await loadSecretKey({ dataFolder, mayCreate: true })
  const database = createDatabase({ url: postgres.url, maxConnections: 3 })
  closings.push(database.close)

  const env = {
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: namespace,
    SLUICE_DATA_DIR: dataFolder,
    SLUICE_SOURCE_DIRS: folder,
    SLUICE_ALLOW_PRIVATE_HOSTS: '127.0.0.1',
    LOG_LEVEL: 'debug',
    TMPDIR: workingFolder,
  }
  const server = await startRoleProcess({ role: 'main', args: ['--json'], workingFolder, env })
  closings.push(server.stop)
  const worker = await startRoleProcess({ role: 'worker', workingFolder, env })
  closings.push(worker.stop)

  const token = (await readFile(join(dataFolder, 'token'), 'utf8')).trim()
  const url = String(server.ready['url'])
  return {
    ...createApiClient({ url, token }),
    async exported(pathAndQuery) {
      const response = await fetch(`${url}/exports/${pathAndQuery}`, {
        headers: { authorization: `Bearer ${token}` },
      })
      if (!response.ok) throw new Error(`${pathAndQuery}: ${await response.text()}`)
      return response.text()
    },
    db: database.db,
    folder,
    dataFolder,
    databaseUrl: postgres.url,
    temporal: { address: temporal.address, namespace },
    output: () => server.output() + worker.output(),
    async stopRoles() {
      await Promise.all([server.stop(), worker.stop()])
    },
    remove,
  }
}

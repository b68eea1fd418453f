// Starts the suite's own PostgreSQL and Temporal in a passing folder, once, and hands their addresses to the tests.
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../server/embedded/migrate.ts'
import { startPostgres } from '../../server/embedded/postgres.ts'
import { startTemporal } from '../../server/embedded/temporal.ts'
import { readEnv } from '../../server/env.ts'
import { cleanUpAfter } from './clean-up-after.ts'
import { createPassingFolder } from './passing-folder.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** For what a test keeps on disk; goes with the suite. */
    readonly suiteFolder: string
    /** `template` is a migrated database that nobody may connect to: it is copied. */
    readonly postgres: { readonly adminUrl: string; readonly template: string }
    /** Shared by all files: use ids and task queues of your own. */
    readonly temporal: { readonly address: string; readonly namespace: string }
  }
}

const namespace = 'sluice-test'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await createPassingFolder({ prefix: 'sluice-suite-' })
  // A run that is interrupted or killed has no time to stop its servers.
  cleanUpAfter(folder.path)
  // Getting a Temporal server may take minutes the first time: that is said, the rest is not worth a line.
  const report = (line: string) => {
    if (/^Temporal: (down|build|still)/.test(line)) project.vitest.logger.log(line)
  }
  const started: { stop(): Promise<void> }[] = []
  const teardown = async () => {
    await Promise.all(started.map((part) => part.stop()))
    await folder.remove()
  }
  try {
    const postgres = await startPostgres({ dataFolder: folder.path, report })
    started.push(postgres)
    const { cacheDir } = readEnv()
    const temporal = await startTemporal({ dataFolder: folder.path, cacheDir, namespace, ui: false, report })
    started.push(temporal)
    await migrate(postgres.url)
    const adminUrl = new URL(postgres.url)
    const template = adminUrl.pathname.slice(1)
    adminUrl.pathname = 'postgres'
    await doNotWaitForDisk(adminUrl.href)
    project.provide('suiteFolder', folder.path)
    project.provide('postgres', { adminUrl: adminUrl.href, template })
    project.provide('temporal', { address: temporal.address, namespace })
    return teardown
  } catch (error) {
    await teardown()
    throw error
  }
}

/** Nothing of this server outlives the suite, and whoever tries what a crash leaves has one of their own. */
async function doNotWaitForDisk(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    for (const setting of ['fsync', 'full_page_writes'])
      await client.query(`alter system set ${setting} = off`)
    await client.query('select pg_reload_conf()')
  } finally {
    await client.end()
  }
}

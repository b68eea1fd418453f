/** PostgreSQL and Temporal of one start: had, kept running, and ended with it. */
import { join } from 'node:path'
import { migrate } from '../embedded/migrate.ts'
import { type RunningPostgres, startPostgres } from '../embedded/postgres.ts'
import { type RunningTemporal, startTemporal } from '../embedded/temporal.ts'
import type { Env } from '../env.ts'
import { type Kept, keepRunning } from './keep-running.ts'
import type { StopList } from './stop-list.ts'

interface Options {
  readonly env: Env
  readonly dataFolder: string
  readonly stops: StopList
  say(line: string): void
  onGiveUp(error: unknown): void
}

export interface Infrastructure {
  readonly postgres: Kept<RunningPostgres>
  readonly temporal: Kept<RunningTemporal>
}

/** Where one is started again there is nothing to tell of it but that. */
const silently = () => undefined

export async function startInfrastructure({
  env,
  dataFolder,
  stops,
  say,
  onGiveUp,
}: Options): Promise<Infrastructure> {
  const { cacheDir, databaseUrl, temporalAddress: address, temporalNamespace: namespace } = env
  const postgres = await keepRunning<RunningPostgres>({
    name: 'PostgreSQL',
    log: join(dataFolder, 'postgres.log'),
    start: (last) =>
      startPostgres({
        dataFolder,
        databaseUrl,
        port: last && Number(new URL(last.url).port),
        report: last ? silently : say,
      }),
    say,
    onGiveUp,
  })
  stops.add('PostgreSQL', postgres.stop)
  const { url } = await postgres.running()
  await migrate(url, say)
  const temporal = await keepRunning<RunningTemporal>({
    name: 'Temporal',
    log: join(dataFolder, 'temporal', 'server.log'),
    start: (last) =>
      startTemporal({
        dataFolder,
        cacheDir,
        address,
        namespace,
        ui: true,
        ports: last?.ports,
        report: last ? silently : say,
      }),
    say,
    onGiveUp,
  })
  stops.add('Temporal', temporal.stop)
  return { postgres, temporal }
}

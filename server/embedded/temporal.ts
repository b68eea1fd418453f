// Has a Temporal server: the given one, else an embedded one whose file and process outlive our crashes.
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { endProcess } from './end-process.ts'
import { pidOf } from './process-identity.ts'
import { prepareNamespace } from './temporal-namespace.ts'
import { findTemporalProgram } from './temporal-program.ts'
import { adoptLeftOver, startServer, type TemporalPorts } from './temporal-server.ts'
import { neverEnds, whenEnded } from './when-ended.ts'

export interface StartTemporalOptions {
  /** A folder that the caller has locked. */
  readonly dataFolder: string
  /** Where a program is kept that is neither installed nor given. */
  readonly cacheDir: string
  readonly address?: string | undefined
  readonly namespace: string
  /** Whether the embedded server shows its web interface. */
  readonly ui: boolean
  /** For one that takes the place of another: those who use it know its addresses. Default: any free ports. */
  readonly ports?: TemporalPorts | undefined
  /** Gets one line for a person: what was taken, and why; more while a program is fetched. */
  readonly report: (line: string) => void
}

export interface RunningTemporal {
  readonly address: string
  readonly uiUrl?: string
  readonly how: 'given' | 'embedded' | 'adopted'
  /** Of an embedded one. */
  readonly ports?: TemporalPorts
  /** Resolves once it is gone, however it went; never for a given one. */
  readonly ended: Promise<void>
  /** Ends what is embedded; a given one is left alone. */
  stop(): Promise<void>
}

const stopSteps = [
  { signal: 'SIGINT', waitMs: 4_000 },
  { signal: 'SIGKILL', waitMs: 1_000 },
] as const

export async function startTemporal(options: StartTemporalOptions): Promise<RunningTemporal> {
  const { address, namespace, ui, report } = options
  if (address !== undefined) {
    await prepareNamespace(address, namespace)
    report(`Temporal: the one at ${address}, because TEMPORAL_ADDRESS names it, namespace ${namespace}`)
    return { address, how: 'given', ended: neverEnds(), stop: async () => undefined }
  }
  const folder = join(await realpath(options.dataFolder), 'temporal')
  const databaseFile = join(folder, 'temporal.db')
  const leftOver = await adoptLeftOver({ databaseFile, namespace, ui })
  if (leftOver !== undefined) {
    report(
      `Temporal: 127.0.0.1:${leftOver.port}, left running by an earlier start (process ${pidOf(leftOver.identity)})`,
    )
    return running(leftOver, 'adopted')
  }
  const { command, origin } = await findTemporalProgram({ cacheDir: options.cacheDir, report })
  const server = await startServer({
    command,
    databaseFile,
    logFile: join(folder, 'server.log'),
    namespace,
    ui,
    ports: options.ports,
  })
  report(
    `Temporal: 127.0.0.1:${server.port}, embedded, because TEMPORAL_ADDRESS is not set; program ${origin}`,
  )
  return running(server, 'embedded')
}

function running(
  { identity, port, uiPort }: Awaited<ReturnType<typeof startServer>>,
  how: 'embedded' | 'adopted',
): RunningTemporal {
  return {
    address: `127.0.0.1:${port}`,
    ...(uiPort !== undefined && { uiUrl: `http://127.0.0.1:${uiPort}` }),
    how,
    ports: { port, uiPort },
    get ended() {
      return whenEnded(identity)
    },
    async stop() {
      await endProcess(identity, stopSteps)
    },
  }
}

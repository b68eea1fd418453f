/** The program behind `npm start` as a process in a data folder: what it says, what it runs, and how it ends. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { findProcesses } from '../../server/embedded/running-processes.ts'
import { childEnvironment } from '../../server/env.ts'
import { type ApiClient, createApiClient } from '../harness/api-client.ts'
import { until } from '../harness/until.ts'

export interface StartOptions {
  readonly dataFolder: string
  readonly args?: readonly string[]
  /** File sources may read here. */
  readonly sources?: string
}

export interface StartProgram {
  readonly pid: number
  /** All it has said so far. */
  output(): string
  /** Waits until it has said something, and returns what the pattern's group holds. */
  said(pattern: RegExp): Promise<string>
  /** The API of its server, as the owner. */
  api(): Promise<ApiClient>
  /** Ends it alone, as a crash does. */
  kill(): Promise<void>
  /** As Ctrl-C does; resolves with its exit code. */
  interrupt(): Promise<number | null>
  /** Resolves with its exit code once it has ended. */
  readonly exit: Promise<number | null>
}

const parts = ['worker', 'server', 'simulator', 'receiver', 'Temporal', 'PostgreSQL'] as const
export type PartName = (typeof parts)[number]

/** A start takes some ten seconds, on a busy machine a multiple of that. */
const patientMs = 180_000

const checkout = fileURLToPath(new URL('../..', import.meta.url))
const { scripts } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as {
  readonly scripts: { readonly start: string }
}
/** Of the demo, which is only in the way here. */
const fewest = '100'

export function startProgram({ dataFolder, args = [], sources = dataFolder }: StartOptions): StartProgram {
  const [, ...script] = scripts.start.split(' ')
  // The title is for whoever has to clear up after a test run that was killed.
  const child = spawn(process.execPath, [`--title=sluice start in ${dataFolder}/`, ...script, ...args], {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnvironment({
      SLUICE_DATA_DIR: dataFolder,
      SLUICE_DEMO_RECORDS: fewest,
      SLUICE_SOURCE_DIRS: sources,
      SLUICE_ALLOW_PRIVATE_HOSTS: '127.0.0.1',
      SLUICE_SECRET_KEY: undefined,
      DATABASE_URL: undefined,
      TEMPORAL_ADDRESS: undefined,
      PORT: undefined,
    }),
  })
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  }
  const output = () => Buffer.concat(chunks).toString('utf8')
  // Its children hold the other ends of its streams: 'close' may come much later.
  const exit = once(child, 'exit').then(([code]) => code as number | null)
  async function said(pattern: RegExp): Promise<string> {
    let isOver = false
    void exit.then(() => {
      isOver = true
    })
    const found = await until(
      `it says ${pattern}`,
      () => pattern.exec(output()) ?? (isOver || undefined),
      patientMs,
    )
    if (found === true) throw new Error(`It never said ${pattern}, but:\n${output()}`)
    return found[1] ?? found[0]
  }
  const { pid } = child
  if (pid === undefined) throw new Error('The program could not be started.')
  return {
    pid,
    output,
    said,
    exit,
    async api() {
      const url = await said(/^GraphiQL: (http:\/\/[^/]+)\/graphql/m)
      const token = (await readFile(join(dataFolder, 'token'), 'utf8')).trim()
      return createApiClient({ url, token })
    },
    async kill() {
      child.kill('SIGKILL')
      await exit
    },
    async interrupt() {
      child.kill('SIGINT')
      return exit
    },
  }
}

/** The processes that a start runs beside itself, in a data folder, by part; of PostgreSQL the first one. */
export function partsIn(dataFolder: string): ReadonlyMap<PartName, readonly number[]> {
  const marks: Readonly<Record<PartName, (command: string) => boolean>> = {
    worker: (command) => command.startsWith('sluice worker'),
    server: (command) => command.startsWith('sluice server'),
    simulator: (command) => command.startsWith('sluice simulator'),
    receiver: (command) => command.startsWith('sluice receiver'),
    Temporal: (command) => command.includes(' --db-filename '),
    PostgreSQL: (command) => command.includes('/postgres -D '),
  }
  const processes = findProcesses(`${dataFolder}/`)
  const of = (name: PartName) => processes.filter(({ command }) => marks[name](command)).map(({ pid }) => pid)
  return new Map(parts.map((name) => [name, of(name)] as const).filter(([, pids]) => pids.length > 0))
}

export function signalParts(
  dataFolder: string,
  signal: NodeJS.Signals,
  names: readonly PartName[] = parts,
): void {
  const running = partsIn(dataFolder)
  for (const pid of names.flatMap((name) => running.get(name) ?? [])) process.kill(pid, signal)
}

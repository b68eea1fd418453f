// Starts a Temporal server on its file as a process of its own and waits until it knows our namespace.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedError } from './embedded-error.ts'
import { endProcess } from './end-process.ts'
import { findFreePort } from './free-port.ts'
import { isListening } from './is-listening.ts'
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts'
import { findProcesses } from './running-processes.ts'
import { keepFile, prepareFile } from './temporal-file.ts'
import { askNamespace, searchAttribute } from './temporal-namespace.ts'

export interface TemporalServer {
  readonly identity: ProcessIdentity
  readonly port: number
  /** Undefined when it was started without a web interface. */
  readonly uiPort: number | undefined
}

export interface TemporalServerOptions {
  readonly command: string
  readonly databaseFile: string
  readonly logFile: string
  readonly namespace: string
  readonly ui: boolean
  /** Default: any free ones. */
  readonly ports: TemporalPorts | undefined
}

export interface TemporalPorts {
  readonly port: number
  readonly uiPort: number | undefined
}

const attempts = 4
const readyWithinMs = 60_000
const pollMs = 25

/** Several attempts: a port may be taken meanwhile, or not yet free again. */
export async function startServer(options: TemporalServerOptions): Promise<TemporalServer> {
  await prepareFile(options.databaseFile)
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = options.ports?.port ?? (await findFreePort())
    const uiPort = options.ui ? (options.ports?.uiPort ?? (await findFreePort())) : undefined
    const identity = await spawnServer(options, port, uiPort)
    if (identity !== undefined && (await isReady(identity, port, options.namespace))) {
      await keepFile(options.databaseFile)
      return { identity, port, uiPort }
    }
    await sleep(100 * 2 ** attempt)
  }
  throw new EmbeddedError(
    'temporal_failed',
    `The Temporal server (${options.command}) does not start on ${options.databaseFile}. Its log is ${options.logFile}. An old program may be the reason: version 1.1 or later is needed.`,
  )
}

/** One that an earlier start left running on the file and that does what we need; another one is ended. */
export async function adoptLeftOver(
  options: Pick<TemporalServerOptions, 'databaseFile' | 'namespace' | 'ui'>,
): Promise<TemporalServer | undefined> {
  let adopted: TemporalServer | undefined
  for (const { pid, command } of findProcesses(fileArguments(options.databaseFile).join(' '))) {
    const identity = identifyProcess(pid)
    if (identity === undefined) continue
    const server = { identity, port: portIn(command, '--port') ?? 0, uiPort: portIn(command, '--ui-port') }
    const isFit = adopted === undefined && (!options.ui || server.uiPort !== undefined)
    const answer = isFit ? await askNamespace(`127.0.0.1:${server.port}`, options.namespace) : 'unreachable'
    if (answer === 'known') adopted = server
    else await end(identity, options.databaseFile)
  }
  if (adopted !== undefined) await keepFile(options.databaseFile)
  return adopted
}

async function end(identity: ProcessIdentity, databaseFile: string): Promise<void> {
  const isEnded = await endProcess(identity, [
    { signal: 'SIGINT', waitMs: 10_000 },
    { signal: 'SIGKILL', waitMs: 2_000 },
  ])
  if (isEnded) return
  throw new EmbeddedError(
    'temporal_failed',
    `A Temporal server of an earlier start (process ${identity}) still runs on ${databaseFile} and does not end. End it and start again.`,
  )
}

async function spawnServer(
  options: TemporalServerOptions,
  port: number,
  uiPort: number | undefined,
): Promise<ProcessIdentity | undefined> {
  const { command, databaseFile, logFile, namespace } = options
  const log = await open(logFile, 'a', 0o600)
  try {
    const child = spawn(
      command,
      [
        ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port)],
        ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
        ...fileArguments(databaseFile),
        ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
        ...['--namespace', namespace, '--search-attribute', `${searchAttribute}=Keyword`],
        ...['--log-level', 'error', '--color', 'never'],
      ],
      {
        cwd: dirname(databaseFile),
        // No settings of the user's own CLI, from variables or from files below the home folder.
        // And no reports of its version, machine and id to its makers.
        env: { HOME: dirname(databaseFile), TEMPORAL_VERSION_CHECK_DISABLED: 'true' },
        // A session of its own: Ctrl-C must not stop it before the workers have drained.
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
      },
    )
    await once(child, 'spawn')
    child.unref()
    return child.pid === undefined ? undefined : identifyProcess(child.pid)
  } finally {
    await log.close()
  }
}

/** How the process is recognised later: by the file in its command line. */
function fileArguments(databaseFile: string): string[] {
  return ['--db-filename', databaseFile]
}

function portIn(command: string, flag: '--port' | '--ui-port'): number | undefined {
  const port = new RegExp(`(?<=\\s)${flag} (\\d+)`).exec(command)?.[1]
  return port === undefined ? undefined : Number(port)
}

/** False when the process ended before it answered. */
async function isReady(identity: ProcessIdentity, port: number, namespace: string): Promise<boolean> {
  const deadline = performance.now() + readyWithinMs
  while (isRunning(identity)) {
    if ((await isListening(port)) && (await askNamespace(`127.0.0.1:${port}`, namespace)) === 'known')
      return true
    if (performance.now() >= deadline) {
      await endProcess(identity, [{ signal: 'SIGKILL', waitMs: 2_000 }])
      return false
    }
    await sleep(pollMs)
  }
  return false
}

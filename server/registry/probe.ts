/** Tries plugins in a process of their own, and tells which of them cannot be imported and why. */
import { fork } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { ProbeMessage } from './probe-process.ts'

export interface ProbeOptions {
  /** URL of the module whose `load(packageName)` imports a package: where it stands decides which is found. */
  readonly loader: string
  /** How long one package may take. */
  readonly timeoutMs: number
  /** Options of Node for the process. Default: this process's own, so that sources load the same way. */
  readonly nodeOptions?: readonly string[]
}

export interface ProbeFailure {
  readonly code: 'plugin_import_failed' | 'plugin_import_timed_out' | 'plugin_import_crashed'
  readonly reason: string
}

const startTimeoutMs = 60_000

/** The packages that failed. Each process ends at the first that takes it down; the rest get another one. */
export async function probePlugins(
  packageNames: readonly string[],
  options: ProbeOptions,
): Promise<ReadonlyMap<string, ProbeFailure>> {
  const failures = new Map<string, ProbeFailure>()
  let rest = packageNames
  while (rest.length > 0) rest = await probeInOneProcess(rest, options, failures)
  return failures
}

/** Returns the packages that are still to be tried. */
function probeInOneProcess(
  packageNames: readonly string[],
  { loader, timeoutMs, nodeOptions = process.execArgv }: ProbeOptions,
  failures: Map<string, ProbeFailure>,
): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const child = fork(
      fileURLToPath(new URL('./probe-process.ts', import.meta.url)),
      [loader, ...packageNames],
      {
        execArgv: [...nodeOptions],
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      },
    )
    let current: string | undefined
    let isTimedOut = false
    let isFinished = false
    const stop = () => {
      isTimedOut = true
      child.kill('SIGKILL')
    }
    // Starting the process itself is no plugin's fault.
    let timer = setTimeout(stop, startTimeoutMs)
    child.on('message', (message: ProbeMessage) => {
      clearTimeout(timer)
      timer = setTimeout(stop, timeoutMs)
      if (message.kind === 'starting') current = message.packageName
      if (message.kind === 'finished') isFinished = true
      if (message.kind === 'failed') {
        const reason = `Importing it fails: ${message.failure}. Install a version that works with this Node.`
        failures.set(message.packageName, { code: 'plugin_import_failed', reason })
      }
    })
    child.on('error', reject)
    child.on('exit', () => {
      clearTimeout(timer)
      if (isFinished) return resolve([])
      if (current === undefined) return reject(new ProbeBrokenError())
      failures.set(current, isTimedOut ? timedOut(timeoutMs) : crashed)
      resolve(packageNames.slice(packageNames.indexOf(current) + 1))
    })
  })
}

/** The probing process ended before it came to any plugin: something is wrong with the installation. */
export class ProbeBrokenError extends Error {
  override readonly name = 'ProbeBrokenError'
  readonly code = 'probe_broken'
  constructor() {
    super('The process that tries plugins does not start. Run npm ci and try again.')
  }
}

function timedOut(timeoutMs: number): ProbeFailure {
  return {
    code: 'plugin_import_timed_out',
    reason: `Importing it did not end within ${timeoutMs / 1000} s. A plugin must do nothing when it is imported.`,
  }
}

const crashed: ProbeFailure = {
  code: 'plugin_import_crashed',
  reason: 'Importing it ends the process. A plugin must do nothing when it is imported.',
}

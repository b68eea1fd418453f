/** Starts the roles as processes of their own and ends them in order. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { childEnvironment } from '../env.ts'

export interface Role {
  /** What it printed when it was ready. */
  readonly ready: Readonly<Record<string, unknown>>
  /** Resolves when it ends by itself, which it should not. */
  readonly ended: Promise<void>
  /** Asks it to finish what it does; ends it after the deadline. */
  stop(): Promise<void>
}

export interface RoleOptions {
  readonly name: string
  /** Path of the program, from the checkout's folder. */
  readonly program: string
  readonly args?: readonly string[]
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[]
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Folder of its log. */
  readonly logs: string
  readonly stopWithinMs?: number
}

/** A role that ended before it was ready, or that ends again and again. */
export class RoleFailedError extends Error {
  override readonly name = 'RoleFailedError'
  readonly code = 'role_failed'
}

const checkout = fileURLToPath(new URL('../..', import.meta.url))

/** V8's threads for collecting and compiling: with more than there are cores they take turns with the main one. */
const mostHelpers = 4
const helpers = Math.max(1, Math.min(mostHelpers, availableParallelism() - 1))

/**
 * Records live for some milliseconds: a larger nursery saves copying them, a fifth of a worker's time. What gets out of
 * it all the same is collected soon: left to itself V8 lets a worker grow by hundreds of megabytes first.
 */
export const workerNodeOptions: readonly string[] = [
  '--min-semi-space-size=128',
  '--max-semi-space-size=128',
  '--initial-old-space-size=192',
  '--heap-growing-percent=60',
  `--v8-pool-size=${helpers}`,
]

/** A request about a large workspace makes much that is gone with its answer: less of it is copied so. */
export const serverNodeOptions: readonly string[] = ['--max-semi-space-size=64']

export function logOf(name: string, logs: string): string {
  return join(logs, `${name}.log`)
}

/** Shown by `ps` instead of a command line: people, and the next start, see by it whose it is. */
export function titleOf(name: string, logs: string): string {
  return `sluice ${name}, log in ${logOf(name, logs)}`
}

export async function startRole({
  name,
  program,
  args = [],
  nodeOptions = [],
  env = {},
  logs,
  stopWithinMs = 6_000,
}: RoleOptions): Promise<Role> {
  const logPath = logOf(name, logs)
  const log = createWriteStream(logPath, { flags: 'a', mode: 0o600 })
  const child = spawn(
    process.execPath,
    [
      `--title=${titleOf(name, logs)}`,
      ...nodeOptions,
      ...['--conditions=sluice-source', '--import', 'tsx/esm', join(checkout, program), ...args],
    ],
    // A process group of its own: Ctrl-C must reach `npm start` alone, which ends the roles in order. The pipe
    // to standard input tells a role that its parent is gone.
    { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env: childEnvironment(env) },
  )
  child.stderr.pipe(log)
  const texts: string[] = []
  const listen = (chunk: Buffer) => void texts.push(chunk.toString('utf8'))
  child.stderr.on('data', listen)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const ready = await firstLine(child, ended)
  if (ready === null) {
    await finished(child.stderr)
    // What it expected to go wrong is one sentence of ours; the rest is for the log.
    const words = lastWords(texts.join(''))
    const isSentence = words !== '' && !/\n\s+at /.test(words)
    throw new RoleFailedError(isSentence ? words : `The ${name} did not start. Its log says why: ${logPath}`)
  }
  child.stderr.off('data', listen)
  return {
    ready,
    ended,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
      await ended
      clearTimeout(timer)
    },
  }
}

/** What a role wrote for people; the lines of its log are JSON. */
function lastWords(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('{'))
    .join('\n')
    .trim()
}

/** The JSON line that a role prints when it is ready; null when it ends without one. */
async function firstLine(child: ChildProcess, ended: Promise<void>): Promise<Record<string, unknown> | null> {
  const { stdout } = child
  if (stdout === null) return null
  const lines = createInterface({ input: stdout })
  const line = await Promise.race([
    new Promise<string>((resolve) => lines.once('line', resolve)),
    ended.then(() => null),
  ])
  stdout.resume()
  return line === null ? null : (JSON.parse(line) as Record<string, unknown>)
}

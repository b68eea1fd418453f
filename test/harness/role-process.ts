/** A role as a real process of its own: what it writes is kept, and it can be killed as a crash would. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { childEnvironment } from '../../server/env.ts'

export interface RoleProcess {
  /** What it printed when it was ready. */
  readonly ready: Readonly<Record<string, unknown>>
  /** Resolves when it is gone, whoever ended it. */
  readonly ended: Promise<unknown>
  /** All it has written so far, to stdout and stderr. */
  output(): string
  /** Asks it to finish, and waits until it is gone. */
  stop(): Promise<void>
  /** Ends it as a crash does, and waits until it is gone. */
  kill(): Promise<void>
}

export interface RoleOptions {
  readonly role: 'main' | 'worker'
  /** Below the checkout. Default: that of the role. */
  readonly program?: string
  readonly args?: readonly string[]
  /** Default: the checkout. */
  readonly workingFolder?: string
  readonly env: Readonly<Record<string, string | undefined>>
}

const checkout = fileURLToPath(new URL('../..', import.meta.url))
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm')).href

export async function startRoleProcess(options: RoleOptions): Promise<RoleProcess> {
  const { role, args = [], program = `server/${role}.ts`, workingFolder = checkout, env } = options
  const child = spawn(
    process.execPath,
    ['--conditions=sluice-source', '--import', loader, `${checkout}${program}`, '--supervised', ...args],
    // Supervised: should the test run be killed, the closed pipe ends the role too.
    { cwd: workingFolder, stdio: ['pipe', 'pipe', 'pipe'], env: childEnvironment(env) },
  )
  const closed = once(child, 'close')
  const chunks: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  const output = () => Buffer.concat(chunks).toString('utf8')
  const line = await Promise.race([firstLine(child), closed.then(() => undefined)])
  if (line === undefined) throw new Error(`The ${role} ended before it was ready:\n${output()}`)

  async function end(signal: NodeJS.Signals): Promise<void> {
    child.kill(signal)
    await closed
  }
  return {
    ready: JSON.parse(line),
    ended: closed,
    output,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

/** The line of JSON on stdout that says it is ready. */
function firstLine({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8')
      const [line, ...rest] = text.split('\n')
      if (line !== undefined && rest.length > 0) resolve(line)
    })
  })
}

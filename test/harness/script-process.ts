// A process of its own for code that a test wants to kill: it runs a module given as text and tells a line of JSON.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface ScriptProcess {
  readonly pid: number
  /** What the script told, the first line of its stdout. */
  readonly told: unknown
  /** Ends it as a crash does, and waits until it is gone. */
  kill(): Promise<void>
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** `body` is an ES module below the root folder; it calls `tell(value)` once, and stays until it is killed. */
export async function startScript(body: string): Promise<ScriptProcess> {
  const script = [
    'const tell = (value) => console.log(JSON.stringify(value))',
    'setInterval(() => undefined, 1000)',
    body,
  ].join('\n')
  const child = spawn(
    process.execPath,
    ['--conditions=sluice-source', '--import', 'tsx/esm', '--input-type=module', '-e', script],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const closed = once(child, 'close')
  const told = await Promise.race([firstLine(child), closed.then(() => undefined)])
  if (told === undefined || child.pid === undefined) throw new Error('The script ended and told nothing.')
  return {
    pid: child.pid,
    told: JSON.parse(told),
    async kill() {
      child.kill('SIGKILL')
      await closed
    },
  }
}

async function firstLine(child: ChildProcess): Promise<string | undefined> {
  if (child.stdout === null) return undefined
  for await (const line of createInterface({ input: child.stdout })) return line
  return undefined
}

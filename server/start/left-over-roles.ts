/** Roles that an earlier start left running, because it was killed: they end before new ones stand beside them. */
import { endProcess } from '../embedded/end-process.ts'
import { identifyProcess, pidOf } from '../embedded/process-identity.ts'
import { findProcesses } from '../embedded/running-processes.ts'
import { RoleFailedError, titleOf } from './roles.ts'

/** Most are ending already, since their parent is gone: a worker may have requests under way. */
const steps = [
  { signal: 'SIGTERM', waitMs: 6_000 },
  { signal: 'SIGKILL', waitMs: 2_000 },
] as const

interface Options {
  readonly names: readonly string[]
  /** Folder of their logs, by which they are known. */
  readonly logs: string
  say(line: string): void
}

/** Only who holds the data folder may call it. */
export async function endLeftOverRoles({ names, logs, say }: Options): Promise<void> {
  await Promise.all(names.map((name) => endAll(name, titleOf(name, logs), say)))
}

async function endAll(name: string, title: string, say: (line: string) => void): Promise<void> {
  const found = findProcesses(title)
    // It gives itself the title a moment after it was started. Who only reads its log is not it.
    .filter(({ command }) => command.startsWith(title) || command.includes(` --title=${title} `))
    .map(({ pid }) => identifyProcess(pid))
    .filter((identity) => identity !== undefined)
  for (const identity of found) {
    say(`The ${name} that an earlier start left running (process ${pidOf(identity)}) is ended first.`)
    if (await endProcess(identity, steps)) continue
    throw new RoleFailedError(
      `The ${name} of an earlier start (process ${pidOf(identity)}) does not end. End it and start again.`,
    )
  }
}

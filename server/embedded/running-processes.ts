// The processes of this machine with their command lines: the truth about what an earlier start left running.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { commandOf } from './process-identity.ts'

export interface RunningProcess {
  readonly pid: number
  /** Its arguments joined by spaces. */
  readonly command: string
}

/** Those whose command line holds a text; a zombie has none. */
export function findProcesses(part: string): readonly RunningProcess[] {
  return listProcesses().filter(({ command }) => command.includes(part))
}

function listProcesses(): readonly RunningProcess[] {
  if (existsSync('/proc/self/cmdline')) {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => ({ pid: Number(name), command: commandOf(Number(name)) ?? '' }))
  }
  const { stdout } = spawnSync('ps', ['-axww', '-o', 'pid=,command='], { encoding: 'utf8' })
  return (stdout ?? '').split('\n').map((line) => {
    const [, pid, command] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? []
    return { pid: Number(pid), command: command ?? '' }
  })
}

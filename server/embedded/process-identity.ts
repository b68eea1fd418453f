// Names a running process so that a later process with the same number is not taken for it.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { isNodeError } from './node-error.ts'

/** `<pid>-<mark of its start>`: letters, digits and dashes only, so that it can be a file's name. */
export type ProcessIdentity = `${number}-${string}`

/** The identity of a running process; undefined when there is none, or only its zombie. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const start = existsSync('/proc/self/stat') ? startInProc(pid) : startByPs(pid)
  if (start === undefined) return undefined
  return `${pid}-${createHash('sha256').update(start).digest('hex').slice(0, 16)}`
}

export function pidOf(identity: ProcessIdentity): number {
  return Number.parseInt(identity, 10)
}

export function isProcessIdentity(text: string): text is ProcessIdentity {
  return /^[1-9]\d*-[0-9a-f]{16}$/.test(text)
}

export function isRunning(identity: ProcessIdentity): boolean {
  return identifyProcess(pidOf(identity)) === identity
}

/** The command line of a process, to see whose it is; undefined when it is not to be had. */
export function commandOf(pid: number): string | undefined {
  const inProc = readIfThere(`/proc/${pid}/cmdline`)
  if (inProc !== undefined) return inProc.replaceAll('\0', ' ')
  const { status, stdout } = spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], {
    encoding: 'utf8',
  })
  return status === 0 ? stdout.trim() : undefined
}

/** Linux: ticks since boot, with the boot's id because both restart after a reboot. */
function startInProc(pid: number): string | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  // The name stands in parentheses and may hold anything; fields are counted after the last one.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (state === 'Z' || state === 'X') return undefined
  return `${fields[18]} ${readIfThere('/proc/sys/kernel/random/boot_id')}`
}

function startByPs(pid: number): string | undefined {
  const { status, stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' })
  if (status === 0) return stdout.startsWith('Z') ? undefined : stdout.trim().replace(/^\S+\s+/, '')
  if (status !== null) return undefined
  // No ps either (Windows): the number is all there is.
  return isSignalable(pid) ? 'running' : undefined
}

function isSignalable(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return isNodeError(error, 'EPERM')
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    // A process that ends while its file is read answers ESRCH.
    if (isNodeError(error, 'ENOENT', 'ESRCH')) return undefined
    throw error
  }
}

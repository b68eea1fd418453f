/** A server or a worker that is started again whenever it has ended, killed or by itself. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type RoleOptions, type RoleProcess, startRoleProcess } from '../harness/role-process.ts'
import type { Part } from './part.ts'

export interface SupervisedRole extends Part {
  /** How often it ended although nobody killed it. */
  readonly ownEnds: number
  /** All that it has written, over all its lives. */
  output(): string
  stop(): Promise<void>
}

/** It does not start while PostgreSQL or Temporal is away. */
const startWithinMs = 120_000
const restartMs = 500

export function createSupervisedRole(name: string, options: RoleOptions): SupervisedRole {
  const earlier: string[] = []
  let running: RoleProcess | undefined
  let isWanted = false
  let starting: Promise<void> | undefined
  let ownEnds = 0

  function start(): Promise<void> {
    isWanted = true
    starting ??= startUntilReady().finally(() => {
      starting = undefined
    })
    return starting
  }

  async function startUntilReady(): Promise<void> {
    const deadline = performance.now() + startWithinMs
    while (isWanted && running === undefined) {
      try {
        const role = await startRoleProcess(options)
        void role.ended.then(() => ended(role))
        // Killed before it was ready.
        if (isWanted) running = role
        else await role.kill()
      } catch (error) {
        earlier.push(`${error instanceof Error ? error.message : error}\n`)
        if (performance.now() > deadline) throw error
        await sleep(restartMs)
      }
    }
  }

  async function ended(role: RoleProcess): Promise<void> {
    earlier.push(role.output())
    if (running === role) running = undefined
    if (!isWanted) return
    ownEnds += 1
    earlier.push('--- It ended by itself. ---\n')
    await sleep(restartMs)
    if (isWanted) await start()
  }

  async function end(how: 'kill' | 'stop'): Promise<void> {
    isWanted = false
    await starting?.catch(() => undefined)
    await running?.[how]()
    running = undefined
  }

  return {
    name,
    get ownEnds() {
      return ownEnds
    },
    output: () => earlier.join('') + (running?.output() ?? ''),
    start,
    kill: () => end('kill'),
    stop: () => end('stop'),
  }
}

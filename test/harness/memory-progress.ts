/** The engine's port over a pass in memory: what takes time goes through `transact`, and the lease is kept. */
import type { PassProgress } from '../../engine/delivering/progress.ts'
import { leaseMs, type MemoryPass } from './memory-lane.ts'
import { hashOf } from './memory-rows.ts'

interface Port {
  /** The worker's clock; it never jumps. */
  readonly now: () => number
  /** When the transaction that began the pass was sent off. */
  readonly begunAt: number
  /** Carries a transaction to the database and its result back: delays it, loses its answer, kills the process. */
  transact<Result>(what: string, work: () => Result): Promise<Result>
  isStopped(): boolean
  /** The pass only waits for what it wrote. */
  hurry?(): void
  pauseCredential(reason: string): Promise<void>
}

export interface MemoryProgress extends PassProgress {
  /** Renews a lease that holds no longer than this; called while nothing else happens. */
  renewIfNeeded(leftMs: number): Promise<void>
}

export function createMemoryProgress(
  pass: MemoryPass,
  { now, begunAt, transact, isStopped, hurry, pauseCredential }: Port,
): MemoryProgress {
  let leaseUntil = begunAt + leaseMs
  let isReleased = false
  /** As the committer does: one after the other, and none after one that failed. */
  let writes: Promise<void> = Promise.resolve()

  /** The lease counts from before the commit: the database's own ends later. */
  async function commit<Result>(what: string, work: () => Result): Promise<Result> {
    const startedAt = now()
    const result = await transact(what, work)
    leaseUntil = Math.max(leaseUntil, startedAt + leaseMs)
    return result
  }

  return {
    start: pass.start,
    write(write) {
      writes = writes.then(() => commit('write', () => pass.write(write)))
      // Who awaits it hears of a failure.
      writes.catch(() => undefined)
      return writes
    },
    hurry: () => hurry?.(),
    claimDue: (limit) => transact('claim', () => pass.claimDue(limit)),
    nextDue: () => transact('next due', () => pass.nextDue()),
    holders: () => transact('holders', () => pass.holders()),
    stillHolding: (met) => transact('still holding', () => pass.stillHolding(met)),
    hashOf,
    isLeased: () => !isReleased && now() < leaseUntil,
    renewLease: () => commit('renew', () => pass.renew()),
    async releaseLease() {
      isReleased = true
      try {
        await transact('release', () => pass.release())
      } catch {
        // It runs out by itself.
      }
    },
    markFirstPassDone: () => transact('first pass done', () => pass.markFirstPassDone()),
    isStopped,
    pauseCredential,
    end: (end) => transact('end', () => pass.end(end)),
    async renewIfNeeded(leftMs) {
      if (!isReleased && leaseUntil - now() <= leftMs) await commit('renew', () => pass.renew())
    },
  }
}

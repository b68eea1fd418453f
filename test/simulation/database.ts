/** The database of a schedule: one lane, reached over a network that delays, loses answers and goes away. */

import { FencedError } from '../../engine/delivering/progress.ts'
import { createMemoryLane, type MemoryLane } from '../harness/memory-lane.ts'
import { ContractBrokenError } from '../harness/memory-rows.ts'
import { comparePositions } from '../harness/memory-source.ts'
import type { Process } from './process.ts'
import type { World } from './world.ts'

/** Nobody knows whether the transaction was committed. */
export class LostAnswerError extends Error {
  override readonly name = 'LostAnswerError'
}

export interface Database {
  readonly lane: MemoryLane
  isPaused(): boolean
  setPaused(isPaused: boolean): void
  /** How long the action was paused between two times, in milliseconds. */
  pausedMs(from: number, until: number): number
  /** Nothing is answered before that time. */
  goAway(until: number): void
  connect(process: Process): DatabaseConnection
}

export interface DatabaseConnection {
  transact<Result>(what: string, work: () => Result): Promise<Result>
  /** What the process last saw of the action: looked at now and then. */
  isStopped(isCurrent: () => boolean): boolean
}

/** Those that the committer writes, one after the other. */
const committed: ReadonlySet<string> = new Set(['write'])
const lookEveryMs = 500

export function createDatabase(world: World): Database {
  const { at, fails, now, random, tell, violate } = world
  const lane = createMemoryLane({ now, compare: comparePositions })
  const pauses: { readonly from: number; until: number }[] = []
  let isPaused = false
  let awayUntil = 0

  function connect(process: Process): DatabaseConnection {
    let lastCommitAt = 0
    /** After a lost answer the process counts commits differently than the database. */
    let isOutOfSequence = false
    let lookedAt = Number.NEGATIVE_INFINITY
    let isStopped = false

    function transact<Result>(what: string, work: () => Result): Promise<Result> {
      return new Promise((resolve, reject) => {
        const there = fails('slowCommit') ? random.below(4_000) : random.between(2, 60)
        const back = random.chance(0.7) ? 0 : random.between(1, 40)
        let arrivesAt = now() + there
        if (committed.has(what)) {
          arrivesAt = Math.max(arrivesAt, lastCommitAt)
          lastCommitAt = arrivesAt
        }
        at(arrivesAt, arrive)

        function arrive(): void {
          if (now() < awayUntil) {
            // It waits for the database, or gives up: then it was not committed.
            if (random.chance(0.5)) at(awayUntil, arrive)
            else process.reach(random.below(2_000), () => reject(new LostAnswerError()))
            return
          }
          const isLost = fails('lostAnswer')
          if ((isLost && random.chance(0.4)) || (committed.has(what) && fails('lostWrite'))) {
            tell(() => `${process.name} ${what}: lost before the commit`)
            process.reach(back, () => reject(new LostAnswerError()))
            return
          }
          try {
            if (isOutOfSequence && committed.has(what)) throw new FencedError()
            const result = work()
            tell(() => `${process.name} ${what}${isLost ? ': committed, answer lost' : ''}`)
            if (isLost) isOutOfSequence = true
            process.reach(back, () => (isLost ? reject(new LostAnswerError()) : resolve(result)))
          } catch (error) {
            if (error instanceof ContractBrokenError) violate('contract', error.message)
            tell(() => `${process.name} ${what}: ${error instanceof Error ? error.name : 'failed'}`)
            process.reach(back, () => reject(error))
          }
        }
      })
    }

    return {
      transact,
      isStopped(isCurrent) {
        if (now() - lookedAt >= lookEveryMs) {
          // The adapter looks by itself while the engine asks nothing; not while the process stands still.
          const isFirst = lookedAt === Number.NEGATIVE_INFINITY
          const isOverdue = now() - Math.max(lookedAt, process.awakeSince()) > 2 * lookEveryMs
          lookedAt = now()
          const look = () => {
            isStopped = isPaused || !isCurrent()
          }
          if (isFirst || isOverdue) look()
          else process.reach(random.between(2, 60), look)
        }
        return isStopped
      },
    }
  }

  return {
    lane,
    connect,
    isPaused: () => isPaused,
    setPaused(value) {
      if (value !== isPaused) tell(() => (value ? 'action paused' : 'action resumed'))
      const last = pauses.at(-1)
      if (value && !isPaused) pauses.push({ from: now(), until: Number.POSITIVE_INFINITY })
      if (!value && isPaused && last !== undefined) {
        last.until = now()
        lane.resume(last.from)
      }
      isPaused = value
    },
    pausedMs: (from, until) =>
      pauses.reduce(
        (sum, pause) => sum + Math.max(0, Math.min(until, pause.until) - Math.max(from, pause.from)),
        0,
      ),
    goAway(until) {
      tell(() => 'database away')
      awayUntil = until
    },
  }
}

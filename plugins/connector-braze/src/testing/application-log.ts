/** What took effect, in the order in which it did: for tests of order, of losses and of repetitions. */
import type { Taken } from './outcome.ts'

/** One request that took effect, at once or late, answered or not. */
export interface Application extends Taken {
  /** Of the request, as in the log of requests. */
  readonly sequence: number
  readonly path: string
  /** When the request came, epoch milliseconds. */
  readonly arrivedAt: number
  /** When it took effect, epoch milliseconds. */
  readonly appliedAt: number
}

export interface ApplicationLog {
  readonly entries: readonly Application[]
  add(application: Application): void
}

export function createApplicationLog(keep: number): ApplicationLog {
  const entries: Application[] = []
  return {
    entries,
    add(application) {
      if (keep <= 0) return
      entries.push(application)
      if (entries.length > keep) entries.shift()
    },
  }
}

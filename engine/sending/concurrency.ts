/** How many requests of a lane may be in flight: grows while the vendor keeps up, halves when it does not. */

export interface Concurrency {
  /** Waits for a place. */
  acquire(): Promise<void>
  /** Gives it back, with how the request went. */
  release(result: { readonly isHealthy: boolean; readonly latencyMs: number }): void
}

const startAt = 8
const most = 64
/** A vendor slower than this many times its own best is taken as saturated… */
const slowdown = 4
/** …but not while it answers within this time, in milliseconds: near vendors vary by more. */
const quickMs = 25

/** Additive growth, halving on failure, at most once per round of requests. */
export function createConcurrency(): Concurrency {
  let limit = startAt
  let inFlight = 0
  let fastestMs = Number.POSITIVE_INFINITY
  let untilNextCut = 0
  const queue: (() => void)[] = []

  const admit = () => {
    while (inFlight < Math.floor(limit)) {
      const next = queue.shift()
      if (next === undefined) return
      inFlight += 1
      next()
    }
  }

  return {
    acquire() {
      return new Promise((resolve) => {
        queue.push(resolve)
        admit()
      })
    },
    release({ isHealthy, latencyMs }) {
      inFlight -= 1
      untilNextCut -= 1
      // A refused connection answers at once: it must not become the measure for those that work.
      if (isHealthy) fastestMs = Math.min(fastestMs, Math.max(1, latencyMs))
      if (!isHealthy) {
        if (untilNextCut <= 0) {
          limit = Math.max(1, limit / 2)
          untilNextCut = Math.ceil(limit)
        }
      } else if (latencyMs < Math.max(quickMs, fastestMs * slowdown)) {
        limit = Math.min(most, limit + 1 / limit)
      }
      admit()
    },
  }
}

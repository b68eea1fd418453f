/** Waits until everything has its outcome, and asks seldom: asking costs the server time that the worker would have. */
import { setTimeout as pause } from 'node:timers/promises'
import type { GraphqlClient } from '../server/start/graphql-client.ts'
import { watch } from '../server/start/watch.ts'
import { deliveryTimes, type Times } from './delivery-times.ts'

interface Options {
  readonly api: GraphqlClient
  /** Polls before this time say nothing, epoch milliseconds. */
  readonly since: number
  /** How many records are expected at least. */
  readonly matched: number
}

const everyMs = 1_000
/** Far longer than anything takes that is under way. */
const patienceMs = 120_000

/** Nothing moves any more although records are missing. */
export class StalledError extends Error {
  override readonly name = 'StalledError'
  readonly code = 'bench_stalled'
  constructor(settled: number, matched: number, obstacles: readonly string[]) {
    const why = obstacles.length === 0 ? '' : ` (${obstacles.join(', ')})`
    super(
      `Nothing has moved for ${patienceMs / 1000} s: ${settled} of ${matched} records have an outcome${why}.`,
    )
  }
}

/** Resolves when every source was read to its end and all deliveries are over; says when they were. */
export async function untilDelivered({ api, since, matched }: Options): Promise<Times> {
  let movedAt = Date.now()
  let seen = 0
  for (;;) {
    const { counts, isDone, paused, sourceErrors } = await watch(api, since)
    const times = isDone && counts.matched >= matched ? await deliveryTimes(api) : null
    if (times !== null) return times
    const settled = counts.matched - counts.waiting
    if (settled > seen) movedAt = Date.now()
    seen = settled
    if (Date.now() - movedAt > patienceMs) {
      const obstacles = [...paused.map(({ reason }) => reason), ...sourceErrors.map(({ code }) => code)]
      throw new StalledError(settled, matched, obstacles)
    }
    await pause(everyMs)
  }
}

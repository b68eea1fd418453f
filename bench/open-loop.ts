/** Asks at a fixed pace whether or not the answers keep up, as people do: an answer that keeps others waiting counts for all of them. */
import { setTimeout as after } from 'node:timers/promises'

interface Pace {
  readonly perSecond: number
  readonly requests: number
}

/** The time within which 95 of 100 were answered, in milliseconds, each from when it was due. */
export async function p95Ms(
  { perSecond, requests }: Pace,
  ask: (index: number) => Promise<void>,
): Promise<number> {
  const startsAt = performance.now()
  const times = await Promise.all(
    Array.from({ length: requests }, async (_, index) => {
      const dueAt = startsAt + (index * 1_000) / perSecond
      await after(dueAt - performance.now())
      await ask(index)
      return performance.now() - dueAt
    }),
  )
  const sorted = times.toSorted((left, right) => left - right)
  return Math.round((sorted[Math.ceil(requests * 0.95) - 1] ?? 0) * 10) / 10
}

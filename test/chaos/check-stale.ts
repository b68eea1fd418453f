/** I2: for a lane's recipient no older value is sent, or takes effect, after a newer one. */
import type { Evidence, SentItem } from './evidence.ts'
import type { LaneName } from './scene.ts'

export interface StaleInput {
  readonly lane: LaneName
  readonly evidence: Evidence
  /** L: what takes effect later is not promised. */
  readonly applyWithinMs: number
}

export function findStale({ lane, evidence, applyWithinMs }: StaleInput): readonly string[] {
  const arrivals = evidence.arrivals.filter((arrival) => arrival.lane === lane)
  const sent = olderAfterNewer('sent', arrivals)
  // An event that takes effect late is written over nothing.
  if (lane === 'events') return sent
  const effects = evidence.effects.filter(
    (effect) => effect.lane === lane && effect.appliedAt - effect.arrivedAt <= applyWithinMs,
  )
  return [...sent, ...olderAfterNewer('took effect', effects)]
}

function olderAfterNewer(
  what: string,
  requests: readonly { readonly sequence: number; readonly items: readonly SentItem[] }[],
): readonly string[] {
  const newest = new Map<string, { readonly v: number; readonly sequence: number }>()
  return requests.flatMap(({ sequence, items }) =>
    items.flatMap(({ person, v }) => {
      const before = newest.get(person)
      if (before === undefined || v >= before.v) {
        newest.set(person, { v, sequence })
        return []
      }
      return [
        `${person}: version ${v} ${what} with request ${sequence}, after ${before.v} with ${before.sequence}`,
      ]
    }),
  )
}

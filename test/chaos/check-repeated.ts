/** I4: only what a crash caught in flight is repeated, and nothing whose repetition does harm. */
import type { Arrival, Evidence } from './evidence.ts'

/** W of the protocol: requests in flight, or answered and not yet committed. */
export const mostRepeatedPerCrash = 128

/** Requests that set what an earlier one had set, and was answered so in time. */
export function findRepeated({ arrivals }: Evidence, requestTimeoutMs: number): readonly string[] {
  const taken = new Set<number>()
  return arrivals.flatMap((arrival) => {
    if (arrival.lane !== 'attributes') return []
    const repeated = arrival.items.filter(({ v }) => taken.has(v)).length
    const isTaken = arrival.status === 201 && isAnswered(arrival, requestTimeoutMs)
    if (isTaken) for (const { v } of arrival.items) taken.add(v)
    return repeated === 0 ? [] : [`request ${arrival.sequence} repeats ${repeated} of its items`]
  })
}

/** Events that took effect twice, or were sent again although an earlier sending may have taken effect. */
export function findAppendedTwice(
  { arrivals, effects }: Evidence,
  requestTimeoutMs: number,
): readonly string[] {
  const appended = new Map<number, number>()
  const twice = effects.flatMap(({ lane, sequence, items }) =>
    items.flatMap(({ person, v }) => {
      if (lane !== 'events') return []
      const before = appended.get(v)
      appended.set(v, before ?? sequence)
      if (before === undefined) return []
      return [`${person}: event ${v} took effect with request ${before} and again with ${sequence}`]
    }),
  )
  return [...twice, ...sentAgain(arrivals, requestTimeoutMs)]
}

function sentAgain(arrivals: readonly Arrival[], requestTimeoutMs: number): readonly string[] {
  const open = new Map<number, number>()
  return arrivals.flatMap((arrival) => {
    const { lane, sequence, items } = arrival
    if (lane !== 'events') return []
    const again = items.flatMap(({ person, v }) => {
      const before = open.get(v)
      return before === undefined
        ? []
        : [
            `${person}: event ${v} was sent with request ${before}, which had no answer, and again with ${sequence}`,
          ]
    })
    if (!isAnswered(arrival, requestTimeoutMs)) for (const { v } of items) open.set(v, sequence)
    return again
  })
}

/** In time: an answer that came later came to nobody. */
function isAnswered({ status, at, endedAt }: Arrival, requestTimeoutMs: number): boolean {
  return status !== undefined && endedAt - at < requestTimeoutMs
}

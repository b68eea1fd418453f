/** How often something happened, and when first and last: what Braze keeps of events and purchases. */

export interface Tally {
  count: number
  /** Epoch milliseconds. */
  first: number
  last: number
}

/** A tally as tests and exports read it. */
export interface TallyView {
  readonly name: string
  /** ISO instants. */
  readonly first: string
  readonly last: string
  readonly count: number
}

export function count(tallies: Map<string, Tally>, name: string, time: number, times = 1): void {
  const tally = tallies.get(name)
  if (tally === undefined) {
    tallies.set(name, { count: times, first: time, last: time })
    return
  }
  tally.count += times
  tally.first = Math.min(tally.first, time)
  tally.last = Math.max(tally.last, time)
}

/** Those that happened since then, epoch milliseconds. */
export function viewsOf(tallies: ReadonlyMap<string, Tally> | undefined, since: number): TallyView[] {
  return [...(tallies ?? [])]
    .filter(([, { last }]) => last >= since)
    .map(([name, { count: times, first, last }]) => ({
      name,
      first: new Date(first).toISOString(),
      last: new Date(last).toISOString(),
      count: times,
    }))
}

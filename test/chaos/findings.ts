/** What the checks of a run have found: nothing but repetitions, and of these no more than the bound. */

export interface Findings {
  /** Rows whose latest value is neither at the vendor nor named by a dead letter. */
  readonly lost: number
  /** Requests that were repeated because of crashes; beyond the bound where something was repeated that must not be. */
  readonly duplicates: number
  /** How many that may be. */
  readonly bound: number
  /** Older values that were sent, or took effect, after newer ones. */
  readonly staleOverNewer: number
  readonly countMismatches: number
  /** What was seen, for people. */
  readonly seen: readonly string[]
}

/** What one run has beyond its bound is beyond the bound of all: others that stay below it make up for nothing. */
export function sum(all: readonly Findings[]): Findings {
  const total = (name: 'lost' | 'duplicates' | 'bound' | 'staleOverNewer' | 'countMismatches') =>
    all.reduce((found, one) => found + one[name], 0)
  const bound = total('bound')
  const beyond = all.reduce((found, one) => found + Math.max(0, one.duplicates - one.bound), 0)
  return {
    lost: total('lost'),
    duplicates: beyond > 0 ? bound + beyond : total('duplicates'),
    bound,
    staleOverNewer: total('staleOverNewer'),
    countMismatches: total('countMismatches'),
    seen: all.flatMap(({ seen }) => seen),
  }
}

export function isViolated({ lost, duplicates, bound, staleOverNewer, countMismatches }: Findings): boolean {
  return lost > 0 || duplicates > bound || staleOverNewer > 0 || countMismatches > 0
}

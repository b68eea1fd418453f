/** The lease of a pass: how long it may send without hearing from the database. */

/** Counted from the start of the last commit, by the worker's clock that never jumps. */
export const leaseSeconds = 10
const leaseMs = leaseSeconds * 1000

export interface Lease {
  /** Whether it holds at this moment. */
  holds(): boolean
  /** Whether it should be renewed soon, since nothing was committed for a while. */
  isShort(): boolean
  /** Nothing more is sent under it. */
  giveBack(): void
  /** Says that a commit has succeeded that began at this moment of `performance.now()`. */
  extend(begunAt: number): void
}

/** `begunAt`: when the transaction that began the pass was started. */
export function createLease(begunAt: number): Lease {
  let endsAt = begunAt + leaseMs
  let isGivenBack = false
  return {
    holds: () => !isGivenBack && performance.now() < endsAt,
    isShort: () => performance.now() > endsAt - leaseMs / 2,
    giveBack() {
      isGivenBack = true
    },
    extend(commitBegunAt) {
      endsAt = Math.max(endsAt, commitBegunAt + leaseMs)
    },
  }
}

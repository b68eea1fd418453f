/** What everything in a schedule shares: time, chance, what was decided, and what was noticed. */
import { type Clock, createClock } from './clock.ts'
import type { Fault, Plot } from './plot.ts'
import { createRandom, type Random } from './random.ts'

/** The invariants of the protocol that a schedule can break, and what must not happen in any. */
export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I7' | 'clocks' | 'contract' | 'failure'

export interface Violation {
  readonly invariant: Invariant
  readonly what: string
}

export interface World extends Pick<Clock, 'now' | 'at' | 'after'> {
  readonly clock: Clock
  readonly plot: Plot
  readonly random: Random
  readonly violations: readonly Violation[]
  /** When the last write and the last fault are over. */
  readonly writesEndAt: number
  readonly quietAt: number
  /** Whether a fault of this kind happens at this occasion. */
  fails(fault: Fault): boolean
  isQuiet(): boolean
  violate(invariant: Invariant, what: string): void
  /** Tells what happens, where somebody wants to know. */
  tell(happening: () => string): void
}

const quietAfterMs = 40_000

export function createWorld(plot: Plot, trace: string[] | null): World {
  const clock = createClock()
  const random = createRandom(plot.seed + 0x5eed)
  const violations: Violation[] = []
  const startedAt = clock.now()
  const writesEndAt = startedAt + plot.writesForMs
  const quietAt = writesEndAt + quietAfterMs
  const isQuiet = () => clock.now() >= quietAt

  function tell(happening: () => string): void {
    trace?.push(`${((clock.now() - startedAt) / 1000).toFixed(3)} ${happening()}`)
  }

  return {
    ...{ clock, plot, random, violations, writesEndAt, quietAt, isQuiet, tell },
    now: clock.now,
    at: clock.at,
    after: clock.after,
    fails: (fault) => plot.faults[fault] > 0 && !isQuiet() && random.chance(plot.faults[fault]),
    violate(invariant, what) {
      if (violations.some((each) => each.invariant === invariant && each.what === what)) return
      violations.push({ invariant, what })
      tell(() => `VIOLATION ${invariant}: ${what}`)
    },
  }
}

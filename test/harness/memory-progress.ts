/** Progress of one delivery in memory, as strict as the port's contract: whatever breaks it throws. */
import {
  FencedError,
  type PassEnd,
  type PassProgress,
  type ProgressWrite,
  type StoredSlice,
} from '../../engine/delivering/progress.ts'
import type { Position, Stretch } from '../../engine/reading/position.ts'
import {
  applyWrite,
  check,
  type KeptDeadLetter,
  type KeptWaiting,
  noTotals,
  openCount,
  overOf,
  type Totals,
} from './memory-rows.ts'

interface Options {
  readonly stretch: Stretch
  readonly now: () => number
  /** Called before and after a transaction: delays it, loses its answer, kills the process. */
  readonly around?: (moment: 'before' | 'after', what: string) => Promise<void>
}

/** One delivery, which any number of passes may try to write. */
export interface MemoryDelivery {
  /** Begins a pass and fences the one before; null when the delivery is completed. */
  beginPass(): PassProgress | null
  setStopped(isStopped: boolean): void
  /** Fails unless the row of this position belongs to a stored slice: nothing else may be sent. */
  assertStored(position: Position, compare: (a: Position, b: Position) => number): void
  isSettled(slice: number): boolean
  readonly slices: readonly StoredSlice[]
  readonly waiting: readonly KeptWaiting[]
  readonly dead: readonly KeptDeadLetter[]
  readonly totals: Totals
  readonly end: PassEnd | null
  readonly pausedBecause: string | null
  readonly isFirstPassDone: boolean
  /** Every committed write, in order. */
  readonly writes: readonly ProgressWrite[]
}

export function createMemoryDelivery({ stretch, now, around }: Options): MemoryDelivery {
  const createdAt = now()
  let pass = 0
  let slices: StoredSlice[] = []
  let waiting: KeptWaiting[] = []
  let dead: KeptDeadLetter[] = []
  let totals: Totals = noTotals()
  let end: PassEnd | null = null
  let pausedBecause: string | null = null
  let isFirstPassDone = false
  let isStopped = false
  let ids = 0
  const writes: ProgressWrite[] = []

  /** All of it or, where it throws, nothing. */
  function apply(write: ProgressWrite, ownPass: number): void {
    const moment = { ownPass, now: now(), newId: () => `e${ids++}` }
    const rows = applyWrite({ slices, waiting, dead, totals }, write, moment)
    ;({ slices, waiting, dead, totals } = rows)
    writes.push(write)
  }

  async function transaction<Result>(ownPass: number, what: string, work: () => Result): Promise<Result> {
    await around?.('before', what)
    if (ownPass !== pass || end?.kind === 'completed') throw new FencedError()
    check(end === null, 'Written after the pass had ended.')
    const result = work()
    await around?.('after', what)
    return result
  }

  function beginPass(): PassProgress | null {
    if (end?.kind === 'completed') return null
    pass += 1
    end = null
    const ownPass = pass
    waiting = waiting.map((item) => ({ ...item, claim: null }))
    return {
      start: { stretch, createdAt, isFirstPassDone, slices: isFirstPassDone ? [] : [...slices] },
      write: (write) => transaction(ownPass, 'write', () => apply(write, ownPass)),
      claimDue: (limit) =>
        transaction(ownPass, 'claim', () => {
          const due = inOrder(waiting.filter((item) => item.claim === null && item.dueAt <= now()))
          const claimed = due.slice(0, limit)
          const names = new Set(claimed.map(({ id }) => id))
          waiting = waiting.map((item) => (names.has(item.id) ? { ...item, claim: ownPass } : item))
          return claimed
        }),
      async earliestDue() {
        return waiting.length === 0 ? null : Math.min(...waiting.map(({ dueAt }) => dueAt))
      },
      markFirstPassDone: () =>
        transaction(ownPass, 'first pass done', () => {
          check(
            slices.every((slice) => slice.isSettled),
            'The first pass ended with unsettled slices.',
          )
          isFirstPassDone = true
        }),
      isStopped: () => isStopped || ownPass !== pass,
      async pauseAction(reason) {
        pausedBecause = reason
      },
      end: (given) =>
        transaction(ownPass, 'end', () => {
          if (given.kind === 'completed') {
            check(isFirstPassDone, 'Completed before the stretch was read to its end.')
            check(openCount({ slices, waiting }) === 0, 'Completed with records that wait.')
            check(totals.matched === overOf(totals), 'Completed, and the equation does not hold.')
          }
          end = given
        }),
    }
  }

  return {
    beginPass,
    setStopped(value) {
      isStopped = value
    },
    assertStored(position, compare) {
      const last = slices.at(-1)?.boundary
      check(last !== undefined && compare(position, last) <= 0, 'Sent before its slice was stored.')
    },
    isSettled: (slice) => slices[slice]?.isSettled === true,
    get slices() {
      return slices
    },
    get waiting() {
      return waiting
    },
    get dead() {
      return dead
    },
    get totals() {
      return totals
    },
    get end() {
      return end
    },
    get pausedBecause() {
      return pausedBecause
    },
    get isFirstPassDone() {
      return isFirstPassDone
    },
    writes,
  }
}

function inOrder(items: readonly KeptWaiting[]): KeptWaiting[] {
  return [...items].sort((a, b) => a.slice - b.slice || a.ordinal - b.ordinal)
}

/** Progress of one delivery in memory, as strict as the port's contract: whatever breaks it throws. */
import {
  FencedError,
  type PassEnd,
  type PassProgress,
  type StoredSlice,
} from '../../engine/delivering/progress.ts'
import type { Position, Stretch } from '../../engine/reading/position.ts'
import {
  ContractBrokenError,
  check,
  createRows,
  type KeptDeadLetter,
  type KeptWaiting,
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
  /** Fails unless the row is of a stored slice that is not settled, or waits and is claimed. */
  assertMayBeSent(position: Position, compare: (a: Position, b: Position) => number): void
  readonly slices: readonly StoredSlice[]
  readonly waiting: readonly KeptWaiting[]
  readonly dead: readonly KeptDeadLetter[]
  readonly totals: Readonly<Totals>
  readonly pausedBecause: string | null
  readonly isFirstPassDone: boolean
}

export function createMemoryDelivery({ stretch, now, around }: Options): MemoryDelivery {
  const createdAt = now()
  const rows = createRows()
  let pass = 0
  let end: PassEnd | null = null
  let pausedBecause: string | null = null
  let isFirstPassDone = false
  let isStopped = false

  async function transaction<Result>(ownPass: number, what: string, work: () => Result): Promise<Result> {
    await around?.('before', what)
    if (ownPass !== pass || end?.kind === 'completed') throw new FencedError()
    check(end === null, 'Written after the pass had ended.')
    const result = work()
    await around?.('after', what)
    return result
  }

  function claimDue(limit: number, ownPass: number): readonly KeptWaiting[] {
    const due = [...rows.waiting.values()].filter(({ claim, dueAt }) => claim === null && dueAt <= now())
    const claimed = due.sort((a, b) => a.slice - b.slice || a.ordinal - b.ordinal).slice(0, limit)
    for (const item of claimed) rows.waiting.set(item.id, { ...item, claim: ownPass })
    return claimed
  }

  function checkCompleted(): void {
    check(isFirstPassDone, 'Completed before the stretch was read to its end.')
    check(rows.openCount() === 0, 'Completed with records that wait.')
    check(rows.totals.matched === rows.overCount(), 'Completed, and the equation does not hold.')
  }

  function beginPass(): PassProgress | null {
    if (end?.kind === 'completed') return null
    pass += 1
    end = null
    const ownPass = pass
    // What the pass before had claimed and not settled waits again.
    for (const item of rows.waiting.values()) rows.waiting.set(item.id, { ...item, claim: null })
    return {
      start: { stretch, createdAt, isFirstPassDone, slices: isFirstPassDone ? [] : [...rows.slices] },
      write: (write) => transaction(ownPass, 'write', () => rows.apply(write, { ownPass, now: now() })),
      claimDue: (limit) => transaction(ownPass, 'claim', () => claimDue(limit, ownPass)),
      async earliestDue() {
        const due = [...rows.waiting.values()].map(({ dueAt }) => dueAt)
        return due.length === 0 ? null : Math.min(...due)
      },
      markFirstPassDone: () =>
        transaction(ownPass, 'first pass done', () => {
          check(
            rows.slices.every((slice) => slice.isSettled),
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
          if (given.kind === 'completed') checkCompleted()
          end = given
        }),
    }
  }

  return {
    beginPass,
    setStopped(value) {
      isStopped = value
    },
    assertMayBeSent(position, compare) {
      const slice = sliceOf(rows.slices, position, compare)
      if (slice === undefined) throw new ContractBrokenError('Sent before its slice was stored.')
      const claimed = [...rows.waiting.values()].some(
        (item) => item.claim === pass && compare(item.position, position) === 0,
      )
      check(!slice.isSettled || claimed, 'Sent again although its slice is settled.')
    },
    slices: rows.slices,
    dead: rows.dead,
    totals: rows.totals,
    get waiting() {
      return [...rows.waiting.values()]
    },
    get pausedBecause() {
      return pausedBecause
    },
    get isFirstPassDone() {
      return isFirstPassDone
    },
  }
}

/** The first slice whose boundary is not before the position. */
function sliceOf(
  slices: readonly StoredSlice[],
  position: Position,
  compare: (a: Position, b: Position) => number,
): StoredSlice | undefined {
  let low = 0
  let high = slices.length
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const boundary = slices[middle]?.boundary
    if (boundary !== undefined && compare(boundary, position) < 0) low = middle + 1
    else high = middle
  }
  return slices[low]
}

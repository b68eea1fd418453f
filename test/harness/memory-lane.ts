/** A lane in memory: its deliveries, their passes and exceptions, as strict as the port's contract. */
import {
  FencedError,
  type Holder,
  type NextDue,
  type PassEnd,
  type PassStart,
  type ProgressWrite,
  type StoredSlice,
  type WaitingItem,
} from '../../engine/delivering/progress.ts'
import type { Position, Stretch } from '../../engine/reading/position.ts'
import { createExceptions, type Exceptions, isUndone, type KeptException } from './memory-exceptions.ts'
import { check, createRows, type Rows, type Totals } from './memory-rows.ts'

/** How long a pass may send without another commit. */
export const leaseMs = 10_000

/** The transactions of one pass: each happens at once and whole, and throws FencedError for a zombie. */
export interface MemoryPass {
  readonly delivery: MemoryDelivery
  readonly number: number
  readonly start: PassStart
  write(write: ProgressWrite): void
  claimDue(limit: number): readonly WaitingItem[]
  nextDue(): NextDue
  holders(): readonly Holder[]
  stillHolding(met: readonly { readonly id: string; readonly isSameRow: boolean }[]): ReadonlySet<string>
  renew(): void
  release(): void
  markFirstPassDone(): void
  end(end: PassEnd): void
  isCurrent(): boolean
}

export interface MemoryDelivery {
  readonly sequence: number
  readonly stretch: Stretch
  readonly slices: readonly StoredSlice[]
  readonly totals: Readonly<Totals>
  readonly waiting: readonly KeptException[]
  readonly dead: readonly KeptException[]
  readonly isFirstPassDone: boolean
  readonly isCompleted: boolean
  readonly lastCommitAt: number
  readonly pass: number
  /** Begins a pass and fences the one before; null when the delivery is completed. */
  begin(): MemoryPass | null
  /** Fails unless the row is of a stored slice that is not settled, or waits and is claimed. */
  assertMayBeSent(position: Position): void
}

export interface MemoryLane {
  readonly exceptions: Exceptions
  readonly deliveries: readonly MemoryDelivery[]
  plan(stretch: Stretch): MemoryDelivery
  /** The action goes on after a pause, which used up nothing of the time for retries. */
  resume(pausedAt: number): void
}

interface Options {
  readonly now: () => number
  compare(a: Position, b: Position): number
}

export function createMemoryLane({ now, compare }: Options): MemoryLane {
  const exceptions = createExceptions()
  const deliveries: MemoryDelivery[] = []
  const rowsOf: Rows[] = []

  function plan(stretch: Stretch): MemoryDelivery {
    const createdAt = now()
    const sequence = deliveries.length
    const rows = createRows({ delivery: sequence, exceptions, compare })
    let pass = 0
    let end: PassEnd | null = null
    let isFirstPassDone = false
    let isReleased = true
    let leaseUntil = 0
    let lastCommitAt = createdAt

    function fenced(ownPass: number): void {
      if (ownPass !== pass || end?.kind === 'completed') throw new FencedError()
      lastCommitAt = now()
    }

    function startOf(leaseLeftMs: number | null): PassStart {
      const slices = isFirstPassDone ? [] : [...rows.slices]
      return { stretch, createdAt, isFirstPassDone, slices, leaseLeftMs }
    }

    function begin(): MemoryPass | null {
      if (end?.kind === 'completed') return null
      pass += 1
      end = null
      const start = startOf(isReleased ? null : leaseUntil - now())
      isReleased = false
      leaseUntil = now() + leaseMs
      lastCommitAt = now()
      return passOf(pass, start)
    }

    function passOf(number: number, start: PassStart): MemoryPass {
      return {
        delivery,
        number,
        start,
        isCurrent: () => number === pass && end?.kind !== 'completed',
        write(write) {
          fenced(number)
          check(end === null, 'Written after the pass had ended.')
          rows.apply(write, number)
          leaseUntil = now() + leaseMs
        },
        claimDue(limit) {
          if (number !== pass) return []
          const due = exceptions.claimable({ delivery: sequence, pass: number, now: now(), limit })
          return due.map(({ id }) => waitingItemOf(exceptions.set(id, { state: 'trying', claim: number })))
        },
        nextDue: () => exceptions.nextDue(sequence, now()),
        holders: () => exceptions.holders(sequence, now()),
        stillHolding: (met) => stillHolding(sequence, met),
        renew() {
          fenced(number)
          leaseUntil = now() + leaseMs
        },
        release() {
          // Touches no row of a successor.
          if (number === pass) isReleased = true
        },
        markFirstPassDone() {
          fenced(number)
          const isSettled = rows.slices.every((slice) => slice.isSettled)
          check(isSettled, 'The first pass ended with unsettled slices.')
          isFirstPassDone = true
        },
        end(given) {
          fenced(number)
          check(end === null, 'A pass ends twice.')
          if (given.kind === 'completed') checkCompleted()
          end = given
          isReleased = true
        },
      }
    }

    function checkCompleted(): void {
      check(isFirstPassDone, 'Completed before the stretch was read to its end.')
      check(rows.openCount() === 0, 'Completed with records that wait.')
      check(rows.totals.matched === rows.overCount(), 'Completed, and the equation does not hold.')
    }

    const delivery: MemoryDelivery = {
      sequence,
      stretch,
      slices: rows.slices,
      totals: rows.totals,
      begin,
      assertMayBeSent(position) {
        const slice = sliceOf(rows.slices, position, compare)
        check(slice !== undefined, 'Sent before its slice was stored.')
        if (!slice.isSettled) return
        const isClaimed = exceptions
          .of(sequence)
          .some((each) => each.claim === pass && compare(each.position, position) === 0)
        check(isClaimed, 'Sent again although its slice is settled.')
      },
      get waiting() {
        return exceptions.of(sequence).filter(isUndone)
      },
      get dead() {
        return exceptions.of(sequence).filter(({ state }) => state === 'dead')
      },
      get isFirstPassDone() {
        return isFirstPassDone
      },
      get isCompleted() {
        return end?.kind === 'completed'
      },
      get lastCommitAt() {
        return lastCommitAt
      },
      get pass() {
        return pass
      },
    }
    deliveries.push(delivery)
    rowsOf.push(rows)
    return delivery
  }

  /** What still stands; what an earlier delivery would send of the same row is superseded, or due after its quarantine. */
  function stillHolding(
    own: number,
    met: readonly { readonly id: string; readonly isSameRow: boolean }[],
  ): ReadonlySet<string> {
    const standing = new Set<string>()
    for (const { id, isSameRow } of met) {
      const found = exceptions.all.get(id)
      if (found === undefined || !exceptions.isOpen(found, now())) continue
      const { delivery, dueAt, quarantinedUntil, state } = found
      if (isSameRow && delivery < own && state === 'waiting') {
        if (quarantinedUntil === null || quarantinedUntil <= now()) {
          rowsOf[delivery]?.supersede(id)
          continue
        }
        exceptions.set(id, { dueAt: Math.min(dueAt, quarantinedUntil) })
      }
      standing.add(id)
    }
    return standing
  }

  function resume(pausedAt: number): void {
    for (const each of exceptions.all.values()) {
      const { firstAt, id } = each
      if (firstAt === null || !isUndone(each)) continue
      exceptions.set(id, { firstAt: firstAt + now() - Math.max(firstAt, pausedAt) })
    }
  }

  return { exceptions, deliveries, plan, resume }
}

function waitingItemOf(kept: KeptException): WaitingItem {
  const { id, slice, ordinal, position, attempts, firstAt, recipient, isStarted } = kept
  const { job, stage } = kept
  return {
    id,
    slice,
    ordinal,
    position,
    attempts,
    firstAt,
    recipient: recipient ?? '',
    isStarted,
    stage,
    job,
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

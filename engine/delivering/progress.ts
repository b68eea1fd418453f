/** The port to what is kept of a delivery: slices, exceptions and counts, written together or not at all. */
import type { Position, Stretch } from '../reading/position.ts'
import type { Counts, DeadLetter, Place, Waiting } from './outcome.ts'

/** Contiguous rows that were given to one plan, up to and including `boundary`. */
export interface StoredSlice {
  readonly index: number
  readonly boundary: Position
  readonly matched: number
  readonly isSettled: boolean
}

export type NewSlice = Omit<StoredSlice, 'isSettled'>

/** A dead letter, or a run of consecutive ones of one class. */
export interface NewDeadLetter extends DeadLetter, Place {
  readonly lastPosition: Position
  readonly count: number
}

export interface NewWaiting extends Waiting, Place {
  readonly recipient: string
}

export type NewException = NewDeadLetter | NewWaiting

/** An item that waits, as it is kept. */
export interface WaitingItem extends Place {
  readonly id: string
  readonly attempts: number
  readonly firstAt: number
}

/** What happened to a waiting item that was tried again. */
export type ExceptionChange =
  | { readonly id: string; readonly kind: 'over' }
  | (DeadLetter & { readonly id: string })
  | (Waiting & { readonly id: string; readonly recipient?: string })

/** One atomic piece of progress. Nothing of it is visible unless all of it is. */
export interface ProgressWrite {
  readonly newSlices?: readonly NewSlice[]
  readonly settledSlices?: readonly number[]
  readonly newExceptions?: readonly NewException[]
  readonly exceptionChanges?: readonly ExceptionChange[]
  readonly counts?: Counts
}

/** What a pass knows when it begins. */
export interface PassStart {
  readonly stretch: Stretch
  /** Creation of the delivery: `context.now` of every plan. */
  readonly createdAt: number
  readonly isFirstPassDone: boolean
  /** In order. Empty once the first pass is done. */
  readonly slices: readonly StoredSlice[]
}

export type PassEnd =
  | { readonly kind: 'completed' }
  | { readonly kind: 'waiting'; readonly dueAt: number }
  | { readonly kind: 'paused' }

/** Another pass has taken over: this one is a zombie and ends without a trace. */
export class FencedError extends Error {
  override readonly name = 'FencedError'
  readonly code = 'pass_fenced'
  constructor() {
    super('Another pass has taken over this delivery.')
  }
}

/** The progress of one pass. Every write is fenced by the pass number and throws FencedError for a zombie. */
export interface PassProgress {
  readonly start: PassStart
  /** Resolves when the write is committed. */
  write(change: ProgressWrite): Promise<void>
  /** Waiting items that are due, in order, claimed for this pass; what it leaves waits again in the next one. */
  claimDue(limit: number): Promise<readonly WaitingItem[]>
  /** When the earliest waiting item is due; null when none waits. */
  earliestDue(): Promise<number | null>
  markFirstPassDone(): Promise<void>
  /** Whether the action is paused or the delivery cancelled: checked between requests, cheap. */
  isStopped(): boolean
  /** Pauses the action: its credentials or configuration don't work. */
  pauseAction(reason: string): Promise<void>
  end(end: PassEnd): Promise<void>
}

/** The port to what is kept of a delivery: slices, exceptions and counts, written together or not at all. */
import type { Position, Stretch } from '../reading/position.ts'
import type { Counts, DeadLetter, JobMark, Place, Waiting } from './outcome.ts'

/** Contiguous rows that were given to one plan, up to and including `boundary`. */
export interface NewSlice {
  readonly index: number
  readonly boundary: Position
  readonly matched: number
}

export interface StoredSlice extends NewSlice {
  readonly isSettled: boolean
  /** What was about to be sent of it that must not be repeated: empty where nothing is. */
  readonly started: readonly Started[]
}

/** Written before a request goes out whose repetition could do harm. */
export interface Started {
  /** Positions of the rows whose parts must not be repeated. */
  readonly positions: readonly Position[]
  /** Keyed hash of the request's body, where the vendor takes an identical request only once; else null. */
  readonly body: string | null
}

/** A dead letter, or a run of consecutive ones of one class. */
export interface NewDeadLetter extends DeadLetter, Place {
  readonly lastPosition: Position
  readonly count: number
  /** Of a single item that was, or may have been, sent; null for a run, and for what was never sent. */
  readonly recipient: string | null
}

export interface NewWaiting extends Waiting, Place {
  readonly recipient: string
  /** The row's key, as one text. */
  readonly row: string
  /** When it was tried first; null when it never was. */
  readonly firstAt: number | null
}

export type NewException = NewDeadLetter | NewWaiting

/** An item that waits, as it is kept. */
export interface WaitingItem extends Place {
  readonly id: string
  readonly attempts: number
  /** When it was tried first; null when it never was. */
  readonly firstAt: number | null
  /** Keyed hash of its recipient when it was kept. */
  readonly recipient: string
  /** The stage it goes on from: 0, unless something of earlier ones must not be repeated. */
  readonly stage: number
  /** The job that has it; null where none has. */
  readonly job: JobMark | null
  /** A pass had begun to send it, in a way that must not be repeated, and never told the outcome. */
  readonly isStarted: boolean
}

/** An open item of the lane, in this delivery or an earlier one: later items of its recipient wait behind it. */
export interface Holder {
  readonly id: string
  /** Keyed hashes of the recipient and of the row's key. */
  readonly recipient: string
  readonly row: string | null
  /** Whether it is of this delivery. */
  readonly isOwn: boolean
}

/** What happened to a waiting item that was tried again. */
export type ExceptionChange =
  | { readonly id: string; readonly kind: 'over' }
  | (DeadLetter & { readonly id: string })
  | (Waiting & { readonly id: string; readonly firstAt: number | null; readonly recipient?: string })

/** One atomic piece of progress. Nothing of it is visible unless all of it is. */
export interface ProgressWrite {
  readonly newSlices?: readonly NewSlice[]
  /** Committed before the request goes out. */
  readonly startedSlice?: Started & { readonly index: number }
  readonly startedExceptions?: readonly string[]
  readonly settledSlices?: readonly number[]
  readonly newExceptions?: readonly NewException[]
  readonly exceptionChanges?: readonly ExceptionChange[]
  readonly counts?: Counts
}

/** What a delivery asked of a stretch: which of its rows met the segment at that moment, in epoch milliseconds. */
export interface AskedStretch extends Stretch {
  readonly at: number
}

/** A look at rows that did not change: time alone may have made them meet the segment. */
export interface Rescan {
  /** When all rows were asked before, in epoch milliseconds. */
  readonly since: number
  /** What was asked of rows that changed since then, in the order of the deliveries. */
  readonly asked: readonly AskedStretch[]
}

/** What a pass knows when it begins. */
export interface PassStart {
  readonly stretch: Stretch
  /** Given where only rows are wanted that meet the segment now and did not when they were last asked. */
  readonly rescan?: Rescan
  /** Creation of the delivery: `context.now` of every plan. */
  readonly createdAt: number
  readonly isFirstPassDone: boolean
  /**
   * In order: at least those that are not settled, the one before each of them, and the last one. Empty once the
   * first pass is done.
   */
  readonly slices: readonly StoredSlice[]
  /**
   * How long the lease of the pass before still holds, in milliseconds, by the database's clock; less than zero
   * when it has run out; null when that pass gave it back, with everything it sent answered and committed.
   */
  readonly leaseLeftMs: number | null
}

/** When there is something to try again. */
export type NextDue =
  /** No item waits. */
  | { readonly kind: 'never' }
  /** The earliest item that waits behind no open one; a quarantine of its recipient is over by then. */
  | { readonly kind: 'at'; readonly dueAt: number }
  /** Every item waits behind one of an earlier delivery. */
  | { readonly kind: 'behind' }

export type PassEnd =
  | { readonly kind: 'completed' }
  /** Until the instant; null: until an item of an earlier delivery is out of the way. */
  | { readonly kind: 'waiting'; readonly dueAt: number | null }
  | { readonly kind: 'paused' }

/** Another pass has taken over: this one is a zombie and ends without a trace. */
export class FencedError extends Error {
  override readonly name = 'FencedError'
  readonly code = 'pass_fenced'
  constructor() {
    super('Another pass has taken over this delivery.')
  }
}

/**
 * The progress of one pass. Every write is fenced by the pass number and throws FencedError for a zombie.
 *
 * The pass holds a lease: 10 s from the start of its last commit, by a clock that never jumps, renewed by the
 * adapter while it is idle. Nothing is sent without it.
 */
export interface PassProgress {
  readonly start: PassStart
  /** Resolves when the write is committed: in the order of the calls, and none after one that failed. */
  write(change: ProgressWrite): Promise<void>
  /** The pass has nothing else to do than to wait for what it wrote: it need not wait for company. */
  hurry(): void
  /**
   * Waiting items that are due, in order, claimed for this pass; what it leaves waits again in the next one.
   * Never one whose recipient has an earlier open item in the lane, or is in quarantine.
   */
  claimDue(limit: number): Promise<readonly WaitingItem[]>
  nextDue(): Promise<NextDue>
  /** All open items of the lane that stand before what this delivery has not sent yet. */
  holders(): Promise<readonly Holder[]>
  /**
   * Which of these holders still stand, of those given. An item of an earlier delivery that waits for a row which
   * has come again is superseded, unless its recipient is in quarantine: then it becomes due when that ends.
   */
  stillHolding(
    met: readonly { readonly id: string; readonly isSameRow: boolean }[],
  ): Promise<ReadonlySet<string>>
  /** The form in which recipients, row keys and bodies are kept: a keyed hash. */
  hashOf(text: string): string
  /** Checked right before anything is sent, cheap. */
  isLeased(): boolean
  /** Resolves when the lease holds again. */
  renewLease(): Promise<void>
  /**
   * Gives the lease back: everything sent is answered and committed, and nothing more will be sent. Never throws:
   * a lease that could not be given back runs out by itself. `end` gives it back too.
   */
  releaseLease(): Promise<void>
  markFirstPassDone(): Promise<void>
  /** Whether the action is paused or the delivery cancelled: checked between requests, cheap. */
  isStopped(): boolean
  /** Pauses every action of the credential: it, or the configuration, does not work. */
  pauseCredential(reason: string): Promise<void>
  end(end: PassEnd): Promise<void>
}

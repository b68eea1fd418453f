/** What became of an item, and the terms in which outcomes are counted. */
import type { Position } from '../reading/position.ts'
import type { Place as TemplatePlace } from '../templates/problem.ts'

/** Where a record can end up. */
export const ends = [
  'delivered',
  'warned',
  'saved',
  'rejected',
  'refused',
  'exhausted',
  'unknown',
  'superseded',
  'gone',
  'cancelled',
] as const

/** The terms of the equation that are kept: matched = all others + waiting. */
export const terms = ['matched', ...ends] as const
export type Term = (typeof terms)[number]

/** How much each term grows; `retries` and `requests` are counted beside the equation. */
export type Counts = Partial<Readonly<Record<Term | 'retries' | 'requests', number>>>

export type DeadLetterOutcome = 'rejected' | 'refused' | 'exhausted' | 'unknown'
export type Reporter = 'sluice' | 'vendor'

/** Where an item stands in the order of its delivery. */
export interface Place {
  readonly slice: number
  readonly ordinal: number
  readonly position: Position
}

/** The class of a fault: never a value. */
export interface Fault {
  readonly code: string
  readonly path?: string
  /** Where a template could not render the record. */
  readonly templatePlace?: TemplatePlace
  readonly reporter: Reporter
}

/** Until when the vendor may still apply a request that got no answer, over a newer value. */
interface Quarantined {
  readonly quarantinedUntil?: number
}

/** An item that is over, with no success. */
export interface DeadLetter extends Fault, Quarantined {
  readonly kind: 'dead'
  readonly outcome: DeadLetterOutcome
}

/** A vendor's job that has accepted an item: kept encrypted, so that it is asked and not made again. */
export interface JobMark {
  readonly handle: string
  /** When it accepted the item, epoch milliseconds. */
  readonly acceptedAt: number
  /** The places of the item's parts among those of the upload. */
  readonly places: readonly number[]
  /** Whether making it again would count twice. */
  readonly isHarmful: boolean
}

/** An item that is tried again, or that a job has. */
export interface Waiting extends Fault, Quarantined {
  readonly kind: 'waiting'
  readonly dueAt: number
  readonly attempts: number
  /** The stage it goes on from, where something of those before it was taken and must not be repeated. */
  readonly stage?: number
  readonly job?: JobMark
}

/** An item that is over, and of which nothing but a count is kept. */
export interface Counted {
  readonly kind: 'counted'
  readonly term: 'delivered' | 'warned' | 'superseded' | 'gone'
}

export type Outcome = Counted | DeadLetter | Waiting

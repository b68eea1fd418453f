/** The equation of delivery: every matched record has one outcome, or is still waiting. */

import { ends } from '../../engine/delivering/outcome.ts'

/** Where a record can end up. Together with `waiting` they make `matched`. */
export const outcomes = ends
export type Outcome = (typeof outcomes)[number]

export type OutcomeCounts = { readonly [Name in Outcome]: bigint }
export type EquationCounts = OutcomeCounts & { readonly matched: bigint }

/** What each count means, for people. */
export const countDescriptions: { readonly [Name in Outcome | 'matched' | 'waiting']: string } = {
  matched: 'Records that met the segment.',
  delivered: 'Records the vendor took.',
  warned: 'Records the vendor took with a remark.',
  saved: 'Records not sent because nothing changed.',
  rejected: 'Records refused by Sluice before sending: dead letters.',
  refused: 'Records the vendor refused for good: dead letters.',
  exhausted: 'Records whose retries ran out: dead letters.',
  unknown: 'Records that may or may not have been applied, and are not repeated: dead letters.',
  superseded: 'Records that changed before they were delivered; a later delivery has them.',
  gone: 'Records that were deleted before they were delivered.',
  cancelled: 'Records given up by command.',
  waiting: 'Records without an outcome yet: not tried, or to be tried again.',
}

/** The numbers that people look at first, each the sum of some counts. */
export const summaryTerms = {
  totalVolume: ['matched'],
  success: ['delivered', 'warned'],
  errors: ['rejected', 'refused', 'exhausted', 'unknown'],
} as const satisfies Record<string, readonly (keyof EquationCounts)[]>
export type SummaryName = keyof typeof summaryTerms
export type Summary = { readonly [Name in SummaryName]: bigint }

export const summaryDescriptions: { readonly [Name in SummaryName]: string } = {
  totalVolume: 'Records that triggered an action: those that met its segment.',
  success: 'Records that the vendor took, also those with a remark: delivered and warned.',
  errors: 'Dead letters, in records: rejected, refused, exhausted and unknown.',
}

export function summaryOf(counts: EquationCounts): Summary {
  const sum = (name: SummaryName) => summaryTerms[name].reduce((total, term) => total + counts[term], 0n)
  return { totalVolume: sum('totalVolume'), success: sum('success'), errors: sum('errors') }
}

/** Matched records without an outcome. */
export function waitingOf(counts: EquationCounts): bigint {
  return outcomes.reduce((rest, outcome) => rest - counts[outcome], counts.matched)
}

/** Nothing of a delivery changes any more once it is over. */
export function isOver({ state }: { readonly state: string }): boolean {
  return state === 'COMPLETED' || state === 'CANCELLED'
}

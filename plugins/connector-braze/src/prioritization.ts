/** Which profile is meant when several share an e-mail or phone. */
import { type FieldMeta, z } from '@sluice/connector-sdk'

const words = ['identified', 'unidentified', 'most_recently_updated'] as const
export type Prioritization = (typeof words)[number]

/** The parameter, with the word that holds when none is mapped. */
export function prioritization(preferred: Prioritization, meta: FieldMeta) {
  return z
    .enum(words, { error: 'invalid_prioritization' })
    .default(preferred)
    .meta({ ...meta })
}

// With several matches left Braze does nothing and calls it a success, so the last word must pick one.
export function prioritizationOrder(preferred: Prioritization): string[] {
  return preferred === 'most_recently_updated'
    ? ['most_recently_updated']
    : [preferred, 'most_recently_updated']
}

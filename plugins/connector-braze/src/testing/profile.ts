/** A profile of the simulated workspace. */
import type { Tally } from './tally.ts'

export interface Alias {
  readonly alias_name: string
  readonly alias_label: string
}

export interface Profile {
  /** The order of creation; the Braze id is made of it. */
  readonly number: number
  externalId: string | undefined
  aliases: readonly Alias[]
  readonly createdAt: number
  /** Standard and custom attributes by Braze's names. */
  readonly attributes: Record<string, unknown>
  events: Map<string, Tally> | undefined
  /** By product. */
  purchases: Map<string, Tally> | undefined
  /** Of all purchases, whatever their currency. */
  revenue: number
  /** Grows with every write to any profile. */
  updated: number
}

export function brazeIdOf(profile: Profile): string {
  return profile.number.toString(16).padStart(24, '0')
}

/** A profile as tests read it. */
import { type Alias, brazeIdOf, type Profile } from './profile.ts'

export interface ProfileView {
  readonly brazeId: string
  readonly externalId: string | undefined
  readonly aliases: readonly Alias[]
  /** Standard and custom attributes by Braze's names. */
  readonly attributes: Readonly<Record<string, unknown>>
  readonly events: readonly {
    readonly name: string
    readonly count: number
    /** ISO instants. */
    readonly first: string
    readonly last: string
  }[]
}

export function viewOf(profile: Profile): ProfileView {
  return {
    brazeId: brazeIdOf(profile),
    externalId: profile.externalId,
    aliases: profile.aliases,
    attributes: { ...profile.attributes },
    events: [...(profile.events ?? [])].map(([name, { count, first, last }]) => ({
      name,
      count,
      first: new Date(first).toISOString(),
      last: new Date(last).toISOString(),
    })),
  }
}

/** A profile as tests read it. */
import { type Alias, brazeIdOf, type Profile } from './profile.ts'
import { type TallyView, viewsOf } from './tally.ts'

const ever = Number.NEGATIVE_INFINITY

export interface ProfileView {
  readonly brazeId: string
  readonly externalId: string | undefined
  readonly aliases: readonly Alias[]
  /** Standard and custom attributes by Braze's names. */
  readonly attributes: Readonly<Record<string, unknown>>
  readonly events: readonly TallyView[]
  /** By product; missing where there are none. */
  readonly purchases?: readonly TallyView[]
}

export function viewOf(profile: Profile): ProfileView {
  return {
    brazeId: brazeIdOf(profile),
    externalId: profile.externalId,
    aliases: profile.aliases,
    attributes: { ...profile.attributes },
    events: viewsOf(profile.events, ever),
    ...(profile.purchases === undefined ? {} : { purchases: viewsOf(profile.purchases, ever) }),
  }
}

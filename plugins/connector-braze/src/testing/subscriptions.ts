/** Who is in which subscription group. An address that nobody has is remembered for a while. */
import type { Profile } from './profile.ts'
import type { ProfileStore } from './profile-store.ts'

export type SubscriptionState = 'subscribed' | 'unsubscribed'
export type SubscriberKind = 'external_id' | 'email' | 'phone'

const keepOrphansMs = 30 * 24 * 3_600_000

export interface Subscriptions {
  /** Undefined when nothing was ever said of the user. */
  stateOf(groupId: string, profile: Profile): SubscriptionState | undefined
  /** An external id that nobody has changes nothing; an address changes every user with it. */
  set(groupId: string, kind: SubscriberKind, id: string, state: SubscriptionState): void
}

interface Orphan {
  readonly state: SubscriptionState
  readonly at: number
}

export function createSubscriptions(store: ProfileStore, now: () => number): Subscriptions {
  const states = new Map<string, SubscriptionState>()
  const orphans = new Map<string, Orphan>()
  const keyOf = (...parts: readonly (string | number)[]) => JSON.stringify(parts)

  function found(kind: SubscriberKind, id: string): readonly Profile[] {
    if (kind !== 'external_id') return store.byAddress(kind, id)
    const profile = store.byExternalId(id)
    return profile === undefined ? [] : [profile]
  }

  return {
    stateOf(groupId, { number, attributes, createdAt }) {
      const own = states.get(keyOf(groupId, number))
      if (own !== undefined) return own
      for (const kind of ['email', 'phone'] as const) {
        const orphan = orphans.get(keyOf(groupId, kind, String(attributes[kind]).toLowerCase()))
        if (orphan !== undefined && createdAt <= orphan.at + keepOrphansMs) return orphan.state
      }
      return undefined
    },
    set(groupId, kind, id, state) {
      const profiles = found(kind, id)
      for (const { number } of profiles) states.set(keyOf(groupId, number), state)
      if (profiles.length > 0 || kind === 'external_id') return
      orphans.set(keyOf(groupId, kind, id.toLowerCase()), { state, at: now() })
    },
  }
}

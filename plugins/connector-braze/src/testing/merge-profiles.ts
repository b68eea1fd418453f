/** Merges a profile into an identified one, which keeps its own values and gets those that it lacks. */
import type { EventTally, Profile } from './profile.ts'
import type { ProfileStore } from './profile-store.ts'

/** Deletes `from`. */
export function mergeProfiles(store: ProfileStore, from: Profile, into: Profile): void {
  const { attributes, events, aliases } = from
  store.delete(from)
  for (const [name, value] of Object.entries(attributes)) {
    if (into.attributes[name] === undefined) store.setAttribute(into, name, value)
  }
  for (const alias of aliases) store.addAlias(into, alias)
  for (const [name, tally] of events ?? []) {
    into.events ??= new Map()
    into.events.set(name, summed(into.events.get(name), tally))
  }
  store.touch(into)
}

function summed(one: EventTally | undefined, other: EventTally): EventTally {
  if (one === undefined) return other
  return {
    count: one.count + other.count,
    first: Math.min(one.first, other.first),
    last: Math.max(one.last, other.last),
  }
}

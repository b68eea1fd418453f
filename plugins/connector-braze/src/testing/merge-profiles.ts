/** Merges a profile into an identified one, which keeps its own values and gets those that it lacks. */
import type { Profile } from './profile.ts'
import type { ProfileStore } from './profile-store.ts'
import type { Tally } from './tally.ts'

/** Deletes `from`. */
export function mergeProfiles(store: ProfileStore, from: Profile, into: Profile): void {
  const { aliases, attributes, events, purchases, revenue } = from
  store.delete(from)
  for (const [name, value] of Object.entries(attributes)) {
    if (into.attributes[name] === undefined) store.setAttribute(into, name, value)
  }
  for (const alias of aliases) store.addAlias(into, alias)
  into.events = together(into.events, events)
  into.purchases = together(into.purchases, purchases)
  into.revenue += revenue
  store.touch(into)
}

type Tallies = Profile['events']

function together(into: Tallies, from: Tallies): Tallies {
  if (into === undefined || from === undefined) return into ?? from
  for (const [name, tally] of from) into.set(name, summed(into.get(name), tally))
  return into
}

function summed(one: Tally | undefined, other: Tally): Tally {
  if (one === undefined) return other
  return {
    count: one.count + other.count,
    first: Math.min(one.first, other.first),
    last: Math.max(one.last, other.last),
  }
}

/** Writes one valid object of /users/track to the profile that it is for. */
import { nextValue } from './attribute-values.ts'
import { parseTime } from './event-times.ts'
import type { JsonObject } from './json-object.ts'
import type { ProfileStore } from './profile-store.ts'
import { resolveUser } from './resolve-user.ts'

const noAttributes: ReadonlySet<string> = new Set([
  'external_id',
  'braze_id',
  'user_alias',
  '_update_existing_only',
  '_merge_objects',
])

export function applyAttributes(store: ProfileStore, object: JsonObject): void {
  const profile = resolveUser(store, object)
  if (profile === undefined) return
  store.touch(profile)
  const mergeObjects = object['_merge_objects'] === true
  for (const name in object) {
    if (noAttributes.has(name)) continue
    const given = object[name]
    if (given === null) store.removeAttribute(profile, name)
    else store.setAttribute(profile, name, nextValue(profile.attributes[name], given, mergeObjects))
  }
}

/** Every event counts: Braze recognises no repeated one. */
export function applyEvent(store: ProfileStore, object: JsonObject, now: number): void {
  const profile = resolveUser(store, object)
  if (profile === undefined) return
  store.touch(profile)
  const name = String(object['name'])
  const time = Math.min(parseTime(object['time']) ?? now, now)
  profile.events ??= new Map()
  const tally = profile.events.get(name)
  if (tally === undefined) {
    profile.events.set(name, { count: 1, first: time, last: time })
    return
  }
  tally.count += 1
  tally.first = Math.min(tally.first, time)
  tally.last = Math.max(tally.last, time)
}

/** Writes one valid object of /users/track to the profile that it is for. */
import { nextValue } from './attribute-values.ts'
import { parseTime } from './event-times.ts'
import { importPushTokens } from './import-push-tokens.ts'
import type { JsonObject } from './json-object.ts'
import type { Profile } from './profile.ts'
import type { ProfileStore } from './profile-store.ts'
import { resolveUser } from './resolve-user.ts'
import { nextSubscriptionGroups } from './subscription-groups.ts'
import { count } from './tally.ts'

const noAttributes: ReadonlySet<string> = new Set([
  'external_id',
  'braze_id',
  'user_alias',
  'push_token_import',
  '_update_existing_only',
  '_merge_objects',
])

export function applyAttributes(store: ProfileStore, object: JsonObject): void {
  if (object['push_token_import'] === true) {
    for (const imported of importPushTokens(store, object)) writeAttributes(store, imported, object)
    return
  }
  const profile = resolveUser(store, object)
  if (profile !== undefined) writeAttributes(store, profile, object)
}

function writeAttributes(store: ProfileStore, profile: Profile, object: JsonObject): void {
  store.touch(profile)
  const mergeObjects = object['_merge_objects'] === true
  const isImport = object['push_token_import'] === true
  for (const name in object) {
    // Each imported token has a profile of its own, which has it already.
    if (noAttributes.has(name) || (isImport && name === 'push_tokens')) continue
    const given = object[name]
    const current = profile.attributes[name]
    if (given === null) store.removeAttribute(profile, name)
    else if (name === 'subscription_groups') {
      store.setAttribute(profile, name, nextSubscriptionGroups(current, given))
    } else store.setAttribute(profile, name, nextValue(current, given, mergeObjects))
  }
}

/** Every event counts: Braze recognises no repeated one. */
export function applyEvent(store: ProfileStore, object: JsonObject, now: number): void {
  const profile = resolveUser(store, object)
  if (profile === undefined) return
  store.touch(profile)
  profile.events ??= new Map()
  count(profile.events, String(object['name']), timeOf(object, now))
}

/** So many purchases as the quantity says, and every one counts. */
export function applyPurchase(store: ProfileStore, object: JsonObject, now: number): void {
  const profile = resolveUser(store, object)
  if (profile === undefined) return
  store.touch(profile)
  const quantity = Number(object['quantity'] ?? 1)
  profile.purchases ??= new Map()
  count(profile.purchases, String(object['product_id']), timeOf(object, now), quantity)
  profile.revenue += Number(object['price']) * quantity
}

/** What happens in the future happens now. */
function timeOf({ time }: JsonObject, now: number): number {
  return Math.min(parseTime(time) ?? now, now)
}

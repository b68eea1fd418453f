/** Which profile an object of /users/track is for: found, made, or none when it only updates. */
import type { JsonObject } from './json-object.ts'
import type { Alias, Profile } from './profile.ts'
import type { ProfileStore } from './profile-store.ts'

/** Undefined: the object is left out in silence, as Braze does for a user it does not know. */
export function resolveUser(store: ProfileStore, object: JsonObject): Profile | undefined {
  const flag = object['_update_existing_only']
  const mayCreate = flag !== true
  const { external_id, braze_id, user_alias, email, phone } = object as Readonly<
    Record<string, string | undefined>
  > & { readonly user_alias?: Alias }
  if (external_id) {
    return (
      store.byExternalId(external_id) ?? (mayCreate ? store.create({ externalId: external_id }) : undefined)
    )
  }
  if (braze_id) return store.byBrazeId(braze_id)
  if (user_alias) {
    // An alias only updates unless the flag says false, in so many words.
    return store.byAlias(user_alias) ?? (flag === false ? store.create({ alias: user_alias }) : undefined)
  }
  if (email) return byAddress(store, 'email', email, mayCreate)
  return phone ? byAddress(store, 'phone', phone, mayCreate) : undefined
}

function byAddress(store: ProfileStore, field: 'email' | 'phone', address: string, mayCreate: boolean) {
  const found = store.byAddress(field, address)
  const best = found.find(({ externalId }) => externalId !== undefined) ?? found[0]
  if (best !== undefined || !mayCreate) return best
  const profile = store.create({})
  store.setAttribute(profile, field, address)
  return profile
}

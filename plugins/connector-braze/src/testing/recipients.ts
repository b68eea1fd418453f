/** The recipients of a triggered message: which are no recipients, and whose profile each is. */
import { applyAttributes } from './apply-objects.ts'
import { isJsonObject, type JsonObject } from './json-object.ts'
import { isPrioritization, type PrioritizationWord, prioritized } from './prioritized.ts'
import { type Alias, brazeIdOf, type Profile } from './profile.ts'
import type { ProfileStore } from './profile-store.ts'

const idNames = ['external_user_id', 'user_alias', 'email', 'braze_id'] as const
const words: readonly PrioritizationWord[] = [
  'identified',
  'unidentified',
  'most_recently_updated',
  'least_recently_updated',
]

/** Why Braze refuses the request for this recipient. */
export function problemOfRecipient(recipient: unknown): string | undefined {
  if (!isJsonObject(recipient)) return "'recipients' must be an array of objects"
  const [name, ...others] = idNames.filter((each) => recipient[each] !== undefined)
  if (name === undefined || others.length > 0) return 'A recipient must have exactly one identifier'
  if (!isId(name, recipient)) return `'${name}' is not valid`
  if (recipient['send_to_existing_only'] !== false) return undefined
  const { attributes } = recipient
  const canCreate = name !== 'user_alias' && isJsonObject(attributes) && Object.keys(attributes).length > 0
  return canCreate ? undefined : "'send_to_existing_only' must be true without attributes and for aliases"
}

function isId(name: (typeof idNames)[number], recipient: JsonObject): boolean {
  const id = recipient[name]
  if (name === 'user_alias') {
    return isJsonObject(id) && typeof id['alias_name'] === 'string' && typeof id['alias_label'] === 'string'
  }
  if (typeof id !== 'string' || id === '') return false
  return name !== 'email' || isPrioritization(recipient['prioritization'], words)
}

/** The profile with its attributes written; undefined when there is none and none may be made. */
export function reach(store: ProfileStore, recipient: JsonObject): Profile | undefined {
  const profile = find(store, recipient) ?? made(store, recipient)
  const { attributes } = recipient
  if (profile !== undefined && isJsonObject(attributes)) {
    applyAttributes(store, { ...attributes, braze_id: brazeIdOf(profile) })
  }
  return profile
}

function find(store: ProfileStore, recipient: JsonObject): Profile | undefined {
  const { external_user_id: externalId, user_alias: alias, email, braze_id: brazeId } = recipient
  if (externalId !== undefined) return store.byExternalId(String(externalId))
  if (alias !== undefined) return store.byAlias(alias as Alias)
  if (brazeId !== undefined) return store.byBrazeId(String(brazeId))
  const order = recipient['prioritization'] as readonly PrioritizationWord[]
  return prioritized(store.byAddress('email', String(email)), order)
}

function made(store: ProfileStore, recipient: JsonObject): Profile | undefined {
  const { external_user_id: externalId, email, send_to_existing_only: existingOnly } = recipient
  if (existingOnly !== false) return undefined
  if (typeof externalId === 'string') return store.create({ externalId })
  // Several may have the e-mail, none of them chosen.
  if (typeof email !== 'string' || store.byAddress('email', email).length > 0) return undefined
  const profile = store.create({})
  store.setAttribute(profile, 'email', email)
  return profile
}

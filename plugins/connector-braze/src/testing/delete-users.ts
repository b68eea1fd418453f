/** POST /users/delete: ids of one kind, an unknown one is no error. */
import { isJsonObject, type JsonObject } from './json-object.ts'
import { failure, type Outcome } from './outcome.ts'
import { isPrioritization, type PrioritizationWord, prioritized } from './prioritized.ts'
import type { Alias, Profile } from './profile.ts'
import type { ProfileStore } from './profile-store.ts'

const maxIds = 50
const kinds = ['external_ids', 'braze_ids', 'user_aliases', 'email_addresses', 'phone_numbers'] as const

export function createDeleteUsers(store: ProfileStore) {
  return function deleteUsers(body: JsonObject): Outcome {
    const given = kinds.filter((kind) => body[kind] !== undefined)
    const [kind] = given
    const ids = kind === undefined ? undefined : body[kind]
    if (kind === undefined || given.length > 1 || !Array.isArray(ids) || ids.length === 0) {
      return failure(400, `Exactly one of ${kinds.join(', ')} must be given`)
    }
    if (ids.length > maxIds) return failure(400, 'The max number of ids per request was exceeded')
    if (!ids.every((id) => isId(kind, id))) return failure(400, `${kind} is not valid`)
    return {
      status: 201,
      body: { deleted: ids.length, message: 'success' },
      objects: 0,
      store() {
        for (const id of ids as readonly unknown[]) {
          const profile = find(store, kind, id)
          if (profile !== undefined) store.delete(profile)
        }
      },
    }
  }
}

type Kind = (typeof kinds)[number]

function isId(kind: Kind, id: unknown): boolean {
  if (kind === 'external_ids' || kind === 'braze_ids') return typeof id === 'string' && id !== ''
  if (!isJsonObject(id)) return false
  if (kind === 'user_aliases') {
    return typeof id['alias_name'] === 'string' && typeof id['alias_label'] === 'string'
  }
  return (
    typeof id[kind === 'email_addresses' ? 'email' : 'phone'] === 'string' &&
    isPrioritization(id['prioritization'], words)
  )
}

const words: readonly PrioritizationWord[] = ['identified', 'unidentified', 'most_recently_updated']

function find(store: ProfileStore, kind: Kind, id: unknown): Profile | undefined {
  switch (kind) {
    case 'external_ids':
      return store.byExternalId(String(id))
    case 'braze_ids':
      return store.byBrazeId(String(id))
    case 'user_aliases':
      return store.byAlias(id as Alias)
    case 'email_addresses':
    case 'phone_numbers': {
      const { email, phone, prioritization } = id as JsonObject & {
        prioritization: readonly PrioritizationWord[]
      }
      const found =
        kind === 'email_addresses'
          ? store.byAddress('email', String(email))
          : store.byAddress('phone', String(phone))
      return prioritized(found, prioritization)
    }
  }
}

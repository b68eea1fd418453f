/** POST /users/identify: gives profiles their external id, or merges them into the user who has it. */
import { isJsonObject, type JsonObject } from './json-object.ts'
import { mergeProfiles } from './merge-profiles.ts'
import { failure, type Outcome } from './outcome.ts'
import { isPrioritization, type PrioritizationWord, prioritized } from './prioritized.ts'
import type { Alias, Profile } from './profile.ts'
import type { ProfileStore } from './profile-store.ts'

const maxUsers = 50
const lists = ['aliases_to_identify', 'emails_to_identify', 'phone_numbers_to_identify'] as const
type List = (typeof lists)[number]
const words: readonly PrioritizationWord[] = [
  'identified',
  'unidentified',
  'most_recently_updated',
  'least_recently_updated',
]

export function createIdentifyUsers(store: ProfileStore) {
  return function identifyUsers(body: JsonObject): Outcome {
    const given = lists.filter((list) => body[list] !== undefined)
    if (given.length === 0) return failure(400, `One of ${lists.join(', ')} must be given`)
    const entries: (readonly [List, JsonObject])[] = []
    for (const list of given) {
      const objects = body[list]
      if (!Array.isArray(objects) || !objects.every((object) => isEntry(list, object))) {
        return failure(400, `'${list}' is not valid`)
      }
      entries.push(...objects.map((object) => [list, object as JsonObject] as const))
    }
    if (entries.length > maxUsers) return failure(400, 'The max number of ids per request was exceeded')
    return {
      status: 201,
      body: { ...counts(entries), message: 'success' },
      objects: 0,
      store() {
        for (const [list, entry] of entries) identify(store, list, entry)
      },
    }
  }
}

function isEntry(list: List, object: unknown): boolean {
  if (!isJsonObject(object) || !isText(object['external_id'])) return false
  const { user_alias: alias, email, phone, prioritization } = object
  if (list === 'aliases_to_identify') {
    return isJsonObject(alias) && isText(alias['alias_name']) && isText(alias['alias_label'])
  }
  return isText(list === 'emails_to_identify' ? email : phone) && isPrioritization(prioritization, words)
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

// Braze documents the counter of aliases only; the others are named in its manner.
function counts(entries: readonly (readonly [List, JsonObject])[]): JsonObject {
  const counters = {
    aliases_to_identify: 'aliases',
    emails_to_identify: 'emails',
    phone_numbers_to_identify: 'phone_numbers',
  }
  return Object.fromEntries(
    lists
      .map(
        (list) => [`${counters[list]}_processed`, entries.filter(([each]) => each === list).length] as const,
      )
      .filter(([, count]) => count > 0),
  )
}

// Whoever is not found, or cannot be told apart, is left alone without a word.
function identify(store: ProfileStore, list: List, entry: JsonObject): void {
  const externalId = String(entry['external_id'])
  const target = store.byExternalId(externalId)
  const profile = find(store, list, entry, target)
  if (profile === undefined || profile === target || profile.externalId !== undefined) return
  if (target === undefined) {
    store.giveExternalId(profile, externalId)
    store.touch(profile)
    return
  }
  const labels = new Set(target.aliases.map(({ alias_label: label }) => label))
  if (!profile.aliases.some(({ alias_label: label }) => labels.has(label)))
    mergeProfiles(store, profile, target)
}

function find(
  store: ProfileStore,
  list: List,
  entry: JsonObject,
  target: Profile | undefined,
): Profile | undefined {
  if (list === 'aliases_to_identify') return store.byAlias(entry['user_alias'] as Alias)
  const found =
    list === 'emails_to_identify'
      ? store.byAddress('email', String(entry['email']))
      : store.byAddress('phone', String(entry['phone']))
  if (target !== undefined && found.includes(target)) return undefined
  return prioritized(found, entry['prioritization'] as readonly PrioritizationWord[])
}

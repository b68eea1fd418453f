/** Push tokens of unknown owners: one anonymous profile for each token that no profile has. */
import { isJsonObject, type JsonObject } from './json-object.ts'
import type { Profile } from './profile.ts'
import type { ProfileStore } from './profile-store.ts'

export function importPushTokens(store: ProfileStore, { push_tokens: given }: JsonObject): Profile[] {
  const tokens = Array.isArray(given) ? given.filter(isJsonObject) : []
  return tokens
    .filter(({ token }) => !isKnown(store, token))
    .map((token) => {
      const profile = store.create({})
      store.setAttribute(profile, 'push_tokens', [token])
      return profile
    })
}

// Imports are rare: no index of tokens is kept for them.
function isKnown(store: ProfileStore, token: unknown): boolean {
  for (const { attributes } of store.all()) {
    const { push_tokens: tokens } = attributes
    if (Array.isArray(tokens) && tokens.some((one) => isJsonObject(one) && one['token'] === token))
      return true
  }
  return false
}

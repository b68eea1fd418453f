/** The key for order of a payload: its user, or the push tokens of a user that nobody has identified. */
import { recipientOf } from '../identifiers.ts'
import type { TrackUser } from './parameters.ts'
import { isAnonymous } from './push-tokens.ts'

export function trackedRecipient(payload: TrackUser): string {
  if (!isAnonymous(payload)) return recipientOf(payload)
  const tokens = (payload.pushTokens ?? []).map(({ appId, token }) => [appId, token])
  return `push_tokens:${JSON.stringify(tokens)}`
}

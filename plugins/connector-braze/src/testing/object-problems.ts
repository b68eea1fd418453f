/** Why Braze refuses an object of /users/track: the documented code and the sentence seen on the wire. */
import { parseTime } from './event-times.ts'
import { isJsonObject, type JsonObject } from './json-object.ts'

export interface Problem {
  /** Missing where Braze documents none. */
  readonly code?: string
  /** Recorded where `../errors.ts` knows it; otherwise in the manner of the recorded ones. */
  readonly text: string
}

const problems = {
  noIdentifier: { text: "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required" },
  severalIdentifiers: {
    text: "You must specify only one of 'external_id', 'user_alias' or 'braze_id'",
  },
  idTooLarge: { code: 'EXTERNAL_USER_ID_TOO_LARGE', text: 'EXTERNAL_USER_ID_TOO_LARGE' },
  blocked: {
    code: 'BLACKLISTED_EXTERNAL_USER_ID',
    text: 'provided external_id is blacklisted and disallowed',
  },
  email: {
    code: 'EMAIL_BAD_FORMAT',
    text: "The value provided for the 'email' field is not a valid email.",
  },
  emailSubscribe: {
    code: 'BAD_EMAIL_SUBSCRIPTION_STATE',
    text: "'email_subscribe' must be 'subscribed', 'unsubscribed', or 'opted_in'",
  },
  pushSubscribe: {
    code: 'BAD_PUSH_SUBSCRIPTION_STATE',
    text: "'push_subscribe' must be 'subscribed', 'unsubscribed', or 'opted_in'",
  },
  location: { code: 'BAD_LOCATION_UPDATE', text: 'BAD_LOCATION_UPDATE' },
  eventName: { text: "'name' is required" },
  eventTime: { text: "'time' is not valid" },
  eventProperties: { text: "'properties' is not valid" },
} as const satisfies Record<string, Problem>

const maxExternalIdBytes = 987
const maxAliasBytes = 236
const emailForm = /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/
const subscriptionStates: ReadonlySet<unknown> = new Set(['subscribed', 'unsubscribed', 'opted_in'])

export function createObjectProblems(blockedUsers: readonly string[]) {
  const blocked: ReadonlySet<unknown> = new Set(blockedUsers)

  function ofIdentifiers(object: JsonObject): Problem | undefined {
    const { external_id: externalId, braze_id: brazeId, user_alias: alias, email, phone } = object
    const primaries = Number(externalId != null) + Number(brazeId != null) + Number(alias != null)
    if (primaries > 1) return problems.severalIdentifiers
    if (externalId != null) {
      if (!isText(externalId)) return problems.noIdentifier
      // The bytes of a text are at most three times its length.
      if (externalId.length * 3 > maxExternalIdBytes && Buffer.byteLength(externalId) > maxExternalIdBytes) {
        return problems.idTooLarge
      }
      return blocked.has(externalId) ? problems.blocked : undefined
    }
    if (alias != null) return isAlias(alias) ? undefined : problems.noIdentifier
    return isText(brazeId) || isText(email) || isText(phone) ? undefined : problems.noIdentifier
  }

  return {
    ofAttributes(object: unknown): Problem | undefined {
      if (!isJsonObject(object)) return problems.noIdentifier
      const {
        email,
        email_subscribe: emailState,
        push_subscribe: pushState,
        current_location: place,
      } = object
      if (email != null && (typeof email !== 'string' || !emailForm.test(email))) return problems.email
      if (emailState !== undefined && !subscriptionStates.has(emailState)) return problems.emailSubscribe
      if (pushState !== undefined && !subscriptionStates.has(pushState)) return problems.pushSubscribe
      if (place != null && !isPlace(place)) return problems.location
      return ofIdentifiers(object)
    },
    ofEvent(object: unknown): Problem | undefined {
      if (!isJsonObject(object)) return problems.noIdentifier
      if (!isText(object['name'])) return problems.eventName
      if (parseTime(object['time']) === undefined) return problems.eventTime
      const { properties } = object
      if (properties != null) {
        if (!isJsonObject(properties) || 'time' in properties || 'event_name' in properties) {
          return problems.eventProperties
        }
      }
      return ofIdentifiers(object)
    },
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isAlias(alias: unknown): boolean {
  if (!isJsonObject(alias)) return false
  const { alias_name: name, alias_label: label } = alias
  return [name, label].every((text) => isText(text) && Buffer.byteLength(text) <= maxAliasBytes)
}

function isPlace(place: unknown): boolean {
  return (
    isJsonObject(place) && typeof place['longitude'] === 'number' && typeof place['latitude'] === 'number'
  )
}

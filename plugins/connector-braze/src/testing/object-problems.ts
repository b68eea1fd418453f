/** Why Braze refuses an object of /users/track: the documented code and the sentence seen on the wire. */
import { parseTime } from './event-times.ts'
import { isJsonObject, type JsonObject } from './json-object.ts'
import type { Problem } from './problem.ts'
import { problemOfPushTokens } from './push-token-problems.ts'
import { problemOfSubscriptionGroups } from './subscription-group-problems.ts'

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
  subscriptionInfo: {
    code: 'INVALID_ATTRIBUTE_EMAIL_SUBSCRIPTION_INFO',
    text: 'INVALID_ATTRIBUTE_EMAIL_SUBSCRIPTION_INFO',
  },
  location: { code: 'BAD_LOCATION_UPDATE', text: 'BAD_LOCATION_UPDATE' },
  eventName: { text: "'name' is required" },
  productId: { text: "'product_id' is required" },
  currency: { text: "'currency' is not valid" },
  price: { text: "'price' is not valid" },
  quantity: { text: "'quantity' is not valid" },
  time: { text: "'time' is not valid" },
  properties: { text: "'properties' is not valid" },
} as const satisfies Record<string, Problem>

const maxExternalIdBytes = 987
const maxAliasBytes = 236
const maxProductIdLength = 255
const maxQuantity = 100
const emailForm = /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/
const currencyForm = /^[A-Z]{3}$/
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
        push_token_import: isImport,
        push_tokens: tokens,
        subscription_groups: groups,
      } = object
      if (email != null && (typeof email !== 'string' || !emailForm.test(email))) return problems.email
      if (emailState !== undefined && !subscriptionStates.has(emailState)) return problems.emailSubscribe
      if (pushState !== undefined && !subscriptionStates.has(pushState)) return problems.pushSubscribe
      if (object['email_subscription_info'] !== undefined) return problems.subscriptionInfo
      if (place != null && !isPlace(place)) return problems.location
      const ofTokens = isImport === true || tokens != null ? problemOfPushTokens(object) : undefined
      const ofGroups = groups == null ? undefined : problemOfSubscriptionGroups(groups)
      // The owner of an imported token is unknown, and needs no identifier.
      return ofTokens ?? ofGroups ?? (isImport === true ? undefined : ofIdentifiers(object))
    },
    ofEvent(object: unknown): Problem | undefined {
      if (!isJsonObject(object)) return problems.noIdentifier
      if (!isText(object['name'])) return problems.eventName
      return ofTimeAndProperties(object) ?? ofIdentifiers(object)
    },
    ofPurchase(object: unknown): Problem | undefined {
      if (!isJsonObject(object)) return problems.noIdentifier
      const { product_id: productId, currency, price, quantity = 1 } = object
      if (!isText(productId) || productId.length > maxProductIdLength) return problems.productId
      if (typeof currency !== 'string' || !currencyForm.test(currency)) return problems.currency
      if (typeof price !== 'number') return problems.price
      if (!isQuantity(quantity)) return problems.quantity
      return ofTimeAndProperties(object) ?? ofIdentifiers(object)
    },
  }
}

function ofTimeAndProperties({ time, properties }: JsonObject): Problem | undefined {
  if (parseTime(time) === undefined) return problems.time
  if (properties == null) return undefined
  const isTaken = isJsonObject(properties) && !('time' in properties) && !('event_name' in properties)
  return isTaken ? undefined : problems.properties
}

function isQuantity(quantity: unknown): boolean {
  return (
    typeof quantity === 'number' && Number.isInteger(quantity) && quantity >= 1 && quantity <= maxQuantity
  )
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

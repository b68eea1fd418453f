/** What a payload says of the profile, as one object: fields, custom attributes, modifications, tokens, groups. */
import type { JsonValue } from '@sluice/connector-sdk'
import { type Identifier, identifierOf, isPrimary } from '../identifiers.ts'
import { type BrazeObject, beginObject } from './braze-object.ts'
import { writeModifications } from './modifications.ts'
import type { TrackUser } from './parameters.ts'
import { isAnonymous, pushTokenObjects } from './push-tokens.ts'
import { brazeNames } from './standard-fields.ts'
import { subscriptionGroupObjects } from './subscription-groups.ts'

const nameByParameter: Readonly<Record<string, string | undefined>> = brazeNames

/**
 * The attributes object. A payload with events or purchases only has none; one with nothing but an id has it, since
 * it makes the profile.
 */
export function attributesObject(payload: TrackUser): BrazeObject | undefined {
  const identifier = isAnonymous(payload) ? undefined : identifierOf(payload)
  const object = beginObject(identifier, payload.updateExistingOnly)
  let setsSomething = writeFields(object, payload, identifier)
  const { attributes = {}, events = [], purchases = [] } = payload
  for (const name in attributes) {
    // The parameters' check has made these JSON.
    object[name] = attributes[name] as JsonValue
    setsSomething = true
  }
  setsSomething = writeModifications(object, payload) || setsSomething
  setsSomething = writeLists(object, payload) || setsSomething
  return setsSomething || events.length + purchases.length === 0 ? object : undefined
}

function writeFields(
  object: Record<string, JsonValue>,
  payload: TrackUser,
  identifier: Identifier | undefined,
): boolean {
  let setsSomething = false
  const values: Readonly<Record<string, unknown>> = payload
  for (const parameter in values) {
    const name = nameByParameter[parameter]
    const value = values[parameter]
    if (name === undefined || value === undefined || !isSent(parameter, value, identifier)) continue
    // The standard fields are texts, booleans and null.
    object[name] = value === '' ? null : (value as string | boolean | null)
    setsSomething ||= parameter !== identifier?.kind
  }
  const { latitude, longitude } = payload
  if (typeof latitude === 'number' && typeof longitude === 'number') {
    object['current_location'] = { longitude, latitude }
    setsSomething = true
  }
  return setsSomething
}

function writeLists(
  object: Record<string, JsonValue>,
  { pushTokenImport, pushTokens, subscriptionGroups }: TrackUser,
): boolean {
  const hasTokens = pushTokens !== undefined && pushTokens.length > 0
  const hasGroups = subscriptionGroups !== undefined && subscriptionGroups.length > 0
  if (pushTokenImport === true) object['push_token_import'] = true
  if (hasTokens) object['push_tokens'] = pushTokenObjects(pushTokens)
  if (hasGroups) object['subscription_groups'] = subscriptionGroupObjects(subscriptionGroups)
  return hasTokens || hasGroups
}

/**
 * Null and blank remove a field. But Braze takes no null for a subscription, and beside an e-mail or phone that
 * identifies the user an empty other one would be an identifier that finds nobody.
 */
function isSent(parameter: string, value: unknown, identifier: Identifier | undefined): boolean {
  if (value !== null && value !== '') return true
  if (parameter === 'email' || parameter === 'phone') return identifier !== undefined && isPrimary(identifier)
  return parameter !== 'emailSubscribe' && parameter !== 'pushSubscribe'
}

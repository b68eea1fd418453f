/** One payload as the objects that Braze takes: at most one attributes object, and an object an event. */
import type { JsonValue } from '@sluice/connector-sdk'
import { type Identifier, identifierFields, identifierOf, isPrimary } from '../identifiers.ts'
import type { TrackUser } from './parameters.ts'
import { brazeNames } from './standard-fields.ts'

export type BrazeObject = Readonly<Record<string, JsonValue | undefined>>

const nameByParameter: Readonly<Record<string, string | undefined>> = brazeNames

/** How many objects a payload becomes. */
export function countObjects(payload: TrackUser): number {
  const events = payload.events?.length ?? 0
  return events === 0 || attributesObject(payload) === undefined ? Math.max(1, events) : events + 1
}

/**
 * The attributes object. A payload with events only has none; one with nothing but an id has it, since it makes the
 * profile.
 */
export function attributesObject(payload: TrackUser): BrazeObject | undefined {
  const identifier = identifierOf(payload)
  const object = addressed(payload, identifier)
  let setsSomething = false
  const values: Readonly<Record<string, unknown>> = payload
  for (const parameter in values) {
    const name = nameByParameter[parameter]
    const value = values[parameter]
    if (name === undefined || value === undefined || !isSent(parameter, value, identifier)) continue
    // The standard fields are texts, booleans and null.
    object[name] = value === '' ? null : (value as string | boolean | null)
    setsSomething ||= parameter !== identifier.kind
  }
  const { latitude, longitude, attributes = {}, events = [] } = payload
  if (typeof latitude === 'number' && typeof longitude === 'number') {
    object['current_location'] = { longitude, latitude }
    setsSomething = true
  }
  for (const name in attributes) {
    // The parameters' check has made these JSON.
    object[name] = attributes[name] as JsonValue
    setsSomething = true
  }
  return setsSomething || events.length === 0 ? object : undefined
}

/** The event objects; an event without a time happened at the time of the delivery. */
export function eventObjects(payload: TrackUser, now: string): BrazeObject[] {
  const { events = [] } = payload
  if (events.length === 0) return []
  const shared = addressed(payload, identifierOf(payload))
  return events.map((event) => ({
    ...shared,
    ...(hasText(event.appId) ? { app_id: event.appId } : {}),
    name: event.name,
    time: hasText(event.time) ? event.time : now,
    ...(event.properties ? { properties: event.properties as JsonValue } : {}),
  }))
}

function addressed(payload: TrackUser, identifier: Identifier): Record<string, JsonValue> {
  // A fresh object that is added to as it is: a spread copy takes V8 twenty times as long to grow.
  const object: Record<string, JsonValue> = identifierFields(identifier)
  // For an alias Braze updates only, unless it is told otherwise.
  if (payload.updateExistingOnly) object['_update_existing_only'] = true
  else if (identifier.kind === 'user_alias') object['_update_existing_only'] = false
  return object
}

/**
 * Null and blank remove a field. But Braze takes no null for a subscription, and beside an e-mail or phone that
 * identifies the user an empty other one would be an identifier that finds nobody.
 */
function isSent(parameter: string, value: unknown, identifier: Identifier): boolean {
  if (value !== null && value !== '') return true
  if (parameter === 'email' || parameter === 'phone') return isPrimary(identifier)
  return parameter !== 'emailSubscribe' && parameter !== 'pushSubscribe'
}

function hasText(text: string | null | undefined): text is string {
  return text !== undefined && text !== null && text.trim() !== ''
}

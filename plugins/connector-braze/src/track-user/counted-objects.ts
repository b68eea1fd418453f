/** What a user did, an object each: Braze counts every one that it is sent. */
import type { JsonValue } from '@sluice/connector-sdk'
import { identifierOf, isGiven } from '../identifiers.ts'
import { type BrazeObject, beginObject } from './braze-object.ts'
import type { TrackUser } from './parameters.ts'

const none: readonly BrazeObject[] = []

/** The event objects; an event without a time happened at the time of the delivery. */
export function eventObjects(payload: TrackUser, now: string): readonly BrazeObject[] {
  const { events = [] } = payload
  if (events.length === 0) return none
  const identifier = identifierOf(payload)
  const objects: BrazeObject[] = []
  for (const event of events) {
    const object = beginObject(identifier, event.updateExistingOnly ?? payload.updateExistingOnly)
    object['name'] = event.name
    objects.push(withCommonFields(object, event, now))
  }
  return objects
}

/** The purchase objects; a purchase without a time happened at the time of the delivery. */
export function purchaseObjects(payload: TrackUser, now: string): readonly BrazeObject[] {
  const { purchases = [] } = payload
  if (purchases.length === 0) return none
  const identifier = identifierOf(payload)
  const objects: BrazeObject[] = []
  for (const purchase of purchases) {
    const object = beginObject(identifier, purchase.updateExistingOnly ?? payload.updateExistingOnly)
    object['product_id'] = purchase.productId
    object['currency'] = purchase.currency
    object['price'] = purchase.price
    if (typeof purchase.quantity === 'number') object['quantity'] = purchase.quantity
    objects.push(withCommonFields(object, purchase, now))
  }
  return objects
}

interface CommonFields {
  readonly appId?: string | null | undefined
  readonly time?: string | null | undefined
  readonly properties?: Readonly<Record<string, unknown>> | null | undefined
}

function withCommonFields(
  object: Record<string, JsonValue>,
  { appId, time, properties }: CommonFields,
  now: string,
): BrazeObject {
  object['time'] = isGiven(time) ? time : now
  if (isGiven(appId)) object['app_id'] = appId
  // The parameters' check has made these JSON.
  if (properties) object['properties'] = properties as JsonValue
  return object
}

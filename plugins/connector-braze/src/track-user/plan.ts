/** Payloads as requests to /users/track: of each user attributes first, then events, then purchases. */
import type { PlanContext, PlannedItem, RequestPlan } from '@sluice/connector-sdk'
import { attributesObject } from './attributes-object.ts'
import type { BrazeObject } from './braze-object.ts'
import { eventObjects, purchaseObjects } from './counted-objects.ts'
import { hasIncrements } from './modifications.ts'
import { objectLimitOf } from './object-limit.ts'
import { createPacking, type Kind, type Packing } from './packing.ts'
import type { TrackUser } from './parameters.ts'

type Items = readonly PlannedItem<TrackUser>[]

/** By this Braze knows uploads of many users; what it makes of it is not documented. */
const bulkHeaders = { 'X-Braze-Bulk': 'true' }

/** Many users a request. */
export function planTrackUser(items: Items, context: PlanContext): readonly RequestPlan[] {
  const packing = packingOf(items, context, bulkHeaders)
  const now = new Date(context.now).toISOString()
  for (const [item, { payload }] of items.entries()) addItem(packing, item, payload, now)
  return packing.finish()
}

/** One user a request. */
export function planTrackUserSingle(items: Items, context: PlanContext): readonly RequestPlan[] {
  const packing = packingOf(items, context, undefined)
  const now = new Date(context.now).toISOString()
  for (const [item, { payload }] of items.entries()) {
    packing.close()
    addItem(packing, item, payload, now)
  }
  return packing.finish()
}

function packingOf(
  items: Items,
  { settings }: PlanContext,
  headers: typeof bulkHeaders | undefined,
): Packing {
  return createPacking({ limit: objectLimitOf(settings), headers, isAlone: items.length === 1 })
}

/** An item that fits into one request goes out in one; any other is split, in order. */
function addItem(packing: Packing, item: number, payload: TrackUser, now: string): void {
  const attributes = attributesObject(payload)
  const events = eventObjects(payload, now)
  const purchases = purchaseObjects(payload, now)
  packing.makeRoom(attributes === undefined ? 0 : 1, events.length, purchases.length)
  if (attributes !== undefined) {
    packing.add('attributes', attributes, { item, part: 0, effect: hasIncrements(payload) ? 'delta' : 'set' })
  }
  const first = attributes === undefined ? 0 : 1
  addCounted(packing, 'events', events, item, first)
  addCounted(packing, 'purchases', purchases, item, first + events.length)
}

function addCounted(
  packing: Packing,
  kind: Kind,
  objects: readonly BrazeObject[],
  item: number,
  first: number,
): void {
  for (let index = 0; index < objects.length; index += 1) {
    const object = objects[index]
    if (object !== undefined) packing.add(kind, object, { item, part: first + index, effect: 'append' })
  }
}

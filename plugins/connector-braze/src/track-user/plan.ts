/** Payloads as requests to /users/track: attributes before events, and never more than Braze takes at once. */
import type { JsonValue, Part, PlanContext, PlannedItem, RequestPlan } from '@sluice/connector-sdk'
import { jsonBytes } from './json-bytes.ts'
import { attributesObject, type BrazeObject, eventObjects } from './objects.ts'
import type { TrackUser } from './parameters.ts'

/** Objects in one request, attributes and events together. */
export const maxObjects = 75
/** Braze takes 4 MB; the rest is room for the frame around the objects. */
export const maxBytes = 3_800_000

interface OpenRequest {
  readonly attributes: BrazeObject[]
  readonly attributeParts: Part[]
  readonly events: BrazeObject[]
  readonly eventParts: Part[]
  bytes: number
}

/** The host cuts groups within the limits; an item that alone passes them becomes several requests, in order. */
export function planTrackUser(
  items: readonly PlannedItem<TrackUser>[],
  context: PlanContext,
): readonly RequestPlan[] {
  const now = new Date(context.now).toISOString()
  const requests: RequestPlan[] = []
  let open = openRequest()

  const roomFor = (object: BrazeObject): OpenRequest => {
    const bytes = jsonBytes(object)
    const objects = open.attributes.length + open.events.length
    if (objects === maxObjects || (objects > 0 && open.bytes + bytes > maxBytes)) {
      requests.push(closed(open))
      open = openRequest()
    }
    open.bytes += bytes
    return open
  }

  for (const [item, { payload }] of items.entries()) {
    let part = 0
    const attributes = attributesObject(payload)
    if (attributes !== undefined) {
      const request = roomFor(attributes)
      request.attributes.push(attributes)
      request.attributeParts.push({ item, part, effect: 'set' })
      part += 1
    }
    for (const event of eventObjects(payload, now)) {
      const request = roomFor(event)
      request.events.push(event)
      request.eventParts.push({ item, part, effect: 'append' })
      part += 1
    }
  }
  if (open.attributes.length + open.events.length > 0) requests.push(closed(open))
  return requests
}

function openRequest(): OpenRequest {
  return { attributes: [], attributeParts: [], events: [], eventParts: [], bytes: 0 }
}

function closed({ attributes, attributeParts, events, eventParts }: OpenRequest): RequestPlan {
  const value: JsonValue = {
    ...(attributes.length > 0 ? { attributes } : {}),
    ...(events.length > 0 ? { events } : {}),
  }
  return {
    method: 'POST',
    path: '/users/track',
    body: { kind: 'json', value },
    parts: [...attributeParts, ...eventParts],
  }
}

/** Fills requests to /users/track with objects, in order, and never with more than Braze takes at once. */
import type { JsonValue, Part, RequestPlan } from '@sluice/connector-sdk'
import { maxBytes } from '../max-bytes.ts'
import type { BrazeObject } from './braze-object.ts'
import { jsonBytes } from './json-bytes.ts'
import type { ObjectLimit } from './object-limit.ts'

/** What the names of the arrays and the brackets around the objects take. */
const frameBytes = 64

export type Kind = 'attributes' | 'events' | 'purchases'

export interface Packing {
  /**
   * Announces an item of so many objects: the open request is closed unless all of them fit, so that no item is
   * split without need.
   */
  makeRoom(attributes: number, events: number, purchases: number): void
  /** Puts an object into the open request, or into a new one when it is full. */
  add(kind: Kind, object: BrazeObject, part: Part): void
  /** What is added from here on goes into another request. */
  close(): void
  /** All requests, in order. */
  finish(): readonly RequestPlan[]
}

interface PackingOptions {
  readonly limit: ObjectLimit
  readonly headers: Readonly<Record<string, string>> | undefined
  /** Whether there is one item only. Any longer group that has too many bytes the host halves. */
  readonly isAlone: boolean
}

interface OpenRequest {
  readonly attributes: BrazeObject[]
  readonly events: BrazeObject[]
  readonly purchases: BrazeObject[]
  readonly parts: Readonly<Record<Kind, Part[]>>
  objects: number
  bytes: number
}

export function createPacking({ limit, headers, isAlone }: PackingOptions): Packing {
  const requests: RequestPlan[] = []
  let open = openRequest()
  // To count bytes is to walk every object: only where the objects of one item may have to go out apart.
  let countsBytes = false

  function close(): void {
    if (open.objects === 0) return
    requests.push(requestOf(open, headers))
    open = openRequest()
  }

  return {
    makeRoom(attributes, events, purchases) {
      const { ofEachKind, together } = limit
      const objects = attributes + events + purchases
      countsBytes = isAlone && objects > 1
      const fits =
        open.objects + objects <= together &&
        open.attributes.length + attributes <= ofEachKind &&
        open.events.length + events <= ofEachKind &&
        open.purchases.length + purchases <= ofEachKind
      if (!fits) close()
    },
    add(kind, object, part) {
      const bytes = countsBytes ? jsonBytes(object) : 0
      const isFull = open.objects === limit.together || open[kind].length === limit.ofEachKind
      if (isFull || open.bytes + bytes > maxBytes - frameBytes) close()
      open[kind].push(object)
      open.parts[kind].push(part)
      open.objects += 1
      open.bytes += bytes
    },
    close,
    finish() {
      close()
      return requests
    },
  }
}

function openRequest(): OpenRequest {
  return {
    attributes: [],
    events: [],
    purchases: [],
    parts: { attributes: [], events: [], purchases: [] },
    objects: 0,
    bytes: 0,
  }
}

function requestOf(
  { attributes, events, purchases, parts, objects }: OpenRequest,
  headers: PackingOptions['headers'],
): RequestPlan {
  const value: Record<string, JsonValue> = {}
  if (attributes.length > 0) value['attributes'] = attributes
  if (events.length > 0) value['events'] = events
  if (purchases.length > 0) value['purchases'] = purchases
  return {
    method: 'POST',
    path: '/users/track',
    ...(headers === undefined ? {} : { headers }),
    body: { kind: 'json', value },
    parts:
      attributes.length === objects
        ? parts.attributes
        : [...parts.attributes, ...parts.events, ...parts.purchases],
  }
}

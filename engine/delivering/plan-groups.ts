/** Plans items as requests, in groups that the connector and its limits allow; what can't be planned at all is rejected. */
import type { PlanContext, PlannedItem, RequestPlan } from '@sluice/connector-sdk'
import type { CompiledLane } from '../compile.ts'
import { type EncodedBody, encodeBody, fits } from '../sending/body.ts'
import type { SendableItem } from './item.ts'
import { isHarmedByRepetition } from './outcome-of.ts'

export interface PlanDeps {
  readonly lane: CompiledLane
  /** Creation of the delivery. */
  readonly createdAt: number
  /** Stable key of an item, for vendors that deduplicate. */
  itemKey(item: SendableItem): string
  /** Keyed hash of a request's body within the delivery, for vendors that take an identical request once. */
  requestKey(body: string): string
}

export interface PlannedRequest {
  readonly request: RequestPlan
  readonly body: EncodedBody
  /** Set where the vendor takes the identical request once. */
  readonly key: string | null
}

export type PlannedGroup =
  | { readonly items: readonly SendableItem[]; readonly requests: readonly PlannedRequest[] }
  /** A single item that no request can carry. */
  | { readonly items: readonly SendableItem[]; readonly rejected: string }

/** Groups in the order of the items: halves, as long as a group can't be planned or makes a request that is too large. */
export function* planGroups(deps: PlanDeps, items: readonly SendableItem[]): Generator<PlannedGroup> {
  // Where all of a slice is rejected nothing is planned: a connector may make a request of no items.
  if (items.length === 0) return
  const requests = plan(deps, items)
  const { bytes } = deps.lane.actionDefinition.limits(deps.lane.settings)
  const isTooLarge = requests?.some(({ body }) => !fits(body, bytes)) ?? false
  if (requests !== null && !isTooLarge) yield { items, requests }
  else if (items.length === 1) yield { items, rejected: isTooLarge ? 'too_large' : 'connector_failed' }
  else for (const half of halvesOf(items)) yield* planGroups(deps, half)
}

/** At most two lists, none of them empty. */
export function halvesOf<Element>(elements: readonly Element[]): readonly (readonly Element[])[] {
  const middle = Math.ceil(elements.length / 2)
  return [elements.slice(0, middle), elements.slice(middle)].filter(({ length }) => length > 0)
}

/**
 * Whether sending these items makes, as far as repetition could do harm, only requests that are identical to ones
 * of these keys: then they may be sent although they may have been sent before.
 */
export function isRepeatable(
  deps: PlanDeps,
  items: readonly SendableItem[],
  keys: ReadonlySet<string>,
): boolean {
  const requests = plan(deps, items)
  if (requests === null) return false
  return requests.every(
    ({ key, request }) => itemsAtRisk(request, items).length === 0 || (key !== null && keys.has(key)),
  )
}

/** The items that a request carries in a way that must not be repeated. */
export function itemsAtRisk({ parts }: RequestPlan, items: readonly SendableItem[]): readonly SendableItem[] {
  if (!parts.some(isHarmedByRepetition)) return []
  const atRisk = new Set<SendableItem>()
  for (const part of parts) {
    const item = items[part.item]
    if (item !== undefined && isHarmedByRepetition(part)) atRisk.add(item)
  }
  return [...atRisk]
}

/** Few vendors deduplicate: the key is made only when it is asked for, and by a method that all items share. */
class PlannedRecord implements PlannedItem<SendableItem['payload']> {
  readonly payload: SendableItem['payload']
  readonly change = 'upsert'
  readonly #item: SendableItem
  readonly #itemKey: PlanDeps['itemKey']
  constructor(item: SendableItem, itemKey: PlanDeps['itemKey']) {
    this.payload = item.payload
    this.#item = item
    this.#itemKey = itemKey
  }
  get key(): string {
    return this.#itemKey(this.#item)
  }
}

function plan(
  { lane, createdAt, itemKey, requestKey }: PlanDeps,
  items: readonly SendableItem[],
): readonly PlannedRequest[] | null {
  try {
    const requests = lane.actionDefinition.plan(
      items.map((item) => new PlannedRecord(item, itemKey)),
      planContext(lane, createdAt),
    )
    return requests.map((request) => keyed(request, requestKey))
  } catch {
    // Plugin code: its message may hold values. The halves find the item that it can't plan.
    return null
  }
}

function planContext({ actionDefinition, prepared, settings }: CompiledLane, now: number): PlanContext {
  return actionDefinition.prepare === undefined ? { settings, now } : { settings, now, prepared }
}

function keyed(request: RequestPlan, requestKey: (body: string) => string): PlannedRequest {
  const body = encodeBody(request)
  const { deduplicationHeader: name } = request
  if (name === undefined) return { request, body, key: null }
  const key = requestKey(`${request.method} ${request.path}\n${besideOf(request)}${body.text ?? ''}`)
  return { request: { ...request, headers: { ...request.headers, [name]: key } }, body, key }
}

/** Two requests that differ in query or headers alone are not one. */
function besideOf({ headers, query }: RequestPlan): string {
  return headers === undefined && query === undefined ? '' : `${JSON.stringify([query, headers])}\n`
}

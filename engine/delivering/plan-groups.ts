/** Plans items as requests, in groups that the connector and its limits allow; what can't be planned at all is rejected. */
import type { PlanContext, PlannedItem, RequestPlan } from '@sluice/connector-sdk'
import type { CompiledLane } from '../compile.ts'
import { type EncodedBody, encodeBody, fits } from '../sending/body.ts'
import type { SendableItem } from './item.ts'
import { isHarmedByRepetition } from './outcome-of.ts'
import { assertOneRequestEach, assertStages, placeholderOf, stageOf } from './stages.ts'

export interface PlanDeps {
  readonly lane: CompiledLane
  /** Creation of the delivery. */
  readonly createdAt: number
  /** Stable key of an item, for vendors that deduplicate. */
  itemKey(item: SendableItem): string
  /** Keyed hash of a request's body within the delivery, for vendors that take an identical request once. */
  requestKey(body: string): string
  /** What earlier stages captured for an item; undefined where they did not. */
  captured?(item: SendableItem, name: string): string | undefined
}

export interface PlannedRequest {
  readonly request: RequestPlan
  readonly body: EncodedBody
  /** Set where the vendor takes the identical request once. */
  readonly key: string | null
}

/** The names that a plan read of items for which they are not captured: placeholders stand for them. */
export type Missing = ReadonlyMap<SendableItem, ReadonlySet<string>>

interface Planned {
  /** In the order of their stages. */
  readonly requests: readonly PlannedRequest[]
  /** Whether they depend on one another: no request of most connectors does. */
  readonly isStaged: boolean
  readonly missing: Missing | null
}

export type PlannedGroup =
  | (Planned & { readonly items: readonly SendableItem[] })
  /** A single item that no request can carry. */
  | { readonly items: readonly SendableItem[]; readonly rejected: string }

/** Groups in the order of the items: halves, as long as a group can't be planned or makes a request that is too large. */
export function* planGroups(deps: PlanDeps, items: readonly SendableItem[]): Generator<PlannedGroup> {
  // Where all of a slice is rejected nothing is planned: a connector may make a request of no items.
  if (items.length === 0) return
  const planned = plan(deps, items)
  const { bytes } = deps.lane.actionDefinition.limits(deps.lane.settings)
  const isTooLarge = planned?.requests.some(({ body }) => !fits(body, bytes)) ?? false
  if (planned !== null && !isTooLarge) yield { items, ...planned }
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
  const planned = plan(deps, items)
  if (planned === null) return false
  return planned.requests.every(
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

/** Few connectors ask for a key or for what was captured: both are found when asked, by methods that all items share. */
class PlannedRecord implements PlannedItem<SendableItem['payload']> {
  readonly payload: SendableItem['payload']
  readonly change = 'upsert'
  readonly #item: SendableItem
  readonly #reader: Reader
  constructor(item: SendableItem, reader: Reader) {
    this.payload = item.payload
    this.#item = item
    this.#reader = reader
  }
  get key(): string {
    return this.#reader.itemKey(this.#item)
  }
  captured(name: string): string {
    return this.#reader.captured(this.#item, name)
  }
}

interface Reader {
  itemKey(item: SendableItem): string
  captured(item: SendableItem, name: string): string
}

function plan(
  { lane, createdAt, itemKey, requestKey, captured }: PlanDeps,
  items: readonly SendableItem[],
): Planned | null {
  const noted: { missing: Map<SendableItem, Set<string>> | null } = { missing: null }
  const reader: Reader = {
    itemKey,
    captured(item, name) {
      const value = captured?.(item, name)
      if (value !== undefined) return value
      noted.missing ??= new Map()
      noted.missing.set(item, (noted.missing.get(item) ?? new Set()).add(name))
      return placeholderOf(name)
    },
  }
  try {
    const { actionDefinition } = lane
    const plans = actionDefinition.plan(
      items.map((item) => new PlannedRecord(item, reader)),
      planContext(lane, createdAt),
    )
    const requests = plans.map((request) => keyed(request, requestKey))
    if (actionDefinition.job !== undefined) assertOneRequestEach(plans)
    const { missing } = noted
    if (missing === null && !plans.some(({ stage }) => stage !== undefined)) {
      return { requests, isStaged: false, missing }
    }
    assertStages(plans)
    const inOrder = requests.toSorted((a, b) => stageOf(a.request) - stageOf(b.request))
    return { requests: inOrder, isStaged: true, missing }
  } catch {
    // Plugin code: its message may hold values. The halves find the item that it can't plan.
    return null
  }
}

/** What the connector's plans are given; what was prepared, where something is. */
export function planContext(
  { actionDefinition, prepared, settings }: CompiledLane,
  now: number,
): PlanContext {
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

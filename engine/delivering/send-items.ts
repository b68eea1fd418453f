/** Plans a group of items, sends its requests and halves the group where one answer refuses it whole. */
import {
  type PlannedItem,
  type RequestPlan,
  type VendorResponse,
  type Verdict,
  verdict,
} from '@sluice/connector-sdk'
import type { CompiledLane } from '../compile.ts'
import { type Account, type EncodedBody, encodeBody, fits, sendRequest } from '../sending/send-request.ts'
import type { Transport } from '../sending/transport.ts'
import type { SendableItem } from './item.ts'
import { isHarmedByRepetition, type PartVerdict } from './outcome-of.ts'

/** The verdict of each part of an item; none where the connector planned nothing for it. */
export type ItemAnswer = readonly PartVerdict[]

export interface SendDeps {
  readonly lane: CompiledLane
  readonly account: Account
  readonly transport: Transport
  readonly now: () => number
  /** Creation of the delivery. */
  readonly createdAt: number
  /** Stable key of an item, for vendors that deduplicate. */
  itemKey(item: SendableItem): string
  /** Keyed hash of a request's body within the delivery, for vendors that take an identical request once. */
  requestKey(body: string): string
  /**
   * Resolves when it is written down that these items, whose repetition could do harm, are about to be sent.
   * `body` is the request's key where the vendor takes the identical request once.
   */
  noteStarted(items: readonly SendableItem[], body: string | null): Promise<void>
  onRequest(request: { readonly latencyMs: number }): void
}

/** Sends items that fit one plan; the answers are in their order. */
export async function sendItems(
  deps: SendDeps,
  items: readonly SendableItem[],
): Promise<readonly ItemAnswer[]> {
  const requests = plan(deps, items)
  if (requests === null) return halve(deps, items, 'connector_failed')
  const limits = deps.lane.actionDefinition.limits(deps.lane.settings)
  if (requests.some(({ body }) => !fits(body, limits.bytes))) return halve(deps, items, 'too_large')

  let answers: PartVerdict[][] | null = null
  for (const { request, body, key } of requests) {
    const atRisk = itemsAtRisk(request, items)
    if (atRisk.length > 0) await deps.noteStarted(atRisk, key)
    const { verdicts, latencyMs } = await sendRequest(
      deps,
      deps.account,
      request,
      body,
      deps.lane.action.requestTimeoutMs,
      interpretOf(deps.lane),
    )
    deps.onRequest({ latencyMs })
    const isRefusedWhole = verdicts.every((each) => each.kind === 'refused' && each.wholeRequest === true)
    // Only when nothing else has been sent for these items may they be planned anew.
    if (isRefusedWhole && requests.length === 1 && items.length > 1) return halve(deps, items, 'refused')
    if (requests.length === 1 && isPlainSuccess(request, verdicts, items)) {
      return items.map(() => allDelivered)
    }
    answers ??= items.map(() => [])
    for (const [place, part] of request.parts.entries()) {
      const answer = verdicts[place]
      if (answer === undefined) continue
      answers[part.item]?.push({ effect: part.effect, isDeduplicated: part.isDeduplicated, verdict: answer })
    }
  }
  return answers ?? items.map(() => [])
}

/** What most items come to: one part, delivered. One list for all of them. */
const allDelivered: ItemAnswer = [{ effect: 'set', verdict: verdict.delivered }]

function isPlainSuccess(
  { parts }: RequestPlan,
  verdicts: readonly Verdict[],
  items: readonly SendableItem[],
): boolean {
  if (parts.length !== items.length) return false
  for (let place = 0; place < parts.length; place += 1) {
    if (parts[place]?.item !== place || verdicts[place]?.kind !== 'delivered') return false
  }
  return true
}

interface PlannedRequest {
  readonly request: RequestPlan
  readonly body: EncodedBody
  /** Set where the vendor takes the identical request once. */
  readonly key: string | null
}

type PlanDeps = Pick<SendDeps, 'lane' | 'createdAt' | 'itemKey' | 'requestKey'>

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
function itemsAtRisk({ parts }: RequestPlan, items: readonly SendableItem[]): readonly SendableItem[] {
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
  readonly #itemKey: SendDeps['itemKey']
  constructor(item: SendableItem, itemKey: SendDeps['itemKey']) {
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
      { settings: lane.settings, now: createdAt },
    )
    return requests.map((request) => keyed(request, requestKey))
  } catch {
    // Plugin code: its message may hold values. The halves find the item that it can't plan.
    return null
  }
}

function keyed(request: RequestPlan, requestKey: (body: string) => string): PlannedRequest {
  const body = encodeBody(request)
  const { deduplicationHeader: name } = request
  if (name === undefined) return { request, body, key: null }
  const key = requestKey(`${request.method} ${request.path}\n${body.text ?? ''}`)
  return { request: { ...request, headers: { ...request.headers, [name]: key } }, body, key }
}

function interpretOf({ actionDefinition }: CompiledLane) {
  const { interpret } = actionDefinition
  if (interpret === undefined) return undefined
  return (request: RequestPlan, response: VendorResponse) => {
    try {
      return interpret(request, response)
    } catch {
      // Plugin code that can't read an answer leaves it open whether the vendor took it.
      return request.parts.map(() => verdict.unknown('answer_unreadable'))
    }
  }
}

async function halve(
  deps: SendDeps,
  items: readonly SendableItem[],
  code: string,
): Promise<readonly ItemAnswer[]> {
  if (items.length <= 1) return items.map(() => [rejectedPart(code)])
  const middle = Math.ceil(items.length / 2)
  const first = await sendItems(deps, items.slice(0, middle))
  const second = await sendItems(deps, items.slice(middle))
  return [...first, ...second]
}

function rejectedPart(code: string): PartVerdict {
  return { effect: 'set', verdict: verdict.rejected(code) }
}

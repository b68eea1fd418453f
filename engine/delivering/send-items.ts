/** Plans a group of items, sends its requests and halves the group where one answer refuses it whole. */
import { type RequestPlan, type VendorResponse, verdict } from '@sluice/connector-sdk'
import type { CompiledLane } from '../compile.ts'
import { type Account, type EncodedBody, encodeBody, fits, sendRequest } from '../sending/send-request.ts'
import type { Transport } from '../sending/transport.ts'
import type { SendableItem } from './item.ts'
import type { PartVerdict } from './outcome-of.ts'

/** An item with the verdict of each of its parts; with none where the connector planned nothing for it. */
export interface AnsweredItem {
  readonly item: SendableItem
  readonly parts: readonly PartVerdict[]
}

export interface SendDeps {
  readonly lane: CompiledLane
  readonly account: Account
  readonly transport: Transport
  readonly now: () => number
  /** Creation of the delivery. */
  readonly createdAt: number
  /** Stable key of an item, for vendors that deduplicate. */
  itemKey(item: SendableItem): string
  onRequest(request: { readonly latencyMs: number }): void
}

/** Sends items that fit one plan; the result is in their order. */
export async function sendItems(
  deps: SendDeps,
  items: readonly SendableItem[],
): Promise<readonly AnsweredItem[]> {
  const requests = plan(deps, items)
  if (requests === null) return halve(deps, items, 'connector_failed')
  const limits = deps.lane.actionDefinition.limits(deps.lane.settings)
  if (requests.some(({ body }) => !fits(body, limits.bytes))) return halve(deps, items, 'too_large')

  const parts: PartVerdict[][] = items.map(() => [])
  for (const { request, body } of requests) {
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
    for (const [place, part] of request.parts.entries()) {
      const answer = verdicts[place]
      if (answer !== undefined) parts[part.item]?.push({ effect: part.effect, verdict: answer })
    }
  }
  return items.map((item, index) => ({ item, parts: parts[index] ?? [] }))
}

interface PlannedRequest {
  readonly request: RequestPlan
  readonly body: EncodedBody
}

function plan(
  { lane, createdAt, itemKey }: SendDeps,
  items: readonly SendableItem[],
): readonly PlannedRequest[] | null {
  try {
    const requests = lane.actionDefinition.plan(
      items.map((item) => ({
        payload: item.payload,
        change: 'upsert' as const,
        // Few vendors deduplicate: the key is made only for those that ask.
        get key() {
          return itemKey(item)
        },
      })),
      { settings: lane.settings, now: createdAt },
    )
    return requests.map((request) => ({ request, body: encodeBody(request) }))
  } catch {
    // Plugin code: its message may hold values. The halves find the item that it can't plan.
    return null
  }
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
): Promise<readonly AnsweredItem[]> {
  const [only] = items
  if (items.length <= 1) return only === undefined ? [] : [{ item: only, parts: [rejectedPart(code)] }]
  const middle = Math.ceil(items.length / 2)
  const first = await sendItems(deps, items.slice(0, middle))
  const second = await sendItems(deps, items.slice(middle))
  return [...first, ...second]
}

function rejectedPart(code: string): PartVerdict {
  return { effect: 'set', verdict: verdict.rejected(code) }
}

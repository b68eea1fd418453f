/** Sends planned groups of items, one request after the other, and halves a group that one answer refuses whole. */
import { type RequestPlan, type VendorResponse, type Verdict, verdict } from '@sluice/connector-sdk'
import type { CompiledLane } from '../compile.ts'
import { type Account, sendRequest } from '../sending/send-request.ts'
import type { Transport } from '../sending/transport.ts'
import type { SendableItem } from './item.ts'
import type { PartVerdict } from './outcome-of.ts'
import { halvesOf, itemsAtRisk, type PlanDeps, type PlannedGroup, planGroups } from './plan-groups.ts'

/** The verdict of each part of an item; none where the connector planned nothing for it. */
export type ItemAnswer = readonly PartVerdict[]

export interface SendDeps extends PlanDeps {
  readonly account: Account
  readonly transport: Transport
  readonly now: () => number
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
  const answers: ItemAnswer[] = []
  for (const group of planGroups(deps, items)) answers.push(...(await sendGroup(deps, group)))
  return answers
}

async function sendGroup(deps: SendDeps, group: PlannedGroup): Promise<readonly ItemAnswer[]> {
  const { items } = group
  if ('rejected' in group) return items.map(() => [rejectedPart(group.rejected)])
  const { requests } = group
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
    if (isRefusedWhole && requests.length === 1 && items.length > 1) return sendHalves(deps, items)
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

async function sendHalves(deps: SendDeps, items: readonly SendableItem[]): Promise<readonly ItemAnswer[]> {
  const answers: ItemAnswer[] = []
  for (const half of halvesOf(items)) answers.push(...(await sendItems(deps, half)))
  return answers
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

function rejectedPart(code: string): PartVerdict {
  return { effect: 'set', verdict: verdict.rejected(code) }
}

/** Sends planned groups of items, one request after the other, and halves a group that one answer refuses whole. */
import { type RequestPlan, type VendorResponse, type Verdict, verdict } from '@sluice/connector-sdk'
import type { CompiledLane } from '../compile.ts'
import type { Account } from '../sending/account.ts'
import { type SendingDeps, sendRequest } from '../sending/send-request.ts'
import type { SendableItem } from './item.ts'
import type { PartVerdict } from './outcome-of.ts'
import { halvesOf, itemsAtRisk, type PlanDeps, type PlannedGroup, planGroups } from './plan-groups.ts'

/** The verdict of each part of an item; none where the connector planned nothing for it. */
export type ItemAnswer = readonly PartVerdict[]

export interface SendDeps extends PlanDeps, SendingDeps {
  readonly account: Account
  readonly now: () => number
  /**
   * Resolves when it is written down that these items, whose repetition could do harm, are about to be sent.
   * `body` is the request's key where the vendor takes the identical request once.
   */
  noteStarted(items: readonly SendableItem[], body: string | null): Promise<void>
  /** Told of each request when it has ended; `parts` count the items of the group by their place. */
  onRequest(request: {
    readonly latencyMs: number
    readonly items: readonly SendableItem[]
    readonly parts: RequestPlan['parts']
  }): void
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
    deps.onRequest({ latencyMs, items, parts: request.parts })
    if (requests.length === 1 && isPlainSuccess(request, verdicts, items)) {
      return items.map(() => allDelivered)
    }
    answers ??= items.map(() => [])
    const again = isRefusedWhole(verdicts) ? plannableAnew(request, requests) : []
    const answersAnew = await sendHalves(
      deps,
      again.flatMap((index) => items[index] ?? []),
    )
    for (const [place, index] of again.entries()) answers[index]?.push(...(answersAnew[place] ?? []))
    for (const [place, part] of request.parts.entries()) {
      const answer = verdicts[place]
      if (answer === undefined || again.includes(part.item)) continue
      answers[part.item]?.push({ effect: part.effect, isDeduplicated: part.isDeduplicated, verdict: answer })
    }
  }
  return answers ?? items.map(() => [])
}

function isRefusedWhole(verdicts: readonly Verdict[]): boolean {
  return verdicts.every((each) => each.kind === 'refused' && each.wholeRequest === true)
}

/**
 * The items of a request that carries several, as far as no other request carries parts of them: only when nothing
 * else is sent for an item may it be planned anew.
 */
function plannableAnew(
  request: RequestPlan,
  requests: readonly { readonly request: RequestPlan }[],
): readonly number[] {
  const carried = [...new Set(request.parts.map(({ item }) => item))]
  if (carried.length < 2) return []
  const others = new Set(
    requests.flatMap((other) =>
      other.request === request ? [] : other.request.parts.map(({ item }) => item),
    ),
  )
  return carried.filter((item) => !others.has(item))
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

/** Sends requests that do not depend on one another, and has a group that one answer refuses whole sent by halves. */
import { type Captured, type RequestPlan, type Verdict, verdict } from '@sluice/connector-sdk'
import type { Account } from '../sending/account.ts'
import { type SendingDeps, sendRequest } from '../sending/send-request.ts'
import type { SendableItem } from './item.ts'
import { isTaken, type PartVerdict } from './outcome-of.ts'
import { halvesOf, itemsAtRisk, type PlanDeps, type PlannedRequest } from './plan-groups.ts'
import { readerOf } from './read-answer.ts'

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

export interface Round {
  readonly answers: readonly ItemAnswer[]
  /** The places of items that were planned anew, and so are over. */
  readonly anew: ReadonlySet<number>
  /** What each item's answers hand on. */
  readonly captured: ReadonlyMap<SendableItem, Captured>
}

/** All requests of a group, for most connectors. */
export interface Requests {
  readonly items: readonly SendableItem[]
  readonly requests: readonly PlannedRequest[]
  readonly isStaged: boolean
}

export async function sendRequests(
  deps: SendDeps,
  { items, requests, isStaged }: Requests,
  sendAnew: (items: readonly SendableItem[]) => Promise<readonly ItemAnswer[]>,
): Promise<Round> {
  let answers: PartVerdict[][] | null = null
  const anew = new Set<number>()
  const captured = new Map<SendableItem, Captured>()
  for (const { request, body, key } of requests) {
    const atRisk = itemsAtRisk(request, items)
    if (atRisk.length > 0) await deps.noteStarted(atRisk, key)
    const reader = readerOf(deps)
    const { verdicts, latencyMs } = await sendRequest(
      deps,
      deps.account,
      request,
      body,
      deps.lane.action.requestTimeoutMs,
      reader.interpret,
    )
    deps.onRequest({ latencyMs, items, parts: request.parts })
    if (requests.length === 1 && !isStaged && isPlainSuccess(request, verdicts, items)) {
      return { answers: items.map(() => allDelivered), anew, captured }
    }
    answers ??= items.map(() => [])
    const again = plannableAnew(request, requests, verdicts)
    const itemsAnew = again.flatMap((index) => items[index] ?? [])
    // Where the answer names the culprits the others go out without them; where it names none, halves find them.
    const groups = verdicts.every(isRefusedWhole) ? halvesOf(itemsAnew) : [itemsAnew]
    const answersAnew: ItemAnswer[] = []
    for (const group of groups) if (group.length > 0) answersAnew.push(...(await sendAnew(group)))
    for (const [place, index] of again.entries()) {
      anew.add(index)
      answers[index]?.push(...(answersAnew[place] ?? []))
    }
    for (const [place, part] of request.parts.entries()) {
      const answer = verdicts[place]
      const item = items[part.item]
      if (answer === undefined || item === undefined || again.includes(part.item)) continue
      const found = isTaken(answer) ? (reader.captured[place] ?? nothing) : nothing
      const isCaptured = Object.keys(found).length > 0
      if (isCaptured) captured.set(item, { ...captured.get(item), ...found })
      answers[part.item]?.push({
        effect: part.effect,
        isDeduplicated: part.isDeduplicated,
        verdict: answer,
        stage: request.stage,
        isCaptured,
        ...(answer.kind === 'accepted' ? reader.jobOf(place) : {}),
      })
    }
  }
  return { answers: answers ?? items.map(() => []), anew, captured }
}

const nothing: Captured = {}

function isRefusedWhole(answer: Verdict | undefined): boolean {
  return answer?.kind === 'refused' && answer.wholeRequest === true
}

/**
 * The items of a request that carries several which were refused only for the company they were in, as far as no
 * other request carries parts of them: only when nothing else is sent for an item may it be planned anew.
 */
function plannableAnew(
  request: RequestPlan,
  requests: readonly PlannedRequest[],
  verdicts: readonly Verdict[],
): readonly number[] {
  if (!verdicts.some(isRefusedWhole)) return []
  const { parts } = request
  const blamed = new Set(parts.flatMap(({ item }, place) => (isRefusedWhole(verdicts[place]) ? [] : [item])))
  const all = new Set(parts.map(({ item }) => item))
  const carried = [...all].filter((item) => !blamed.has(item))
  if (all.size < 2 || carried.length === 0) return []
  const others = new Set(
    requests.flatMap((other) =>
      other.request === request ? [] : other.request.parts.map(({ item }) => item),
    ),
  )
  return carried.filter((item) => !others.has(item))
}

/** What most items come to: one part, delivered. One list for all of them. */
export const allDelivered: ItemAnswer = [{ effect: 'set', verdict: verdict.delivered }]

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

/** Sends the requests of one stage, and those of later stages for the items that ended well in it. */
import { type Captured, verdict } from '@sluice/connector-sdk'
import type { SendableItem } from './item.ts'
import { isHarmedByRepetition, isTaken, type PartVerdict } from './outcome-of.ts'
import type { Missing, PlannedGroup, PlannedRequest } from './plan-groups.ts'
import { allDelivered, type ItemAnswer, type Round, type SendDeps, sendRequests } from './send-requests.ts'
import { isIncomplete, stageOf } from './stages.ts'

/** How far items are. */
export interface Going {
  /** The stage they have come to, in this pass. */
  readonly from: number
  /** The stage they had come to in an earlier pass: what must not be repeated of those before it is done. */
  readonly reached: number
  /** What answers of this pass have handed on. */
  readonly captured: ReadonlyMap<SendableItem, Captured>
}

/** Plans and sends items, as far as they are. */
export type Send = (items: readonly SendableItem[], going?: Going) => Promise<readonly ItemAnswer[]>

type StagedGroup = Exclude<PlannedGroup, { readonly rejected: string }>

/**
 * Each stage is planned anew, with what the stages before it captured and without the items that did not end well:
 * so a request that carries several items goes out for the others.
 */
export async function sendStage(
  deps: SendDeps,
  { items, requests, missing }: StagedGroup,
  going: Going,
  send: Send,
): Promise<readonly ItemAnswer[]> {
  const left = requests.filter(({ request }) => stageOf(request) >= going.from && !isDone(request, going))
  const stage = Math.min(...left.map(({ request }) => stageOf(request)))
  const now = left.filter(({ request }) => stageOf(request) === stage)
  const later = carriedBy(left.filter(({ request }) => stageOf(request) > stage))
  const isNeeded = (index: number) => going.from > 0 && !later.has(index)
  const lacking = lackingItems(items, now, missing, isNeeded)
  if (lacking.size > 0) return sendOthers(items, lacking, send)

  const round = await sendRequests(deps, { items, requests: now, isStaged: true }, send)
  const carried = carriedBy(now)
  const answers = items.map((_, index) => {
    const answer = round.answers[index] ?? []
    return carried.has(index) || later.has(index)
      ? answer
      : [...answer, ...ofNothingLeft(requests, index, going)]
  })
  const goOn = [...later].filter((index) => !round.anew.has(index) && hasEndedWell(answers[index]))
  if (goOn.length === 0) return answers
  const more = await send(
    goOn.flatMap((index) => items[index] ?? []),
    { ...going, from: stage + 1, captured: together(going, round) },
  )
  for (const [place, index] of goOn.entries()) {
    answers[index] = [...(answers[index] ?? []), ...(more[place] ?? [])]
  }
  return answers
}

/** Whether an earlier pass has sent it, and it must not be repeated. */
function isDone(request: PlannedRequest['request'], { reached }: Going): boolean {
  return stageOf(request) < reached && request.parts.some(isHarmedByRepetition)
}

function carriedBy(requests: readonly PlannedRequest[]): ReadonlySet<number> {
  return new Set(requests.flatMap(({ request }) => request.parts.map(({ item }) => item)))
}

/** The items for which a request would go out with a placeholder. In an item's last stage all it asked for is needed. */
function lackingItems(
  items: readonly SendableItem[],
  requests: readonly PlannedRequest[],
  missing: Missing | null,
  isNeeded: (index: number) => boolean,
): ReadonlySet<SendableItem> {
  const lacking = new Set<SendableItem>()
  if (missing === null) return lacking
  for (const { request, body } of requests) {
    for (const { item: index } of request.parts) {
      const item = items[index]
      const names = item === undefined ? undefined : missing.get(item)
      if (item === undefined || names === undefined) continue
      if (isNeeded(index) || isIncomplete(request, body.text, names)) lacking.add(item)
    }
  }
  return lacking
}

async function sendOthers(
  items: readonly SendableItem[],
  lacking: ReadonlySet<SendableItem>,
  send: Send,
): Promise<readonly ItemAnswer[]> {
  const others = items.filter((item) => !lacking.has(item))
  const answers = others.length === 0 ? [] : await send(others)
  let next = 0
  return items.map((item) => (lacking.has(item) ? captureMissing : (answers[next++] ?? [])))
}

const captureMissing: ItemAnswer = [{ effect: 'set', verdict: verdict.refused('capture_missing') }]

/** Of an item that has nothing to send any more: an earlier pass sent it all, or the connector lost it on the way. */
function ofNothingLeft(
  requests: readonly PlannedRequest[],
  index: number,
  { from }: Going,
): readonly PartVerdict[] {
  if (from > 0) return [{ effect: 'set', verdict: verdict.rejected('not_planned') }]
  return carriedBy(requests).has(index) ? allDelivered : []
}

function hasEndedWell(answer: ItemAnswer = []): boolean {
  return answer.every((part) => isTaken(part.verdict))
}

function together(going: Going, round: Round): ReadonlyMap<SendableItem, Captured> {
  const captured = new Map(going.captured)
  for (const [item, found] of round.captured) captured.set(item, { ...captured.get(item), ...found })
  return captured
}

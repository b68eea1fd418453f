/** Tries waiting items that are due: reads their rows again, so that what is sent is what is true now. */
import type { RecordBatch } from '@sluice/connector-sdk'
import type { CompiledLane } from '../compile.ts'
import { cut } from '../planning/cut.ts'
import { keyOf } from '../reading/position.ts'
import { rowsStatement } from '../reading/statements.ts'
import { rowOf } from './holds.ts'
import { type Item, itemOf } from './item.ts'
import type { Counts } from './outcome.ts'
import { heldOutcome, interruptedOutcome } from './outcome-of.ts'
import type { PassDeps } from './pass-deps.ts'
import { changeOf, createJobPoller, type JobItem, termOf } from './poll-jobs.ts'
import type { ExceptionChange, WaitingItem } from './progress.ts'
import type { Sending } from './sending.ts'
import type { SettledItem } from './settlement.ts'

const claimSize = 500

/** Ends when nothing is due, or when the pass halts: what was claimed and not sent stays due. */
export async function retryDue(deps: PassDeps, sending: Sending): Promise<void> {
  const jobs = createJobPoller(deps, sending.pause)
  while (sending.halt() === null) {
    const claimed = await deps.progress.claimDue(claimSize)
    if (claimed.length === 0) return
    const ofJobs = claimed.filter(isOfJob)
    if (ofJobs.length > 0) await jobs.settle(ofJobs)
    const others = ofJobs.length === 0 ? claimed : claimed.filter((item) => !isOfJob(item))
    if (others.length > 0) await tryAgain(deps, sending, others)
    // Outcomes are committed before the next claim, which would find them still waiting.
    await sending.drained()
  }
}

function isOfJob(item: WaitingItem): item is JobItem {
  return item.job !== null
}

interface Candidate {
  readonly waiting: WaitingItem
  readonly item: Item
}

async function tryAgain(deps: PassDeps, sending: Sending, claimed: readonly WaitingItem[]): Promise<void> {
  const { lane, now, progress } = deps
  const keys = claimed.map(({ position }) => keyOf(lane.source, position))
  const batch = await deps.connection.query(rowsStatement(lane, keys, progress.start.stretch.until))
  const rows = rowsByKey(lane, batch)

  const candidates: Candidate[] = []
  const changes: ExceptionChange[] = []
  const counts = { gone: 0, superseded: 0, unknown: 0 }
  for (const waiting of claimed) {
    const { attempts, firstAt, id, isStarted } = waiting
    if (isStarted) {
      counts.unknown += 1
      changes.push({ id, ...interruptedOutcome })
      continue
    }
    const row = rows.get(rowOf(lane, waiting.position))
    const item = row?.isWithin === true ? itemOf(lane, batch, row.index) : null
    if (item === null) {
      counts[row === undefined ? 'gone' : 'superseded'] += 1
      changes.push({ id, kind: 'over' })
    } else if (item.kind === 'sendable' && progress.hashOf(item.recipient) !== waiting.recipient) {
      // It goes to somebody else now, who may have items open before it: it is claimed again, in that order.
      const { recipient } = item
      changes.push({ id, ...heldOutcome(now()), attempts, firstAt, recipient })
    } else {
      candidates.push({ waiting, item })
    }
  }
  if (changes.length > 0) await progress.write({ exceptionChanges: changes, counts })

  const limits = lane.actionDefinition.limits(lane.settings)
  const weighed = candidates.map((candidate) => ({ ...candidate.item, candidate }))
  // Claimed items share no recipient, so that their order does not matter.
  const byStage = [...new Set(candidates.map(({ waiting }) => waiting.stage))].map((stage) =>
    weighed.filter(({ candidate }) => candidate.waiting.stage === stage),
  )
  for (const group of byStage.flatMap((each) => cut(each, limits))) {
    const members = group.map(({ candidate }) => candidate)
    // What is left keeps its due time and its class: a claim ends with its pass.
    if (!(await sendAgain(deps, sending, members))) return
  }
}

/** Returns whether it was sent: not when the pass has halted. */
function sendAgain(
  { progress }: PassDeps,
  sending: Sending,
  members: readonly Candidate[],
): Promise<boolean> {
  return sending.start({
    items: members.map(({ item }) => item),
    isUncut: false,
    mayBeHeld: false,
    isRepeat: false,
    reached: members[0]?.waiting.stage ?? 0,
    historyOf(index) {
      const member = members[index]
      if (member === undefined) throw new RangeError('A history is asked for an item of this work only.')
      const { attempts, firstAt, ordinal, position, slice } = member.waiting
      return { place: { slice, ordinal, position }, attempts, firstAt }
    },
    async noteStarted(items) {
      const isAtRisk = new Set<Item>(items)
      const ids = members.filter(({ item }) => isAtRisk.has(item)).map(({ waiting }) => waiting.id)
      await progress.write({ startedExceptions: ids })
    },
    async settle(settled, requests) {
      const counts = new Map<string, number>()
      const retries = members.filter(({ waiting }) => waiting.firstAt !== null).length
      const exceptionChanges = settled.flatMap((each, index): ExceptionChange[] => {
        const id = members[index]?.waiting.id
        if (id === undefined) return []
        const term = termOf(each.outcome)
        if (term !== null) counts.set(term, (counts.get(term) ?? 0) + 1)
        return [changeOf({ id, firstAt: firstAtOf(each) }, each.outcome)]
      })
      await progress.write({
        exceptionChanges,
        counts: { ...(Object.fromEntries(counts) as Counts), retries, requests },
      })
    },
  })
}

function firstAtOf(settled: SettledItem): number | null {
  return 'firstAt' in settled ? settled.firstAt : null
}

function rowsByKey(
  lane: CompiledLane,
  batch: RecordBatch,
): ReadonlyMap<string, { readonly index: number; readonly isWithin: boolean }> {
  const rows = new Map<string, { readonly index: number; readonly isWithin: boolean }>()
  const within = batch.columns[lane.attributes.length + lane.positionLength]
  for (let index = 0; index < batch.length; index += 1) {
    const position = lane.positionOf(batch.columns, index)
    rows.set(rowOf(lane, position), { index, isWithin: within?.[index] === 1 })
  }
  return rows
}

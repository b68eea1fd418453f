/** From an item's verdicts to its outcome: what is over, what is tried again and when. Pure. */
import { type ConnectorDefinition, type Effect, type Verdict, worstVerdict } from '@sluice/connector-sdk'
import { keptCode } from '../sending/codes.ts'
import { gather, nextDue, type RetrySchedule } from '../sending/schedule.ts'
import { type JobTimes, jobTimesOf } from './job-times.ts'
import type { Counted, DeadLetter, Outcome, Reporter, Waiting } from './outcome.ts'

/** One part of an item with the verdict it got. */
export interface PartVerdict {
  readonly effect: Effect
  /** The vendor takes it once, however often it is sent. */
  readonly isDeduplicated?: boolean | undefined
  readonly verdict: Verdict
  /** The stage of its request; none is 0. */
  readonly stage?: number | undefined
  /** Whether its answer handed something on, which later stages need and nobody keeps. */
  readonly isCaptured?: boolean
  /** The job that has accepted it. */
  readonly job?: { readonly handle: string; readonly place: number }
}

export interface Attempt {
  /** How often the item was tried before. */
  readonly attempts: number
  /** When it was tried first, epoch milliseconds. */
  readonly firstAt: number
  readonly now: number
  readonly schedule: RetrySchedule
  /** How long the vendor may take to apply what got no answer, in milliseconds. */
  readonly applyWithinMs: number
  /** An earlier pass may have sent the same: only an answer that is final can be believed. */
  readonly isRepeat: boolean
  readonly catalogue: ConnectorDefinition['errorCatalogue']
  /** Of the job that may have accepted it. */
  readonly jobTimes?: JobTimes
}

/** How long to wait when a vendor throttles without saying for how long. */
const defaultThrottleMs = 10_000
/** What a vendor may ask for: less would be a busy loop, more would never be due. */
const leastThrottleMs = 1_000
const mostThrottleMs = 24 * 60 * 60 * 1000

/** What most items come to: one object for all of them. */
export const delivered: Counted = { kind: 'counted', term: 'delivered' }

/** A pass that ended half-way may have sent it, and a repetition could do harm. */
export const interruptedOutcome: DeadLetter = {
  kind: 'dead',
  outcome: 'unknown',
  reporter: 'sluice',
  code: 'interrupted',
}

/** It waits for others of its recipient: that uses up neither attempts nor time. */
export function heldOutcome(now: number): Waiting {
  return { kind: 'waiting', reporter: 'sluice', code: 'held', attempts: 0, dueAt: now }
}

/** Whether every part of an item was simply taken. */
export function isDelivered(parts: readonly PartVerdict[]): boolean {
  for (const { verdict } of parts) if (verdict.kind !== 'delivered') return false
  return parts.length > 0
}

/** The outcome of an item whose parts got these verdicts. */
export function outcomeOf(parts: readonly PartVerdict[], attempt: Attempt): Outcome {
  // The worst of no verdicts would be delivered: an item that no request carried must not pass for sent.
  if (parts.length === 0) return dead('rejected', 'sluice', 'not_planned')
  const worst = worstVerdict(parts.map(({ verdict }) => verdict))
  switch (worst.kind) {
    case 'delivered':
      return delivered
    case 'accepted':
      return acceptedOutcome(parts, attempt)
    case 'deliveredWithWarning':
      return { kind: 'counted', term: 'warned' }
    case 'rejected':
      return dead('rejected', 'sluice', keptCode(worst.code, attempt.catalogue), worst.path)
    case 'refused':
      return dead('refused', 'vendor', keptCode(worst.code, attempt.catalogue), worst.path)
    case 'retry':
    case 'throttled':
    case 'setup':
    case 'unknown':
      return repeat(parts, worst, attempt)
  }
}

/** A job has it: nothing newer may pass it until the job is over. Without a job it is over already. */
function acceptedOutcome(
  parts: readonly PartVerdict[],
  { attempts, jobTimes = jobTimesOf(), now }: Attempt,
): Counted | Waiting {
  const jobs = parts.flatMap(({ job }) => job ?? [])
  const [first] = jobs
  if (first === undefined) return delivered
  return {
    ...waiting('accepted', gather(now + jobTimes.pollAfterMs, now), attempts),
    quarantinedUntil: now + jobTimes.mostMs,
    job: {
      handle: first.handle,
      acceptedAt: now,
      places: jobs.map(({ place }) => place),
      isHarmful: parts.some(isHarmedByRepetition),
    },
  }
}

type Unfinished = Extract<Verdict, { kind: 'retry' | 'throttled' | 'setup' | 'unknown' }>

function repeat(
  parts: readonly PartVerdict[],
  worst: Unfinished,
  { applyWithinMs, now, ...attempt }: Attempt,
): DeadLetter | Waiting {
  const outcome = openOutcome(parts, worst, { ...attempt, now })
  if (!parts.some(({ effect, verdict }) => effect === 'set' && verdict.kind === 'unknown')) return outcome
  // It may still be applied, over anything newer. Counted from when the answer was given up: never too soon.
  const quarantinedUntil = now + applyWithinMs
  if (outcome.kind === 'dead') return { ...outcome, quarantinedUntil }
  return { ...outcome, quarantinedUntil, dueAt: Math.max(outcome.dueAt, quarantinedUntil) }
}

function openOutcome(
  parts: readonly PartVerdict[],
  worst: Unfinished,
  { attempts, catalogue, firstAt, isRepeat, now, schedule }: Omit<Attempt, 'applyWithinMs'>,
): DeadLetter | Waiting {
  const code = worst.kind === 'throttled' ? 'throttled' : keptCode(worst.code, catalogue)
  const applied = parts.filter(
    (part) => isHarmedByRepetition(part) && (isRepeat || mayBeApplied(part.verdict)),
  )
  // What was, or may have been, appended must not be appended again: only a later stage may go on behind it.
  const stage = stageToGoOnFrom(parts)
  if (applied.some((part) => isRepeat || part.isCaptured === true || (part.stage ?? 0) >= stage)) {
    return dead('unknown', 'vendor', worst.kind === 'unknown' ? code : 'partly_applied')
  }
  const from = applied.length > 0 ? { stage } : {}
  switch (worst.kind) {
    case 'setup':
      return { ...waiting(code, now, attempts), ...from }
    case 'throttled': {
      if (now - firstAt >= schedule.forMs) return dead('exhausted', 'vendor', code)
      return { ...waiting(code, gather(now + throttleMs(worst.retryAfterMs), now), attempts), ...from }
    }
    case 'retry':
    case 'unknown': {
      const dueAt = nextDue(schedule, attempts + 1, firstAt, now)
      if (dueAt === null) return dead('exhausted', 'vendor', code)
      return { ...waiting(code, dueAt, attempts + 1), ...from }
    }
  }
}

/** The first stage that is not over. */
function stageToGoOnFrom(parts: readonly PartVerdict[]): number {
  const open = parts.flatMap(({ stage = 0, verdict }) => (isTaken(verdict) ? [] : [stage]))
  return Math.min(...open)
}

/** Whether sending a part twice would count twice. */
export function isHarmedByRepetition({
  effect,
  isDeduplicated,
}: Pick<PartVerdict, 'effect' | 'isDeduplicated'>): boolean {
  return effect !== 'set' && isDeduplicated !== true
}

function throttleMs(asked: number = defaultThrottleMs): number {
  if (Number.isNaN(asked)) return defaultThrottleMs
  return Math.min(mostThrottleMs, Math.max(leastThrottleMs, asked))
}

/** Whether the vendor has it, so that an item may go on to its next stage. */
export function isTaken({ kind }: Verdict): boolean {
  return kind === 'delivered' || kind === 'deliveredWithWarning' || kind === 'accepted'
}

function mayBeApplied(verdict: Verdict): boolean {
  return isTaken(verdict) || verdict.kind === 'unknown'
}

function dead(outcome: DeadLetter['outcome'], reporter: Reporter, code: string, path?: string): DeadLetter {
  return { kind: 'dead', outcome, reporter, code, ...(path === undefined ? {} : { path }) }
}

function waiting(code: string, dueAt: number, attempts: number): Waiting {
  return { kind: 'waiting', reporter: 'vendor', code, dueAt, attempts }
}

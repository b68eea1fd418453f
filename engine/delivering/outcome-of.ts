/** From an item's verdicts to its outcome: what is over, what is tried again and when. Pure. */
import { type ConnectorDefinition, type Effect, type Verdict, worstVerdict } from '@sluice/connector-sdk'
import { keptCode } from '../sending/codes.ts'
import { gather, nextDue, type RetrySchedule } from '../sending/schedule.ts'
import type { Counted, DeadLetter, Outcome, Reporter, Waiting } from './outcome.ts'

/** One part of an item with the verdict it got. */
export interface PartVerdict {
  readonly effect: Effect
  readonly verdict: Verdict
}

export interface Attempt {
  /** How often the item was tried before. */
  readonly attempts: number
  /** When it was tried first, epoch milliseconds. */
  readonly firstAt: number
  readonly now: number
  readonly schedule: RetrySchedule
  readonly catalogue: ConnectorDefinition['errorCatalogue']
}

/** How long to wait when a vendor throttles without saying for how long. */
const defaultThrottleMs = 10_000
/** What a vendor may ask for: less would be a busy loop, more would never be due. */
const leastThrottleMs = 1_000
const mostThrottleMs = 24 * 60 * 60 * 1000

/** What most items come to: one object for all of them. */
export const delivered: Counted = { kind: 'counted', term: 'delivered' }

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
    case 'accepted':
      return delivered
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

function repeat(
  parts: readonly PartVerdict[],
  worst: Extract<Verdict, { kind: 'retry' | 'throttled' | 'setup' | 'unknown' }>,
  attempt: Attempt,
): Outcome {
  const code = worst.kind === 'throttled' ? 'throttled' : keptCode(worst.code, attempt.catalogue)
  // What was, or may have been, appended must not be appended again.
  const harmful = parts.filter(({ effect, verdict }) => effect !== 'set' && mayBeApplied(verdict))
  if (harmful.length > 0) return dead('unknown', 'vendor', worst.kind === 'unknown' ? code : 'partly_applied')

  const { attempts, firstAt, now, schedule } = attempt
  switch (worst.kind) {
    case 'setup':
      return waiting(code, now, attempts)
    case 'throttled': {
      if (now - firstAt >= schedule.forMs) return dead('exhausted', 'vendor', code)
      return waiting(code, gather(now + throttleMs(worst.retryAfterMs), now), attempts)
    }
    case 'retry':
    case 'unknown': {
      const dueAt = nextDue(schedule, attempts + 1, firstAt, now)
      return dueAt === null ? dead('exhausted', 'vendor', code) : waiting(code, dueAt, attempts + 1)
    }
  }
}

function throttleMs(asked: number = defaultThrottleMs): number {
  if (Number.isNaN(asked)) return defaultThrottleMs
  return Math.min(mostThrottleMs, Math.max(leastThrottleMs, asked))
}

function mayBeApplied({ kind }: Verdict): boolean {
  return kind === 'delivered' || kind === 'deliveredWithWarning' || kind === 'accepted' || kind === 'unknown'
}

function dead(outcome: DeadLetter['outcome'], reporter: Reporter, code: string, path?: string): DeadLetter {
  return { kind: 'dead', outcome, reporter, code, ...(path === undefined ? {} : { path }) }
}

function waiting(code: string, dueAt: number, attempts: number): Waiting {
  return { kind: 'waiting', reporter: 'vendor', code, dueAt, attempts }
}

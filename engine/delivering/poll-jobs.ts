/** Asks jobs how far they are, and settles the waiting items that they have: nothing is uploaded again for that. */
import {
  type JobDefinition,
  type JobResult,
  type JobState,
  type PlanContext,
  type RequestPlan,
  type VendorResponse,
  type Verdict,
  worstVerdict,
} from '@sluice/connector-sdk'
import { applyWithinMs } from '../documents.ts'
import { gather } from '../sending/schedule.ts'
import { isVerdict } from '../sending/send-request.ts'
import { type Asked, askVendor } from './ask-vendor.ts'
import { boundedPoll, jobTimesOf } from './job-times.ts'
import type { DeadLetter, JobMark, Outcome, Term, Waiting } from './outcome.ts'
import { outcomeOf } from './outcome-of.ts'
import type { PassDeps } from './pass-deps.ts'
import type { ExceptionChange, WaitingItem } from './progress.ts'

export interface JobItem extends WaitingItem {
  readonly job: JobMark
}

export interface JobPoller {
  /** Writes what became of the items. They are claimed, so nobody else does. */
  settle(items: readonly JobItem[]): Promise<void>
}

/** How far a job is, as far as the host knows: results by place and by key. */
type Known =
  | { readonly kind: 'running'; readonly afterMs?: number | undefined }
  | { readonly kind: 'setup'; readonly code: string }
  | { readonly kind: 'failed'; readonly verdict: Verdict }
  | { readonly kind: 'done'; readonly results: ReadonlyMap<number | string, Verdict> }

/** Asks each job once, however many claims its items come in. `pause` is told when credentials don't work. */
export function createJobPoller(deps: PassDeps, pause: (code: string) => void): JobPoller {
  const { lane, now, progress } = deps
  const { job } = lane.actionDefinition
  const { mostMs, pollAfterMs } = jobTimesOf(job)
  const asked = new Map<string, Known>()
  let requests = 0

  function ask<Answer>(
    plan: (context: PlanContext) => RequestPlan,
    interpret: (response: VendorResponse) => Answer,
  ): Promise<Asked<Answer>> {
    requests += 1
    return askVendor(deps, plan, interpret)
  }

  async function find(handle: string): Promise<Known> {
    if (job === undefined) return { kind: 'running' }
    const { poll } = job
    const state = await ask((context) => poll.plan(handle, context), poll.interpret)
    if (state.kind !== 'answer') return notNow(state)
    const { answer } = state
    if (!isState(answer)) return { kind: 'running' }
    switch (answer.kind) {
      case 'running':
        return { kind: 'running', afterMs: answer.pollAfterMs }
      case 'failed':
        return { kind: 'failed', verdict: answer.verdict }
      case 'done':
        return collect(job, handle)
    }
  }

  async function collect({ collect: own }: JobDefinition, handle: string): Promise<Known> {
    if (own === undefined) return { kind: 'done', results: new Map() }
    const found = await ask((context) => own.plan(handle, context), own.interpret)
    if (found.kind !== 'answer') return notNow(found)
    const { answer } = found
    // An answer that can't be read must not pass for one without complaints.
    if (!Array.isArray(answer) || !answer.every(isResult)) return { kind: 'running' }
    const results = answer.map((each) => ['key' in each ? each.key : each.part, each.verdict] as const)
    return { kind: 'done', results: new Map(results) }
  }

  /** A job that takes long is asked less often: at the cost of a tenth of its time. */
  function usualPollMs(acceptedAt: number): number {
    return boundedPoll(Math.max(pollAfterMs, (now() - acceptedAt) / 10), pollAfterMs)
  }

  function settled(item: JobItem, known: Known): Outcome {
    const { acceptedAt, isHarmful, places } = item.job
    switch (known.kind) {
      case 'setup':
        return stillOpen(item, known.code, now())
      case 'running':
        return now() - acceptedAt >= mostMs
          ? timedOut()
          : stillOpen(
              item,
              'accepted',
              gather(now() + boundedPoll(known.afterMs, usualPollMs(acceptedAt)), now()),
            )
      case 'failed':
        return over(item, known.verdict)
      case 'done': {
        const names = [deps.itemKey(item.position), ...places]
        return over(item, worstVerdict(names.flatMap((name) => known.results.get(name) ?? [])))
      }
    }

    function over({ attempts, firstAt }: JobItem, verdict: Verdict): Outcome {
      const { action, connectorDefinition } = lane
      return outcomeOf([{ effect: isHarmful ? 'append' : 'set', verdict }], {
        ...{ attempts, now: now(), isRepeat: false, firstAt: firstAt ?? acceptedAt },
        schedule: { delaysMs: action.retryDelaysMs, forMs: action.retryForMs },
        applyWithinMs: applyWithinMs(action),
        catalogue: connectorDefinition.errorCatalogue,
      })
    }

    function stillOpen({ attempts, job: mark }: JobItem, code: string, dueAt: number): Waiting {
      const quarantinedUntil = acceptedAt + mostMs
      return { kind: 'waiting', reporter: 'vendor', code, dueAt, attempts, quarantinedUntil, job: mark }
    }

    function timedOut(): DeadLetter {
      const quarantinedUntil = now() + applyWithinMs(lane.action)
      return { kind: 'dead', outcome: 'unknown', reporter: 'vendor', code: 'job_timed_out', quarantinedUntil }
    }
  }

  return {
    async settle(items) {
      requests = 0
      for (const { job: mark } of items) {
        if (asked.has(mark.handle)) continue
        const known = await find(mark.handle)
        if (known.kind === 'setup') pause(known.code)
        asked.set(mark.handle, known)
      }
      const counts: Partial<Record<Term, number>> = {}
      const exceptionChanges = items.flatMap((item): ExceptionChange[] => {
        const known = asked.get(item.job.handle)
        if (known === undefined) return []
        const outcome = settled(item, known)
        const term = termOf(outcome)
        if (term !== null) counts[term] = (counts[term] ?? 0) + 1
        return [changeOf(item, outcome)]
      })
      await progress.write({ exceptionChanges, counts: { ...counts, requests } })
    },
  }
}

function notNow(asked: Exclude<Asked<unknown>, { readonly kind: 'answer' }>): Known {
  return asked.kind === 'setup' ? asked : { kind: 'running', afterMs: asked.afterMs }
}

/** What becomes of a waiting item. */
export function changeOf(
  { id, firstAt }: Pick<WaitingItem, 'id' | 'firstAt'>,
  outcome: Outcome,
): ExceptionChange {
  switch (outcome.kind) {
    case 'counted':
      return { id, kind: 'over' }
    case 'dead':
      return { id, ...outcome }
    case 'waiting':
      return { id, ...outcome, firstAt }
  }
}

/** The term it is counted in; null while it waits. */
export function termOf(outcome: Outcome): Term | null {
  switch (outcome.kind) {
    case 'counted':
      return outcome.term
    case 'dead':
      return outcome.outcome
    case 'waiting':
      return null
  }
}

/** What plugin code returns is not checked by its types once it is installed. */
function isState(state: JobState | undefined | null): state is JobState {
  switch (state?.kind) {
    case 'running':
    case 'done':
      return true
    case 'failed':
      return isFinal(state.verdict)
    default:
      return false
  }
}

function isResult(result: JobResult | undefined | null): result is JobResult {
  if (typeof result !== 'object' || result === null || !isFinal(result.verdict)) return false
  return 'key' in result ? typeof result.key === 'string' : Number.isInteger(result.part)
}

/** A job that is over cannot have something accepted. */
function isFinal(verdict: Verdict | undefined | null): boolean {
  return isVerdict(verdict) && verdict.kind !== 'accepted'
}

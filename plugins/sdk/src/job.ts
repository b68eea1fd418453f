/** Uploads that a vendor takes as jobs: how a job is asked how far it is, and what became of single items. */
import type { RequestPlan, VendorResponse } from './exchange.ts'
import type { PlanContext } from './plan.ts'
import type { Verdict } from './verdicts.ts'

/**
 * The uploads are the requests of `plan`: where `interpret` answers `accepted`, a job has taken the part. Its items
 * wait, and whatever is newer for their recipients waits behind them, until the job is over. The handle is kept
 * encrypted, so that a worker that dies does not make another upload.
 *
 * An item is in one request of the plan, which names no stage.
 *
 * @example
 * ```ts
 * job: {
 *   submit: (request, response) => idIn(response.json),
 *   poll: {
 *     plan: (handle) => ({ method: 'GET', path: `/jobs/${encodeURIComponent(handle)}`, parts: [] }),
 *     interpret: (response) => (isFinished(response.json) ? { kind: 'done' } : { kind: 'running' }),
 *   },
 * }
 * ```
 */
export interface JobDefinition {
  /** Pure: the job's handle, at most 2,000 characters, out of the answer to an upload; undefined when it has none. */
  submit(request: RequestPlan, response: VendorResponse): string | undefined
  /**
   * Pure: asks how far the job is. `interpret` is given answers of 2xx, and of 4xx that are about the job; the host
   * reads the others: a wrong key pauses, and a vendor that throttles or fails is asked again later.
   */
  readonly poll: {
    plan(handle: string, context: PlanContext): RequestPlan
    interpret(response: VendorResponse): JobState
  }
  /** Pure: asks a job that is done for results of single items; undefined, and asked again, where it can't be read. */
  readonly collect?: {
    plan(handle: string, context: PlanContext): RequestPlan
    interpret(response: VendorResponse): readonly JobResult[] | undefined
  }
  /** How soon a job is asked, in milliseconds, from 1 second to 1 hour, where it does not say. By default 30 seconds. */
  readonly pollAfterMs?: number
  /** How long a job may take, in milliseconds; then its items are `unknown`. By default 24 hours. */
  readonly mostMs?: number
}

/**
 * How far a job is.
 *
 * @example
 * ```ts
 * interpret: ({ json }): JobState => (isFinished(json) ? { kind: 'done' } : { kind: 'running', pollAfterMs: 60_000 })
 * ```
 */
export type JobState =
  /**
   * Asked again after so many milliseconds, from 1 second to 1 hour; by default after the action's `pollAfterMs`, or a
   * tenth of the time that the job has taken so far.
   */
  | { readonly kind: 'running'; readonly pollAfterMs?: number }
  /** Over. Its items are delivered, but for those of which `collect` says something else. */
  | { readonly kind: 'done' }
  /** Over, with this verdict for every item: `retry` uploads them again. */
  | { readonly kind: 'failed'; readonly verdict: Verdict }

/**
 * What a job says of one of its items: named by its place among the parts of the upload, or by its `key`.
 *
 * @example
 * ```ts
 * const results: readonly JobResult[] = [{ part: 7, verdict: verdict.refused('invalid_row') }]
 * ```
 */
export type JobResult =
  | { readonly part: number; readonly verdict: Verdict }
  | { readonly key: string; readonly verdict: Verdict }

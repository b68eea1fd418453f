/** What a vendor's job says when it is asked: how far it is, and what became of single items. */
import type { Verdict } from './verdicts.ts'

/** How far a job is. */
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

/** What a job says of one of its items: named by its place among the parts of the upload, or by its `key`. */
export type JobResult =
  | { readonly part: number; readonly verdict: Verdict }
  | { readonly key: string; readonly verdict: Verdict }

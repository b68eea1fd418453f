/** How soon a job is asked how far it is, and how long it may take, in milliseconds. Pure. */
import type { JobDefinition } from '@sluice/connector-sdk'

export interface JobTimes {
  readonly mostMs: number
  /** Where the job itself does not say. */
  readonly pollAfterMs: number
}

const usual: JobTimes = { mostMs: 24 * 60 * 60 * 1000, pollAfterMs: 30_000 }
const leastPollMs = 1_000
const mostPollMs = 60 * 60 * 1000

export function jobTimesOf({
  mostMs,
  pollAfterMs,
}: Pick<JobDefinition, 'mostMs' | 'pollAfterMs'> = {}): JobTimes {
  return { mostMs: mostMs ?? usual.mostMs, pollAfterMs: boundedPoll(pollAfterMs, usual.pollAfterMs) }
}

/** Sooner would be a busy loop, later would never be due. */
export function boundedPoll(afterMs: number | undefined, otherwise: number): number {
  if (afterMs === undefined || !Number.isFinite(afterMs)) return otherwise
  return Math.min(mostPollMs, Math.max(leastPollMs, afterMs))
}

/** When a failed item is tried again. */

export interface RetrySchedule {
  /** Waits between attempts, in milliseconds; after the last one each wait doubles, up to six hours. */
  readonly delaysMs: readonly number[]
  /** How long an item is tried in all, in milliseconds. */
  readonly forMs: number
}

const longestDelayMs = 6 * 60 * 60 * 1000
const mostRoundingMs = 10_000

/**
 * The next due time, or null when the time for retries is used up.
 *
 * @param attempts how often it has been tried, at least 1
 */
export function nextDue(
  schedule: RetrySchedule,
  attempts: number,
  firstAt: number,
  now: number,
): number | null {
  if (now - firstAt >= schedule.forMs) return null
  return gather(now + delayAfter(schedule.delaysMs, attempts), now)
}

/** Due times are rounded up by a tenth of the delay, at most 10 s, so that retries gather in one pass. */
export function gather(dueAt: number, now: number): number {
  // A whole number of milliseconds: the multiple of a fraction may come out below the due time.
  const step = Math.min(mostRoundingMs, Math.max(1, Math.floor((dueAt - now) / 10)))
  return Math.ceil(dueAt / step) * step
}

function delayAfter(delaysMs: readonly number[], attempts: number): number {
  const listed = delaysMs[attempts - 1]
  if (listed !== undefined) return listed
  const last = delaysMs.at(-1) ?? 60_000
  const doublings = attempts - Math.max(1, delaysMs.length)
  return Math.min(longestDelayMs, last * 2 ** Math.min(doublings, 30))
}

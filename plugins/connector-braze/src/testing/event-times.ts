/** Times of events as Braze reads them: without a zone in UTC, and never in the future. */

const hasZone = /(?:[Zz]|[+-]\d{2}:?\d{2})$/
const startsLikeIso = /^\d{4}-\d{2}-\d{2}/

/** Epoch milliseconds, undefined for what is no time. */
export function parseTime(time: unknown): number | undefined {
  if (typeof time !== 'string' || !startsLikeIso.test(time)) return undefined
  const instant = Date.parse(time.length > 10 && !hasZone.test(time) ? `${time}Z` : time)
  return Number.isNaN(instant) ? undefined : instant
}

/** Ranges of time, and the buckets that make them up. Minutes, hours and days are those of UTC. */
import { type Issue, rejectIssues } from '../problems/rules.ts'

export const grains = ['MINUTE', 'HOUR', 'DAY'] as const
export type Grain = (typeof grains)[number]

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const lengthMs: Readonly<Record<Grain, number>> = { MINUTE: minuteMs, HOUR: hourMs, DAY: dayMs }

/** Minutes are kept so long; hours and days for 13 months. */
const minutesKeptMs = 30 * dayMs
const monthsKept = 13

/** Ranges that end now. */
export const namedRanges = ['PAST_24_HOURS', 'PAST_7_DAYS', 'PAST_30_DAYS'] as const
type NamedRange = (typeof namedRanges)[number]

/** How long each is, and with what kind of bucket it begins. */
const named: Readonly<Record<NamedRange, { readonly ms: number; readonly edge: Grain }>> = {
  PAST_24_HOURS: { ms: dayMs, edge: 'HOUR' },
  PAST_7_DAYS: { ms: 7 * dayMs, edge: 'HOUR' },
  PAST_30_DAYS: { ms: 30 * dayMs, edge: 'DAY' },
}

/** A longer one begins and ends with an hour. */
const longestByMinuteMs = 48 * hourMs

/** A range as it was asked for. */
export type TimeRange =
  | { readonly name: NamedRange }
  | {
      readonly name: 'CUSTOM'
      readonly from: Date
      /** Default: now. */
      readonly to?: Date | undefined
    }

/** Whole buckets, from the first to before the end. */
export interface Span {
  readonly from: Date
  readonly to: Date
}

export interface Piece extends Span {
  readonly grain: Grain
}

/** The span that is really counted, and the buckets that make it up, each moment in one of them. */
export interface CountedRange extends Span {
  readonly pieces: readonly Piece[]
}

/** When the oldest bucket of a kind began that is kept as a whole. */
export function keptSince(grain: Grain, now: Date): Date {
  if (grain === 'MINUTE') return ceiling(new Date(now.getTime() - minutesKeptMs), 'MINUTE')
  const oldest = new Date(now)
  oldest.setUTCMonth(oldest.getUTCMonth() - monthsKept)
  return ceiling(oldest, grain)
}

/** A range of nothing, or of what has not begun. */
export function rangeIssues(range: TimeRange, now: Date): readonly Issue[] {
  const { from, to } = wanted(range, now)
  if (from < to) return []
  const message = 'The range ends before it begins, or has not begun yet. Give an earlier beginning.'
  return [{ path: ['range', 'from'], code: 'period_empty', message }]
}

/** What to add up for the counts of a range: it is widened to whole buckets, as far back as they are kept. */
export function countedRange(range: TimeRange, now: Date): CountedRange {
  const { from, to } = wanted(range, now)
  const edge = edgeOf(range, { from, to }, now)
  const start = later(floor(from, edge), keptSince('DAY', now))
  const end = ceiling(to, edge)
  // Nothing lies after now: so what is under way is taken as a whole.
  if (end >= now) return { from: start, to: now, pieces: cut({ from: start, to: nextDay(now) }) }
  return { from: start, to: end, pieces: cut({ from: start, to: end }) }
}

/** The same for a range that somebody gave: fails where it has nothing to count. */
export function acceptedRange(range: TimeRange, now: Date): CountedRange {
  rejectIssues(rangeIssues(range, now))
  return countedRange(range, now)
}

function edgeOf(range: TimeRange, { from, to }: Span, now: Date): Grain {
  if (range.name !== 'CUSTOM') return named[range.name].edge
  const isShort = to.getTime() - from.getTime() <= longestByMinuteMs
  return isShort && from >= keptSince('MINUTE', now) ? 'MINUTE' : 'HOUR'
}

/** At most so many points are given of a trend: a day by the minute. */
const mostPoints = 1_500
/** And so many of all trends in a list. */
const mostPointsOfList = 50_000

/** The longest range that is given by such a grain where none is asked for. */
const usuallyBelowMs: readonly (readonly [Grain, number])[] = [
  ['MINUTE', 6 * hourMs],
  ['HOUR', 8 * dayMs],
]

export interface TrendSpan extends Span {
  readonly grain: Grain
}

/** The buckets to show of a range, one a point, as far back as they are kept. */
export function trendSpan(range: TimeRange, by: Grain | undefined, now: Date): TrendSpan {
  const { from, to } = wanted(range, now)
  const grain = by ?? usualGrain({ from, to }, now)
  const edge = range.name === 'CUSTOM' ? grain : coarser(grain, named[range.name].edge)
  return { grain, from: later(floor(from, edge), keptSince(grain, now)), to: ceiling(to, grain) }
}

/** `trends`: how many are wanted at once. */
export function trendIssues(
  range: TimeRange,
  by: Grain | undefined,
  now: Date,
  trends: number,
): readonly Issue[] {
  const issues = rangeIssues(range, now)
  if (issues.length > 0) return issues
  const points = countOf(trendSpan(range, by, now))
  if (points <= mostPoints && points * trends <= mostPointsOfList) return []
  const most = `${mostPoints} are the most, and ${mostPointsOfList} for a list of trends`
  const message = `That would be ${points} points, ${trends} times: ${most}. Ask for a coarser grain or a shorter range.`
  return [{ path: ['by'], code: 'too_many_points', message }]
}

/** When each bucket of the span begins. */
export function startsOf(span: TrendSpan): readonly Date[] {
  const { from, grain } = span
  return Array.from(
    { length: countOf(span) },
    (_, index) => new Date(from.getTime() + index * lengthMs[grain]),
  )
}

function countOf({ grain, from, to }: TrendSpan): number {
  return Math.max(0, (to.getTime() - from.getTime()) / lengthMs[grain])
}

function usualGrain({ from, to }: Span, now: Date): Grain {
  const ms = to.getTime() - from.getTime()
  const [grain] = usuallyBelowMs.find(([, most]) => ms <= most) ?? ['DAY']
  return grain === 'MINUTE' && from < keptSince('MINUTE', now) ? 'HOUR' : grain
}

function wanted(range: TimeRange, now: Date): Span {
  if (range.name !== 'CUSTOM') return { from: new Date(now.getTime() - named[range.name].ms), to: now }
  const { from, to = now } = range
  return { from, to: to < now ? to : now }
}

/** Whole days as days, what is left of them as hours, and of those as minutes. */
function cut({ from, to }: Span, [grain, ...finer]: readonly Grain[] = coarsestFirst): readonly Piece[] {
  if (grain === undefined || from >= to) return []
  const first = ceiling(from, grain)
  const last = floor(to, grain)
  if (first >= last) return cut({ from, to }, finer)
  return [
    ...cut({ from, to: first }, finer),
    { grain, from: first, to: last },
    ...cut({ from: last, to }, finer),
  ]
}

const coarsestFirst = [...grains].reverse()

function coarser(one: Grain, other: Grain): Grain {
  return lengthMs[one] > lengthMs[other] ? one : other
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other
}

function floor(at: Date, grain: Grain): Date {
  return new Date(Math.floor(at.getTime() / lengthMs[grain]) * lengthMs[grain])
}

function nextDay(at: Date): Date {
  return new Date(floor(at, 'DAY').getTime() + dayMs)
}

function ceiling(at: Date, grain: Grain): Date {
  return new Date(Math.ceil(at.getTime() / lengthMs[grain]) * lengthMs[grain])
}

/** Which buckets make up a range, what is really counted, and into which points a trend falls. */
import { describe, expect, it } from 'vitest'
import {
  countedRange,
  type Grain,
  keptSince,
  rangeIssues,
  startsOf,
  trendIssues,
  trendSpan,
} from './ranges.ts'

const now = new Date('2026-11-30T13:37:42.500Z')

const custom = (from: string, to?: string) =>
  ({ name: 'CUSTOM', from: new Date(from), ...(to === undefined ? {} : { to: new Date(to) }) }) as const

/** As texts, without seconds. */
function counted(range: Parameters<typeof countedRange>[0]) {
  const { from, to, pieces } = countedRange(range, now)
  return {
    span: [short(from), short(to)],
    pieces: pieces.map((piece) => `${piece.grain} ${short(piece.from)} ${short(piece.to)}`),
  }
}

const short = (at: Date) => at.toISOString().slice(0, 16)

describe('what is added up', () => {
  it('is of the past 24 hours: the hours of yesterday, and today as a whole', () => {
    expect(counted({ name: 'PAST_24_HOURS' })).toEqual({
      span: ['2026-11-29T13:00', '2026-11-30T13:37'],
      pieces: ['HOUR 2026-11-29T13:00 2026-11-30T00:00', 'DAY 2026-11-30T00:00 2026-12-01T00:00'],
    })
  })

  it('is of the past 7 days: some hours, then days', () => {
    expect(counted({ name: 'PAST_7_DAYS' })).toEqual({
      span: ['2026-11-23T13:00', '2026-11-30T13:37'],
      pieces: ['HOUR 2026-11-23T13:00 2026-11-24T00:00', 'DAY 2026-11-24T00:00 2026-12-01T00:00'],
    })
  })

  it('is of the past 30 days: days only', () => {
    expect(counted({ name: 'PAST_30_DAYS' })).toEqual({
      span: ['2026-10-31T00:00', '2026-11-30T13:37'],
      pieces: ['DAY 2026-10-31T00:00 2026-12-01T00:00'],
    })
  })

  it('is by the minute of up to 48 hours, widened to whole minutes', () => {
    expect(counted(custom('2026-11-27T22:58:30Z', '2026-11-29T01:01:01Z'))).toEqual({
      span: ['2026-11-27T22:58', '2026-11-29T01:02'],
      pieces: [
        'MINUTE 2026-11-27T22:58 2026-11-27T23:00',
        'HOUR 2026-11-27T23:00 2026-11-28T00:00',
        'DAY 2026-11-28T00:00 2026-11-29T00:00',
        'HOUR 2026-11-29T00:00 2026-11-29T01:00',
        'MINUTE 2026-11-29T01:00 2026-11-29T01:02',
      ],
    })
  })

  it('is one piece where no longer bucket fits in', () => {
    expect(counted(custom('2026-11-29T10:15:00Z', '2026-11-29T10:45:00Z')).pieces).toEqual([
      'MINUTE 2026-11-29T10:15 2026-11-29T10:45',
    ])
    expect(counted(custom('2026-11-28T23:50:00Z', '2026-11-29T00:10:00Z')).pieces).toEqual([
      'MINUTE 2026-11-28T23:50 2026-11-29T00:10',
    ])
  })

  it('is of longer ranges widened to whole hours', () => {
    expect(counted(custom('2026-11-20T10:15:00Z', '2026-11-24T00:30:00Z'))).toEqual({
      span: ['2026-11-20T10:00', '2026-11-24T01:00'],
      pieces: [
        'HOUR 2026-11-20T10:00 2026-11-21T00:00',
        'DAY 2026-11-21T00:00 2026-11-24T00:00',
        'HOUR 2026-11-24T00:00 2026-11-24T01:00',
      ],
    })
  })

  it('is by the hour where minutes are no longer kept', () => {
    expect(counted(custom('2026-10-01T10:15:00Z', '2026-10-01T11:15:00Z'))).toEqual({
      span: ['2026-10-01T10:00', '2026-10-01T12:00'],
      pieces: ['HOUR 2026-10-01T10:00 2026-10-01T12:00'],
    })
  })

  it('goes back as far as anything is kept, and not beyond now', () => {
    expect(counted(custom('2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z'))).toEqual({
      span: ['2025-10-31T00:00', '2026-11-30T13:37'],
      pieces: ['DAY 2025-10-31T00:00 2026-12-01T00:00'],
    })
    expect(counted(custom('2020-01-01T00:00:00Z', '2020-02-01T00:00:00Z')).pieces).toEqual([])
  })

  it('has each moment in exactly one bucket, whatever the range', () => {
    for (let minutes = 1; minutes < 6_000; minutes += 37) {
      const to = new Date(Date.parse('2026-11-29T23:58:00Z') - minutes * 7_000)
      const range = countedRange({ name: 'CUSTOM', from: new Date(+to - minutes * 60_000), to }, now)
      const edges = [range.from, ...range.pieces.flatMap(({ from, to }) => [from, to]), range.to]
      expect(edges.length).toBeGreaterThan(2)
      for (let index = 0; index < edges.length; index += 2) expect(edges[index]).toEqual(edges[index + 1])
    }
  })

  it('is nothing that has not begun', () => {
    const codes = (range: Parameters<typeof rangeIssues>[0]) =>
      rangeIssues(range, now).map(({ code }) => code)
    expect(codes(custom('2026-11-29T10:00:00Z', '2026-11-29T10:00:00Z'))).toEqual(['period_empty'])
    expect(codes(custom('2026-12-24T10:00:00Z'))).toEqual(['period_empty'])
    expect(codes({ name: 'PAST_7_DAYS' })).toEqual([])
  })
})

describe('a trend', () => {
  const shown = (range: Parameters<typeof trendSpan>[0], by?: Grain) => {
    const span = trendSpan(range, by, now)
    return [span.grain, short(span.from), short(span.to), startsOf(span).length]
  }

  it('has the points that fit its range', () => {
    expect(shown({ name: 'PAST_24_HOURS' })).toEqual(['HOUR', '2026-11-29T13:00', '2026-11-30T14:00', 25])
    expect(shown({ name: 'PAST_7_DAYS' })).toEqual(['HOUR', '2026-11-23T13:00', '2026-11-30T14:00', 169])
    expect(shown({ name: 'PAST_30_DAYS' })).toEqual(['DAY', '2026-10-31T00:00', '2026-12-01T00:00', 31])
    expect(shown(custom('2026-11-30T09:00:00Z', '2026-11-30T10:00:30Z'))).toEqual([
      'MINUTE',
      '2026-11-30T09:00',
      '2026-11-30T10:01',
      61,
    ])
    expect(shown(custom('2026-01-15T09:00:00Z'))).toEqual([
      'DAY',
      '2026-01-15T00:00',
      '2026-12-01T00:00',
      320,
    ])
    expect(shown(custom('2026-02-01T09:00:00Z', '2026-02-01T10:00:00Z'))[0]).toBe('HOUR')
  })

  it('has the points that are asked for', () => {
    expect(shown({ name: 'PAST_24_HOURS' }, 'MINUTE')).toEqual([
      'MINUTE',
      '2026-11-29T13:00',
      '2026-11-30T13:38',
      1_478,
    ])
    expect(shown({ name: 'PAST_30_DAYS' }, 'HOUR')).toEqual([
      'HOUR',
      '2026-10-31T00:00',
      '2026-11-30T14:00',
      734,
    ])
    expect(shown({ name: 'PAST_24_HOURS' }, 'DAY')).toEqual([
      'DAY',
      '2026-11-29T00:00',
      '2026-12-01T00:00',
      2,
    ])
  })

  it('goes back as far as its grain is kept', () => {
    expect(shown(custom('2026-01-01T00:00:00Z', '2026-11-01T01:00:00Z'), 'MINUTE')).toEqual([
      'MINUTE',
      '2026-10-31T13:38',
      '2026-11-01T01:00',
      682,
    ])
    expect(shown(custom('2020-01-01T00:00:00Z', '2020-02-01T00:00:00Z'))[3]).toBe(0)
  })

  it('has at most 1,500 points, and all of a list 50,000', () => {
    const codes = (...asked: Parameters<typeof trendIssues>) => trendIssues(...asked).map(({ code }) => code)
    expect(codes({ name: 'PAST_24_HOURS' }, 'MINUTE', now, 1)).toEqual([])
    expect(codes({ name: 'PAST_7_DAYS' }, 'MINUTE', now, 1)).toEqual(['too_many_points'])
    expect(codes({ name: 'PAST_24_HOURS' }, 'MINUTE', now, 40)).toEqual(['too_many_points'])
    expect(codes({ name: 'PAST_7_DAYS' }, undefined, now, 250)).toEqual([])
    expect(codes(custom('2026-12-24T10:00:00Z'), undefined, now, 1)).toEqual(['period_empty'])
  })
})

it('keeps minutes for 30 days, hours and days for 13 months, as wholes', () => {
  expect(short(keptSince('MINUTE', now))).toBe('2026-10-31T13:38')
  expect(short(keptSince('HOUR', now))).toBe('2025-10-30T14:00')
  expect(short(keptSince('DAY', now))).toBe('2025-10-31T00:00')
})

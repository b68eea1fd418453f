/** When schedules are due: in their time zone, also on the days when it skips an hour or has one twice. */
import { describe, expect, it } from 'vitest'
import type { Schedule } from '../../engine/reading/schedule.ts'
import type { WantedSchedule } from './rules.ts'
import { nextRun, readSchedule, shortestGapMs } from './schedule.ts'

type Timed = Exclude<Schedule, { readonly kind: 'CONTINUOUS' }>

const amsterdam = 'Europe/Amsterdam'
const daily = (hour: number, minute = 0): Timed => ({ kind: 'DAILY', hour, minute, timeZone: amsterdam })

function runs(schedule: Timed, from: string, count: number): readonly string[] {
  const times: string[] = []
  let after = new Date(from)
  while (times.length < count) {
    const next = nextRun(schedule, 'UTC', after)
    if (next === null) return times
    times.push(next.toISOString())
    after = next
  }
  return times
}

describe('the next times', () => {
  it('of an hourly schedule come at its minute, whatever the zone', () => {
    expect(runs({ kind: 'HOURLY', minute: 15 }, '2026-03-29T00:20:00Z', 3)).toEqual([
      '2026-03-29T01:15:00.000Z',
      '2026-03-29T02:15:00.000Z',
      '2026-03-29T03:15:00.000Z',
    ])
  })

  it('of a daily schedule come at its hour in its zone, in winter and in summer', () => {
    expect(runs(daily(6, 30), '2026-03-28T00:00:00Z', 3)).toEqual([
      '2026-03-28T05:30:00.000Z',
      '2026-03-29T04:30:00.000Z',
      '2026-03-30T04:30:00.000Z',
    ])
  })

  it('of a schedule without a zone go by that of the source', () => {
    const schedule: Timed = { kind: 'DAILY', hour: 6, minute: 0, timeZone: null }
    const next = nextRun(schedule, 'America/New_York', new Date('2026-01-10T00:00:00Z'))
    expect(next?.toISOString()).toBe('2026-01-10T11:00:00.000Z')
  })

  it('skip no day on which summer time leaves the hour out', () => {
    expect(runs(daily(2, 30), '2026-03-28T02:00:00Z', 3)).toEqual([
      '2026-03-29T01:30:00.000Z',
      '2026-03-30T00:30:00.000Z',
      '2026-03-31T00:30:00.000Z',
    ])
  })

  it('come once on the day that has the hour twice', () => {
    expect(runs(daily(2, 30), '2026-10-24T01:00:00Z', 3)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
      '2026-10-27T01:30:00.000Z',
    ])
  })

  it('of a weekly schedule come on its day', () => {
    const schedule: Timed = { kind: 'WEEKLY', day: 'SUNDAY', hour: 0, minute: 0, timeZone: amsterdam }
    expect(runs(schedule, '2026-11-30T00:00:00Z', 2)).toEqual([
      '2026-12-05T23:00:00.000Z',
      '2026-12-12T23:00:00.000Z',
    ])
  })

  it('of a cron expression are its own, the last day of February included', () => {
    const schedule: Timed = { kind: 'CRON', expression: '0 12 29 2 *', timeZone: 'UTC' }
    expect(runs(schedule, '2026-01-01T00:00:00Z', 1)).toEqual(['2028-02-29T12:00:00.000Z'])
  })
})

describe('the shortest time between two of them', () => {
  const now = new Date('2026-11-30T00:00:00Z')
  it.each<[string, number]>([
    ['*/5 * * * *', 300_000],
    ['0 * * * *', 3_600_000],
    ['0 6,18 * * *', 43_200_000],
    ['59 23 * * 1', 604_800_000],
    ['0,30 6 * * *', 1_800_000],
  ])('of "%s" is %d ms', (expression, gap) => {
    expect(shortestGapMs({ kind: 'CRON', expression, timeZone: 'UTC' }, 'UTC', now)).toBe(gap)
  })
})

describe('a schedule that somebody wants', () => {
  it.each<[WantedSchedule, Schedule]>([
    [{ kind: 'CONTINUOUS' }, { kind: 'CONTINUOUS' }],
    [{ kind: 'HOURLY' }, { kind: 'HOURLY', minute: 0 }],
    [
      { kind: 'DAILY', hour: 6 },
      { kind: 'DAILY', hour: 6, minute: 0, timeZone: null },
    ],
    [
      { kind: 'WEEKLY', day: 'MONDAY', hour: 6, minute: 30, timeZone: 'UTC' },
      { kind: 'WEEKLY', day: 'MONDAY', hour: 6, minute: 30, timeZone: 'UTC' },
    ],
    [
      { kind: 'CRON', expression: '30 6 * * 1-5' },
      { kind: 'CRON', expression: '30 6 * * 1-5', timeZone: null },
    ],
  ])('is read with what it leaves out: %j', (wanted, schedule) => {
    expect(readSchedule(wanted)).toEqual({ ok: true, schedule })
  })

  it.each<[WantedSchedule, readonly string[]]>([
    [{ kind: 'DAILY' }, ['hour required']],
    [{ kind: 'WEEKLY' }, ['day required', 'hour required']],
    [{ kind: 'HOURLY', hour: 1 }, ['hour not_applicable']],
    [{ kind: 'CONTINUOUS', timeZone: 'UTC' }, ['timeZone not_applicable']],
    [{ kind: 'DAILY', hour: 24, minute: -1 }, ['minute too_small', 'hour too_big']],
    [{ kind: 'DAILY', hour: 6, timeZone: 'Nowhere/Nothing' }, ['timeZone unknown_time_zone']],
    [{ kind: 'CRON' }, ['expression required']],
    [{ kind: 'CRON', expression: 'every day' }, ['expression bad_cron_expression']],
    [{ kind: 'CRON', expression: '* * * * * *' }, ['expression bad_cron_expression']],
    [{ kind: 'CRON', expression: '0 0 30 2 *' }, ['expression bad_cron_expression']],
    [{ kind: 'CRON', expression: `0 0 1 1 ${'*'.repeat(100)}` }, ['expression bad_cron_expression']],
  ])('is refused with all that is wrong: %j', (wanted, issues) => {
    const reading = readSchedule(wanted)
    const found = reading.ok ? [] : reading.issues.map(({ code, path }) => `${path[1]} ${code}`)
    expect(found).toEqual(issues)
  })
})

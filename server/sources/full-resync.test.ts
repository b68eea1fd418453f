/** How often and how much may be read whole. */
import { describe, expect, it } from 'vitest'
import type { Schedule } from '../../engine/reading/schedule.ts'
import { resyncIssues, resyncLimitOf } from './full-resync.ts'
import type { CursorMode } from './rules.ts'

const now = new Date('2026-03-20T00:00:00Z')
const hourly: Schedule = { kind: 'HOURLY', minute: 0 }
const daily: Schedule = { kind: 'DAILY', hour: 2, minute: 30, timeZone: 'Europe/Amsterdam' }
const cron = (expression: string): Schedule => ({ kind: 'CRON', expression, timeZone: 'UTC' })

function wanted(
  schedule: Schedule,
  resyncLimit: number | null = null,
  cursorMode: CursorMode = 'FULL_RESYNC',
) {
  return { cursorMode, schedule, timeZone: 'UTC', resyncLimit }
}

describe('a full resync', () => {
  it.each<[string, Schedule, number | null]>([
    ['hourly', hourly, 50_000],
    ['every two hours', cron('0 */2 * * *'), null],
    ['daily, over the change to summer time', daily, 1_000_000],
    ['weekly', { kind: 'WEEKLY', day: 'MONDAY', hour: 1, minute: 0, timeZone: null }, 1_000_000],
    ['monthly', cron('0 0 1 * *'), 1_000_000],
  ])('may be %s', (_, schedule, limit) => {
    expect(resyncIssues(wanted(schedule, limit), now)).toEqual([])
  })

  it.each<[string, Schedule, number | null, string]>([
    ['all the time', { kind: 'CONTINUOUS' }, null, 'schedule.kind too_often'],
    ['every half an hour', cron('*/30 * * * *'), null, 'schedule.expression too_often'],
    ['hourly with more than 50,000 rows', hourly, 50_001, 'resyncLimit too_big'],
    ['twice a day with more than 50,000 rows', cron('0 6,18 * * *'), 50_001, 'resyncLimit too_big'],
    ['daily with more than a million rows', daily, 1_000_001, 'resyncLimit too_big'],
  ])('may not be %s', (_, schedule, limit, issue) => {
    const issues = resyncIssues(wanted(schedule, limit), now)
    expect(issues.map(({ code, path }) => `${path.join('.')} ${code}`)).toEqual([issue])
  })

  it('is limited to the most that its schedule allows, unless somebody says less', () => {
    expect(resyncLimitOf(wanted(hourly), now)).toBe(50_000)
    expect(resyncLimitOf(wanted(daily), now)).toBe(1_000_000)
    expect(resyncLimitOf(wanted(daily, 10), now)).toBe(10)
  })
})

it('what is not read whole has no limit', () => {
  expect(resyncIssues(wanted({ kind: 'CONTINUOUS' }, null, 'TIMESTAMP'), now)).toEqual([])
  expect(resyncIssues(wanted(hourly, 10, 'TIMESTAMP'), now)).toMatchObject([
    { path: ['resyncLimit'], code: 'not_applicable' },
  ])
})

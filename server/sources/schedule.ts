/** The times that a schedule names: read from what somebody wants, worked out in its time zone. */
import { Cron } from 'croner'
import { type Schedule, scheduleSchema, weekdays } from '../../engine/reading/schedule.ts'
import { isTimeZone } from '../../engine/reading/time-zone.ts'
import type { Issue } from '../problems/rules.ts'
import type { WantedSchedule } from './rules.ts'

type Timed = Exclude<Schedule, { readonly kind: 'CONTINUOUS' }>
type Field = Exclude<keyof WantedSchedule, 'kind'>

export type ScheduleReading =
  | { readonly ok: true; readonly schedule: Schedule }
  | { readonly ok: false; readonly issues: readonly Issue[] }

const fields: readonly Field[] = ['minute', 'hour', 'day', 'expression', 'timeZone']
const taken: Readonly<Record<Schedule['kind'], readonly Field[]>> = {
  CONTINUOUS: [],
  HOURLY: ['minute'],
  DAILY: ['hour', 'minute', 'timeZone'],
  WEEKLY: ['day', 'hour', 'minute', 'timeZone'],
  CRON: ['expression', 'timeZone'],
}
const needed: Readonly<Record<Schedule['kind'], readonly Field[]>> = {
  CONTINUOUS: [],
  HOURLY: [],
  DAILY: ['hour'],
  WEEKLY: ['day', 'hour'],
  CRON: ['expression'],
}
const maxExpression = 100

export function readSchedule(wanted: WantedSchedule): ScheduleReading {
  const { kind } = wanted
  const isGiven = (field: Field) => wanted[field] !== null && wanted[field] !== undefined
  const issues = [
    ...fields
      .filter((field) => isGiven(field) && !taken[kind].includes(field))
      .map((field) => issueAt(field, 'not_applicable', `A schedule of the kind ${kind} takes no ${field}.`)),
    ...needed[kind]
      .filter((field) => !isGiven(field))
      .map((field) => issueAt(field, 'required', `A schedule of the kind ${kind} needs its ${field}.`)),
    ...rangeIssues(wanted),
  ]
  if (issues.length > 0) return { ok: false, issues }
  // What the kind does not take is left out by the schema.
  const { minute, timeZone, ...rest } = wanted
  return {
    ok: true,
    schedule: scheduleSchema.parse({ ...rest, minute: minute ?? 0, timeZone: timeZone ?? null }),
  }
}

function rangeIssues({ expression, hour, minute, timeZone }: WantedSchedule): readonly Issue[] {
  const issues: Issue[] = []
  issues.push(...outside('minute', minute, 59), ...outside('hour', hour, 23))
  if (typeof timeZone === 'string' && !isTimeZone(timeZone)) {
    const message =
      'This is not a time zone. Use a name of the IANA database, for example "Europe/Amsterdam".'
    issues.push(issueAt('timeZone', 'unknown_time_zone', message))
  }
  const why = typeof expression === 'string' ? whyNoExpression(expression) : null
  if (why !== null) issues.push(issueAt('expression', 'bad_cron_expression', why))
  return issues
}

function outside(field: Field, value: number | null | undefined, most: number): readonly Issue[] {
  if (typeof value !== 'number' || (value >= 0 && value <= most)) return []
  return [issueAt(field, value < 0 ? 'too_small' : 'too_big', `Use a number from 0 to ${most}.`)]
}

function whyNoExpression(expression: string): string | null {
  const form =
    'Write five fields: minute, hour, day of the month, month, day of the week, for example "30 6 * * 1-5".'
  if (expression.length > maxExpression)
    return `A cron expression has at most ${maxExpression} characters. ${form}`
  try {
    if (cronOf(expression, 'UTC').nextRun(new Date(0)) === null) return `This time never comes. ${form}`
    return null
  } catch {
    // The library's own words speak of its options.
    return `This is no cron expression. ${form}`
  }
}

function issueAt(field: Field, code: string, message: string): Issue {
  return { path: ['schedule', field], code, message }
}

/** The first time after `after`; null where it never comes again. */
export function nextRun(schedule: Timed, sourceZone: string, after: Date): Date | null {
  return timesOf(schedule, sourceZone).nextRun(after)
}

/** How many of its next times tell how often it is due: more than a week's, for whoever names hours. */
const timesLookedAt = 200

/** The shortest time between two of its times, in milliseconds. */
export function shortestGapMs(schedule: Timed, sourceZone: string, after: Date): number {
  const times = timesOf(schedule, sourceZone).nextRuns(timesLookedAt, after)
  const gaps = times.slice(1).map((time, index) => time.getTime() - (times[index]?.getTime() ?? 0))
  return Math.min(...gaps)
}

function timesOf(schedule: Timed, sourceZone: string): Cron {
  switch (schedule.kind) {
    case 'HOURLY':
      return cronOf(`${schedule.minute} * * * *`, 'UTC')
    case 'DAILY':
      return cronOf(`${schedule.minute} ${schedule.hour} * * *`, schedule.timeZone ?? sourceZone)
    case 'WEEKLY': {
      const day = weekdays.indexOf(schedule.day)
      return cronOf(`${schedule.minute} ${schedule.hour} * * ${day}`, schedule.timeZone ?? sourceZone)
    }
    case 'CRON':
      return cronOf(schedule.expression, schedule.timeZone ?? sourceZone)
  }
}

function cronOf(expression: string, timezone: string): Cron {
  return new Cron(expression, { timezone, mode: '5-part', paused: true })
}

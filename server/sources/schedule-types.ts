/** Schedules in GraphQL: as they are asked for, and as they are shown. */
import { z } from 'zod'
import { type Schedule, weekdays } from '../../engine/reading/schedule.ts'
import { builder } from '../graphql/builder.ts'

const ScheduleKindRef = builder.enumType('ScheduleKind', {
  description: 'When a data source is read.',
  values: {
    CONTINUOUS: { description: 'All the time: it is asked for new rows every `pollIntervalMs`.' },
    HOURLY: { description: 'Once an hour, at a minute.' },
    DAILY: { description: 'Once a day, at an hour and minute of a time zone.' },
    WEEKLY: { description: 'Once a week, on a day, at an hour and minute of a time zone.' },
    CRON: { description: 'Whenever a cron expression is due in a time zone.' },
  } satisfies Record<Schedule['kind'], { readonly description: string }>,
})

const WeekdayRef = builder.enumType('Weekday', {
  description: 'A day of the week.',
  values: {
    MONDAY: { description: 'The day after Sunday.' },
    TUESDAY: { description: 'The day after Monday.' },
    WEDNESDAY: { description: 'The day after Tuesday.' },
    THURSDAY: { description: 'The day after Wednesday.' },
    FRIDAY: { description: 'The day after Thursday.' },
    SATURDAY: { description: 'The day after Friday.' },
    SUNDAY: { description: 'The day after Saturday.' },
  } satisfies Record<(typeof weekdays)[number], { readonly description: string }>,
})

const about = {
  kind: 'Which kind of schedule it is.',
  minute: 'HOURLY, DAILY and WEEKLY: the minute, from 0 to 59. Default: 0.',
  hour: 'DAILY and WEEKLY: the hour, from 0 to 23. One that summer time skips comes right after it; one that comes twice counts once.',
  day: 'WEEKLY: the day.',
  expression: 'CRON: minute, hour, day of the month, month and day of the week, for example `30 6 * * 1-5`.',
  timeZone: 'DAILY, WEEKLY and CRON: the IANA zone of the times. Default: the zone of the data source.',
} as const

export const ScheduleInput = builder.inputType('ScheduleInput', {
  description: 'When a data source is to be read. Each kind takes some of the fields.',
  fields: (t) => ({
    kind: t.field({ type: ScheduleKindRef, required: true, description: about.kind }),
    minute: t.int({ description: about.minute }),
    hour: t.int({ description: about.hour }),
    day: t.field({ type: WeekdayRef, description: about.day }),
    expression: t.string({ description: about.expression }),
    timeZone: t.string({ description: about.timeZone }),
  }),
})

/** Its meaning is checked with the rest of the data source. */
export const wantedSchedule = z.object({
  kind: z.enum(['CONTINUOUS', 'HOURLY', 'DAILY', 'WEEKLY', 'CRON']),
  minute: z.int().nullish(),
  hour: z.int().nullish(),
  day: z.enum(weekdays).nullish(),
  expression: z.string().nullish(),
  timeZone: z.string().nullish(),
})

export const ScheduleRef = builder.objectRef<Schedule>('Schedule').implement({
  description: 'When a data source is read.',
  fields: (t) => ({
    kind: t.field({ type: ScheduleKindRef, description: about.kind, resolve: ({ kind }) => kind }),
    minute: t.int({
      nullable: true,
      description: about.minute,
      resolve: (schedule) => ('minute' in schedule ? schedule.minute : null),
    }),
    hour: t.int({
      nullable: true,
      description: about.hour,
      resolve: (schedule) => ('hour' in schedule ? schedule.hour : null),
    }),
    day: t.field({
      type: WeekdayRef,
      nullable: true,
      description: about.day,
      resolve: (schedule) => ('day' in schedule ? schedule.day : null),
    }),
    expression: t.string({
      nullable: true,
      description: about.expression,
      resolve: (schedule) => ('expression' in schedule ? schedule.expression : null),
    }),
    timeZone: t.string({
      nullable: true,
      description: about.timeZone,
      resolve: (schedule) => ('timeZone' in schedule ? schedule.timeZone : null),
    }),
  }),
})

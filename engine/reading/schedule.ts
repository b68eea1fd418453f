/** When a source is read: all the time, or at the times that somebody has chosen. */
import { z } from '@sluice/connector-sdk'

export const weekdays = [
  'SUNDAY',
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
] as const

const minute = z.int().min(0).max(59)
const hour = z.int().min(0).max(23)
/** An IANA zone; null: the source's. */
const timeZone = z.string().nullable()

export const scheduleSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('CONTINUOUS') }),
  z.object({ kind: z.literal('HOURLY'), minute }),
  z.object({ kind: z.literal('DAILY'), hour, minute, timeZone }),
  z.object({ kind: z.literal('WEEKLY'), day: z.enum(weekdays), hour, minute, timeZone }),
  z.object({ kind: z.literal('CRON'), expression: z.string(), timeZone }),
])

export type Schedule = Readonly<z.output<typeof scheduleSchema>>

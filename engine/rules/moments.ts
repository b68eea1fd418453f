/** Points in time of conditions: written as a date, or so long before or after now. */
import { z } from '@sluice/connector-sdk'

/** The most of each unit is a hundred years, so that every moment has a year between 1 and 9999. */
const mostOf = {
  seconds: 3_155_760_000,
  minutes: 52_596_000,
  hours: 876_600,
  days: 36_525,
  weeks: 5_218,
  months: 1_200,
} as const

type Unit = keyof typeof mostOf

const msOf: Readonly<Record<Exclude<Unit, 'months'>, number>> = {
  seconds: 1_000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
}

const units = ['seconds', 'minutes', 'hours', 'days', 'weeks', 'months'] as const
/** "Occurred … ago" has no seconds, as in the reference. */
const unitsAgo = ['minutes', 'hours', 'days', 'weeks', 'months'] as const

export const earliestMs = Date.parse('0001-01-01T00:00:00.000Z')
export const latestMs = Date.parse('9999-12-31T23:59:59.999Z')

/** A date as people write it. */
export const instantSchema = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: 'Write the date as 2026-01-31 or as 2026-01-31T12:00:00Z (seconds and a zone are required).',
  })
  .refine((value) => {
    const ms = Date.parse(value)
    return ms >= earliestMs && ms <= latestMs
  }, 'Use a date between the years 1 and 9999.')

const isWithinCentury = ({ amount, unit }: { readonly amount: number; readonly unit: Unit }) =>
  Math.abs(amount) <= mostOf[unit]

const tooFar = { error: 'Stay within a hundred years.', path: ['amount'] }

/** Now, so much later; earlier where the amount is negative. */
export const nowSchema = z
  .strictObject({
    kind: z.literal('now'),
    amount: z.int('Give the amount as a whole number; a negative one lies in the past.'),
    unit: z.enum(units, `Use one of ${units.join(', ')}.`),
  })
  .refine(isWithinCentury, tooFar)

/** So much before now. */
export const agoSchema = z
  .strictObject({
    amount: z.int('Give the amount as a whole number.').positive('Give an amount of at least 1.'),
    unit: z.enum(unitsAgo, `Use one of ${unitsAgo.join(', ')}.`),
  })
  .refine(isWithinCentury, tooFar)

/** Epoch milliseconds so much later than `from`. Months are those of the UTC calendar: 31 March less one is 28 or 29 February. */
export function later(from: number, amount: number, unit: Unit): number {
  if (unit !== 'months') return from + amount * msOf[unit]
  const date = new Date(from)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + amount + 1, 0)
  date.setUTCDate(Math.min(day, date.getUTCDate()))
  return date.getTime()
}

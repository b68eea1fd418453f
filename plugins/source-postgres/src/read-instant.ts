/** Reads dates and timestamps from the server's texts: in UTC, cut to milliseconds. */
import { SourceError } from '@sluice/connector-sdk'

// The zone of the session is UTC, so an offset can only be this one.
const pattern = /^(\d{4,})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:\+00)?)?( BC)?$/

export function readInstant(text: string, columnName: string): Date {
  const found = pattern.exec(text)
  const date = found === null ? undefined : instantOf(found)
  if (date !== undefined && !Number.isNaN(date.getTime())) return date
  throw new SourceError(
    'bad_file',
    `Column “${columnName}” holds an infinite date, or one beyond the year 275760. Replace such dates, for example by NULL in a view.`,
  )
}

function instantOf([, year, month, day, hour, minute, second, fraction, era]: RegExpExecArray): Date {
  // The year before 1 is 1 BC.
  const fullYear = era === undefined ? Number(year) : 1 - Number(year)
  const date = new Date(0)
  // Date.UTC takes the years below 100 for those of the last century.
  date.setUTCFullYear(fullYear, Number(month) - 1, Number(day))
  const ms = fraction === undefined ? 0 : Number(fraction.padEnd(3, '0').slice(0, 3))
  date.setUTCHours(Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0), ms)
  return date
}

/** The clock of files, which is the host's, as text that casts to a cursor column's type. */
import { SourceError } from '@sluice/connector-sdk'
import { parseTimeZone } from './time-zone.ts'

export interface ClockRequest {
  readonly nativeType: string
  readonly timeZone: string
  readonly minusMs: number
}

/**
 * A coarse value stands for all its instants: a row may be written with it until the last of them is over. So the
 * clock tells the last value that is: yesterday for days, the second or millisecond before for those.
 */
export function createSourceClock(deps: { readonly now: () => number }): (request: ClockRequest) => string {
  return ({ nativeType, timeZone, minusMs }) => {
    const instant = deps.now() - minusMs
    switch (nativeType) {
      case 'TIMESTAMP WITH TIME ZONE':
        return `${wallClock(instant, 'UTC')}+00`
      case 'TIMESTAMP_S':
        // A cast rounds to the nearest second: cut here, so that the bound never lies in the future.
        return wallClock(instant - 1000, parseTimeZone(timeZone)).slice(0, 'YYYY-MM-DD hh:mm:ss'.length)
      case 'TIMESTAMP_MS':
        return wallClock(instant - 1, parseTimeZone(timeZone))
      case 'TIMESTAMP':
      case 'TIMESTAMP_NS':
        return wallClock(instant, parseTimeZone(timeZone))
      case 'DATE':
        return dayBefore(wallClock(instant, parseTimeZone(timeZone)).slice(0, dayLength))
      default:
        throw new SourceError(
          'bad_settings',
          `A cursor that follows the clock has to be a timestamp or a date; this column is ${nativeType}.`,
        )
    }
  }
}

const dayLength = 'YYYY-MM-DD'.length

/** By the calendar: a day of the zone may have 23 or 25 hours. */
function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, dayLength)
}

/** `YYYY-MM-DD hh:mm:ss.ffffff` as a clock on a wall in the zone shows it. */
function wallClock(instant: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  })
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]))
  const part = (type: Intl.DateTimeFormatPartTypes, length = 2): string =>
    (parts.get(type) ?? '').padStart(length, '0')
  return `${part('year', 4)}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}.${part('fractionalSecond', 3)}000`
}

/** Dates as ISO 8601 texts, put together from pairs of digits: the built-in way takes several times as long. */

const pairs = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'))
const msPerDay = 86_400_000
const midnight = 'T00:00:00.000Z'

/** What `toISOString` says. The date must be valid. */
export function isoInstant(date: Date): string {
  const day = plainDay(date)
  if (day === undefined) return date.toISOString()
  if (date.getTime() % msPerDay === 0) return day + midnight
  const seconds = `${pair(date.getUTCHours())}:${pair(date.getUTCMinutes())}:${pair(date.getUTCSeconds())}`
  const ms = date.getUTCMilliseconds()
  return `${day}T${seconds}.${Math.floor(ms / 100)}${pair(ms % 100)}Z`
}

/** The date of {@link isoInstant} without its time. */
export function isoDay(date: Date): string {
  const day = plainDay(date)
  if (day !== undefined) return day
  const iso = date.toISOString()
  return iso.slice(0, iso.indexOf('T'))
}

/** Undefined for a year that has not four digits. */
function plainDay(date: Date): string | undefined {
  const year = date.getUTCFullYear()
  if (year < 0 || year > 9999) return undefined
  return `${pair(Math.floor(year / 100))}${pair(year % 100)}-${pair(date.getUTCMonth() + 1)}-${pair(date.getUTCDate())}`
}

function pair(number: number): string {
  return pairs[number] ?? ''
}

/** Dates as Braze takes them, read from texts and never through the server's time zone. */

const isoForm =
  /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?:[Tt ](?<time>\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(?:[Zz]|(?<hours>[+-]\d{2})(?::?(?<minutes>\d{2}))?)?)?$/

/**
 * The calendar day of an ISO date or instant as YYYY-MM-DD: the day that the text itself names, so that a birthday
 * is the same on every server. Undefined when there is no such day.
 */
export function toDay(text: string): string | undefined {
  const day = text.endsWith(midnight) ? text.slice(0, -midnight.length) : text
  return isDay(day) ? day : read(text)?.day
}

/** How an instant ends that was made of a day without a time. */
const midnight = 'T00:00:00.000Z'
const longestMonths: readonly number[] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Whether a text is YYYY-MM-DD and such a day exists: most dates are, and a pattern takes ten times as long. */
function isDay(text: string): boolean {
  if (text.length !== 10 || text[4] !== '-' || text[7] !== '-') return false
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 7)
  const day = digits(text, 8, 10)
  // Any digit that is none makes its number NaN, for which nothing below holds.
  if (!(year >= 0 && day >= 1 && day <= (longestMonths[month - 1] ?? 0))) return false
  return month !== 2 || day < 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0))
}

function digits(text: string, from: number, to: number): number {
  let number = 0
  for (let index = from; index < to; index += 1) {
    const digit = text.charCodeAt(index) - 48
    number = digit >= 0 && digit <= 9 ? number * 10 + digit : Number.NaN
  }
  return number
}

/** An ISO date or instant as an instant in UTC; without a zone it is read as UTC, as Braze does. */
export function toInstant(text: string): string | undefined {
  if (isInstant(text)) return text
  const iso = read(text)
  if (iso === undefined) return undefined
  const instant = Date.parse(`${iso.day}T${iso.time}${iso.zone}`)
  return Number.isNaN(instant) ? undefined : new Date(instant).toISOString()
}

const instantLength = '2026-05-28T10:00:00.000Z'.length

/** Whether a text is what `toInstant` makes: what comes from a column of dates is, and a pattern takes long. */
function isInstant(text: string): boolean {
  if (text.length !== instantLength) return false
  const instant = Date.parse(text)
  return !Number.isNaN(instant) && new Date(instant).toISOString() === text
}

function read(text: string): { day: string; time: string; zone: string } | undefined {
  const groups = isoForm.exec(text)?.groups
  if (groups === undefined) return undefined
  const { year, month, day, time = '00:00', hours, minutes = '00' } = groups
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined
  return {
    day: `${year}-${month}-${day}`,
    time,
    zone: hours === undefined ? 'Z' : `${hours}:${minutes}`,
  }
}

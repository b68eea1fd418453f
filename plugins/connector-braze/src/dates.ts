/** Dates as Braze takes them, read from texts and never through the server's time zone. */

const isoForm =
  /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?:[Tt ](?<time>\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(?:[Zz]|(?<hours>[+-]\d{2})(?::?(?<minutes>\d{2}))?)?)?$/

/**
 * The calendar day of an ISO date or instant as YYYY-MM-DD: the day that the text itself names, so that a birthday
 * is the same on every server. Undefined when there is no such day.
 */
export function toDay(text: string): string | undefined {
  return read(text)?.day
}

/** An ISO date or instant as an instant in UTC; without a zone it is read as UTC, as Braze does. */
export function toInstant(text: string): string | undefined {
  const iso = read(text)
  if (iso === undefined) return undefined
  const instant = Date.parse(`${iso.day}T${iso.time}${iso.zone}`)
  return Number.isNaN(instant) ? undefined : new Date(instant).toISOString()
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

/** Dates by the patterns of Java's SimpleDateFormat: in UTC, with English names, weeks that begin on Sundays. */

type Format = (date: Date) => string
export type DatePattern =
  | { readonly ok: true; readonly format: Format }
  | { readonly ok: false; readonly message: string }

const months = 'January February March April May June July August September October November December'.split(
  ' ',
)
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')
const msPerDay = 86_400_000

/** Compiles a pattern. It is read once, from left to right. */
export function compileDatePattern(pattern: string): DatePattern {
  const parts: (string | Format)[] = []
  let at = 0
  while (at < pattern.length) {
    const letter = pattern.charAt(at)
    if (letter === "'") {
      const quoted = quotedText(pattern, at)
      if (quoted === undefined)
        return bad('The pattern has a quote that is never closed. Two quotes are one quote.')
      parts.push(quoted.text)
      at = quoted.end
    } else if (/[A-Za-z]/.test(letter)) {
      let end = at + 1
      while (pattern.charAt(end) === letter) end += 1
      const format = fieldOf(letter, end - at)
      if (format === undefined) return bad(wrongField(pattern.slice(at, end)))
      parts.push(format)
      at = end
    } else {
      parts.push(letter)
      at += 1
    }
  }
  return { ok: true, format: joined(parts) }
}

function bad(message: string): DatePattern {
  return { ok: false, message }
}

function wrongField(field: string): string {
  if (field.startsWith('X')) return `"${field}" is too long: use X, XX or XXX.`
  return `"${field}" is no field of a date. Use letters of Java's SimpleDateFormat, such as yyyy-MM-dd HH:mm:ss, and put other text in single quotes.`
}

function quotedText(pattern: string, start: number) {
  if (pattern.charAt(start + 1) === "'") return { text: "'", end: start + 2 }
  let text = ''
  for (let at = start + 1; at < pattern.length; at += 1) {
    if (pattern.charAt(at) !== "'") text += pattern.charAt(at)
    else if (pattern.charAt(at + 1) !== "'") return { text, end: at + 1 }
    else {
      text += "'"
      at += 1
    }
  }
  return undefined
}

/** Texts that follow one another become one. */
function joined(parts: readonly (string | Format)[]): Format {
  const formats: Format[] = []
  let text = ''
  const flush = () => {
    const constant = text
    if (constant !== '') formats.push(() => constant)
    text = ''
  }
  for (const part of parts) {
    if (typeof part === 'string') text += part
    else {
      flush()
      formats.push(part)
    }
  }
  flush()
  return (date) => {
    let out = ''
    for (const format of formats) out += format(date)
    return out
  }
}

function fieldOf(letter: string, count: number): Format | undefined {
  const padded = (read: (date: Date) => number): Format => {
    return (date) => String(read(date)).padStart(count, '0')
  }
  const year = (read: (date: Date) => number): Format => {
    if (count !== 2) return padded(read)
    return (date) => String(read(date) % 100).padStart(2, '0')
  }
  const named = (names: readonly string[], read: (date: Date) => number): Format => {
    return (date) => (names[read(date)] ?? '').slice(0, count >= 4 ? undefined : 3)
  }
  switch (letter) {
    case 'G':
      return (date) => (date.getUTCFullYear() > 0 ? 'AD' : 'BC')
    case 'y':
      return year((date) => yearOfEra(date.getUTCFullYear()))
    case 'Y':
      return year((date) => yearOfEra(date.getUTCFullYear() + (isWeekOfNextYear(date) ? 1 : 0)))
    case 'M':
    case 'L':
      return count >= 3
        ? named(months, (date) => date.getUTCMonth())
        : padded((date) => date.getUTCMonth() + 1)
    case 'w':
      return padded(weekOfYear)
    case 'W':
      return padded((date) => weekFrom(date.getUTCDate() - 1, date))
    case 'D':
      return padded((date) => dayOfYear(date) + 1)
    case 'd':
      return padded((date) => date.getUTCDate())
    case 'F':
      return padded((date) => Math.floor((date.getUTCDate() - 1) / 7) + 1)
    case 'E':
      return named(days, (date) => date.getUTCDay())
    case 'u':
      return padded((date) => date.getUTCDay() || 7)
    case 'a':
      return (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM')
    case 'H':
      return padded((date) => date.getUTCHours())
    case 'k':
      return padded((date) => date.getUTCHours() || 24)
    case 'K':
      return padded((date) => date.getUTCHours() % 12)
    case 'h':
      return padded((date) => date.getUTCHours() % 12 || 12)
    case 'm':
      return padded((date) => date.getUTCMinutes())
    case 's':
      return padded((date) => date.getUTCSeconds())
    case 'S':
      return padded((date) => date.getUTCMilliseconds())
    case 'z':
      return () => (count >= 4 ? 'Coordinated Universal Time' : 'UTC')
    case 'Z':
      return () => '+0000'
    case 'X':
      return count <= 3 ? () => 'Z' : undefined
    default:
      return undefined
  }
}

function yearOfEra(year: number): number {
  return year > 0 ? year : 1 - year
}

/** From 0. */
function dayOfYear(date: Date): number {
  const first = new Date(0)
  first.setUTCFullYear(date.getUTCFullYear(), 0, 1)
  return Math.floor((date.getTime() - first.getTime()) / msPerDay)
}

/** The week of a day that is so many days after the first of its month or year. */
function weekFrom(daysAfter: number, date: Date): number {
  const firstWeekday = (((date.getUTCDay() - daysAfter) % 7) + 7) % 7
  return Math.floor((daysAfter + firstWeekday) / 7) + 1
}

function isWeekOfNextYear(date: Date): boolean {
  return date.getUTCMonth() === 11 && date.getUTCDate() + 6 - date.getUTCDay() > 31
}

function weekOfYear(date: Date): number {
  return isWeekOfNextYear(date) ? 1 : weekFrom(dayOfYear(date), date)
}

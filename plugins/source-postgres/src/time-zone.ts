/** Names of time zones, checked before they become a part of SQL. */
import { SourceError } from '@sluice/connector-sdk'

const utcNames: ReadonlySet<string> = new Set(['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT'])

/** @returns the name as it was given: not every server knows the names that Node puts in its place */
export function parseTimeZone(name: string): string {
  if (isKnown(name)) return name
  throw new SourceError(
    'bad_settings',
    'The time zone is not known. Use an IANA name, for example Europe/Berlin.',
  )
}

export function isUtc(name: string): boolean {
  return utcNames.has(name)
}

function isKnown(name: string): boolean {
  // Whatever else Node may know, only letters, digits and these signs become SQL.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

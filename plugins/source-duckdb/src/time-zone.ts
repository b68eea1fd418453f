/** Names of time zones, checked before they become a part of SQL. */
import { SourceError } from '@sluice/connector-sdk'

const utcNames: ReadonlySet<string> = new Set(['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT'])

/** @returns the name as DuckDB knows it, whose letters' case matters there */
export function parseTimeZone(name: string): string {
  const known = canonicalName(name)
  if (known !== undefined) return known
  throw new SourceError(
    'bad_settings',
    'The time zone is not known. Use an IANA name, for example Europe/Berlin.',
  )
}

export function isUtc(name: string): boolean {
  return utcNames.has(name)
}

function canonicalName(name: string): string | undefined {
  if (!/^[A-Za-z]/.test(name)) return undefined
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Names of time zones that every database knows. */

export function isTimeZone(name: string): boolean {
  // Offsets like "+01:00" pass Intl, but databases know zones by name only.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return false
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** Why an import failed, for people: its kind and the first line of its message, at a length that fits a list. */

const longest = 300

/** A plugin's own message may stand here: at import time no record and no secret is near it. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return 'it threw something that is not an error'
  const line = error.message.split('\n')[0] ?? ''
  return `${error.name}: ${line}`.slice(0, longest)
}

/** What a person at a terminal is told of a failure: our own words where we expected it, else where it happened. */

/** What we expect to go wrong has a code of ours and says what to do; a stack would only hide it. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return 'It failed, and nothing says why. Please report this defect.'
  const isOurs =
    'code' in error &&
    typeof error.code === 'string' &&
    /^([a-z][a-z_]*|ERR_PARSE_ARGS_\w+)$/.test(error.code)
  return isOurs ? error.message : (error.stack ?? error.message)
}

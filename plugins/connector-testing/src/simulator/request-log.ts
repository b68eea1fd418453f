/** The latest requests, for tests that look for duplicates and losses. The key is never in it. */

export interface LoggedRequest {
  /** From 1, in the order of arrival. */
  readonly sequence: number
  /** When it came, epoch milliseconds. */
  readonly at: number
  /** When it was answered; for one that got no answer, when that was decided. */
  readonly endedAt: number
  readonly method: string
  readonly path: string
  /** Without `authorization`. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Parsed, or the text where it is no JSON. */
  readonly body: unknown
  /** Of the answer; undefined when there was none. */
  readonly status: number | undefined
}

export interface RequestLog {
  /** In the order in which they ended. */
  readonly entries: readonly LoggedRequest[]
  add(request: LoggedRequest): void
}

export function createRequestLog(keep: number): RequestLog {
  const entries: LoggedRequest[] = []
  return {
    entries,
    add(request) {
      if (keep <= 0) return
      const { authorization: _, ...headers } = request.headers
      entries.push({ ...request, headers })
      if (entries.length > keep) entries.shift()
    },
  }
}

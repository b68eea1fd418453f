/** What a vendor's answer means for each part of a request, and the default by HTTP status. */

/**
 * The vendor took it.
 *
 * @example
 * ```ts
 * verdict.delivered // { kind: 'delivered' }
 * ```
 */
export interface Delivered {
  readonly kind: 'delivered'
}
/**
 * The vendor took it with a remark; `code` comes from the connector's error catalogue.
 *
 * @example
 * ```ts
 * verdict.deliveredWithWarning('unknown_field') // the field was left out, the rest was taken
 * ```
 */
export interface DeliveredWithWarning {
  readonly kind: 'deliveredWithWarning'
  readonly code: string
}
/**
 * A vendor job took it; the host polls until it becomes one of the others.
 *
 * @example
 * ```ts
 * status === 202 ? verdict.accepted : verdictByStatus(response)
 * ```
 */
export interface Accepted {
  readonly kind: 'accepted'
}
/**
 * We refused it before sending: a missing identifier, an invalid value.
 *
 * @example
 * ```ts
 * verdict.rejected('invalid_email', 'email')
 * ```
 */
export interface Rejected {
  readonly kind: 'rejected'
  readonly code: string
  /** The parameter that is at fault, for example `attributes.dob`. Never a value. */
  readonly path?: string
}
/**
 * The vendor refused it for good.
 *
 * @example
 * ```ts
 * verdict.refused('user_unknown')
 * verdict.refusedWhole('http_400') // nobody says which item is to blame
 * ```
 */
export interface Refused {
  readonly kind: 'refused'
  readonly code: string
  readonly path?: string
  /**
   * True when one answer refused a whole batch. Where it is so for all parts of a request, the host halves the batch to
   * find the bad items; where the answer names some of them, with verdicts of their own, the others go out again at
   * once without those.
   */
  readonly wholeRequest?: boolean
}
/**
 * Transient: the host backs off by the action's schedule.
 *
 * @example
 * ```ts
 * verdict.retry('http_503')
 * ```
 */
export interface Retry {
  readonly kind: 'retry'
  readonly code: string
}
/**
 * Too fast: the host waits, which uses up no attempt.
 *
 * @example
 * ```ts
 * verdict.throttled(retryAfterMs(response.headers, response.receivedAt))
 * ```
 */
export interface Throttled {
  readonly kind: 'throttled'
  /** How long the vendor asks to wait, in milliseconds, when it says so. */
  readonly retryAfterMs?: number
}
/**
 * Credentials or configuration: the host pauses the credential's actions and keeps everything.
 *
 * @example
 * ```ts
 * verdict.setup('invalid_api_key')
 * ```
 */
export interface Setup {
  readonly kind: 'setup'
  readonly code: string
}
/**
 * Bytes were written and no complete answer came: it may have been applied.
 *
 * @example
 * ```ts
 * verdict.unknown('unreadable_answer') // a success whose body cannot be read
 * ```
 */
export interface Unknown {
  readonly kind: 'unknown'
  readonly code: string
}

/**
 * What an answer means for one part of a request. Made by {@link verdict}; what the host does with each is said
 * there.
 *
 * @example
 * ```ts
 * const isOver = (each: Verdict) => each.kind === 'delivered' || each.kind === 'refused'
 * ```
 */
export type Verdict =
  | Delivered
  | DeliveredWithWarning
  | Accepted
  | Rejected
  | Refused
  | Retry
  | Throttled
  | Setup
  | Unknown
/**
 * The names of the verdicts.
 *
 * @example
 * ```ts
 * const kinds: readonly VerdictKind[] = ['delivered', 'refused']
 * ```
 */
export type VerdictKind = Verdict['kind']

/**
 * Constructors for the verdicts, so that `interpret` reads as a sentence.
 *
 * @example
 * ```ts
 * interpret: (request, response) =>
 *   request.parts.map((_, index) => (failed.has(index) ? verdict.refused('invalid_email') : verdict.delivered))
 * ```
 */
export const verdict = {
  delivered: { kind: 'delivered' } as Delivered,
  accepted: { kind: 'accepted' } as Accepted,
  deliveredWithWarning: (code: string): DeliveredWithWarning => ({ kind: 'deliveredWithWarning', code }),
  rejected: (code: string, path?: string): Rejected => ({
    kind: 'rejected',
    code,
    ...(path === undefined ? {} : { path }),
  }),
  refused: (code: string, path?: string): Refused => ({
    kind: 'refused',
    code,
    ...(path === undefined ? {} : { path }),
  }),
  refusedWhole: (code: string): Refused => ({ kind: 'refused', code, wholeRequest: true }),
  retry: (code: string): Retry => ({ kind: 'retry', code }),
  throttled: (retryAfterMs?: number): Throttled => ({
    kind: 'throttled',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }),
  setup: (code: string): Setup => ({ kind: 'setup', code }),
  unknown: (code: string): Unknown => ({ kind: 'unknown', code }),
}

/**
 * From worst to best: an item whose parts got different verdicts has the worst of them.
 *
 * @example
 * ```ts
 * worstFirst.indexOf('unknown') < worstFirst.indexOf('delivered') // true
 * ```
 */
export const worstFirst: readonly VerdictKind[] = [
  'setup',
  'unknown',
  'refused',
  'rejected',
  'retry',
  'throttled',
  'accepted',
  'deliveredWithWarning',
  'delivered',
]

/**
 * The worst of an item's verdicts.
 *
 * @example
 * ```ts
 * worstVerdict([verdict.delivered, verdict.retry('http_503')]) // retry
 * ```
 */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  let worst: Verdict = verdict.delivered
  for (const each of verdicts) {
    if (worstFirst.indexOf(each.kind) < worstFirst.indexOf(worst.kind)) worst = each
  }
  return worst
}

/**
 * The verdict that an HTTP status has when the connector knows nothing better. Reads `Retry-After` and the
 * `x-ratelimit-*` headers on 429. A success is `unknown` when its body says that it is JSON and is none, or is a
 * page: it was cut short, or somebody else answered.
 *
 * @example
 * ```ts
 * interpret: (request, response) => everyPart(request, verdictByStatus(response))
 * ```
 */
export function verdictByStatus(response: {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly receivedAt: number
  readonly text?: string
  readonly json?: unknown
}): Verdict {
  const { status } = response
  const code = `http_${status}`
  if (status >= 200 && status < 300) {
    return isUnreadable(response) ? verdict.unknown('answer_unreadable') : verdict.delivered
  }
  if (status === 401 || status === 403) return verdict.setup(code)
  if (status === 429) return verdict.throttled(retryAfterMs(response.headers, response.receivedAt))
  if (status === 408 || status === 500 || status === 502 || status === 503 || status === 504) {
    return verdict.retry(code)
  }
  if (status === 400 || status === 413) return verdict.refusedWhole(code)
  return verdict.refused(code)
}

/** Many answer a success with nothing, or with a word that is no JSON; only a body that is not what it says counts. */
function isUnreadable({
  headers,
  json,
  text = '',
}: {
  readonly headers: Readonly<Record<string, string>>
  readonly text?: string
  readonly json?: unknown
}): boolean {
  return text.trim() !== '' && json === undefined && /json|html/i.test(headers['content-type'] ?? '')
}

/**
 * The same verdict for every part of a request.
 *
 * @example
 * ```ts
 * interpret: (request, response) => everyPart(request, verdictByStatus(response))
 * ```
 */
export function everyPart(request: { readonly parts: readonly unknown[] }, one: Verdict): Verdict[] {
  return request.parts.map(() => one)
}

/**
 * How long a vendor asks to wait, from the headers of its answer (names in lower case), in milliseconds.
 * `Retry-After` is seconds or an HTTP date (RFC 9110, 10.2.3); `x-ratelimit-reset` is seconds, or epoch
 * seconds where it is greater than 10^9.
 *
 * @returns undefined when no header says it
 *
 * @example
 * ```ts
 * retryAfterMs({ 'retry-after': '7' }, response.receivedAt) // 7000
 * ```
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  for (const name of ['retry-after', 'x-ratelimit-retry-after']) {
    const value = headers[name]
    if (value === undefined) continue
    const ms = Number(value) * 1000
    if (Number.isFinite(ms) && ms >= 0) return ms
    const date = Date.parse(value)
    if (!Number.isNaN(date)) return Math.max(0, date - now)
  }
  const resetMs = Number(headers['x-ratelimit-reset']) * 1000
  if (!Number.isFinite(resetMs) || resetMs < 0) return undefined
  return resetMs > 1e12 ? Math.max(0, resetMs - now) : resetMs
}

/** What the tests of actions share: plans and issues of raw payloads, and answers that mean the same everywhere. */
import type {
  ActionDefinition,
  PublicSettings,
  RequestPlan,
  VendorResponse,
  Verdict,
} from '@sluice/connector-sdk'

/** The creation of the delivery in tests. */
const now = Date.UTC(2026, 4, 28)

/** The requests for payloads as a mapping fills them. The key of each item is `key-` and its index. */
export function planOf(
  action: ActionDefinition,
  payloads: readonly unknown[],
  settings: PublicSettings = {},
): readonly RequestPlan[] {
  const items = payloads.map((payload, index) => ({
    payload: action.parameters.parse(payload),
    change: 'upsert' as const,
    key: `key-${index}`,
  }))
  return action.plan(items, { settings, now })
}

export function onlyRequest(requests: readonly RequestPlan[]): RequestPlan {
  const [request] = requests
  if (request === undefined || requests.length > 1)
    throw new Error(`${requests.length} requests were planned`)
  return request
}

/** The requests as one line each, with the items that they carry. */
export function carried(requests: readonly RequestPlan[]): readonly string[] {
  return requests.map(
    ({ method, path, parts }) => `${method} ${path}: ${parts.map(({ item }) => item).join(' ')}`,
  )
}

/** What a payload is refused for: the parameter at fault and the code. */
export function issuesOf({ parameters }: ActionDefinition, payload: unknown): readonly string[] {
  const issues = parameters.safeParse(payload).error?.issues ?? []
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

export interface AnswerCase {
  readonly status: number
  readonly json: unknown
  readonly verdict: Verdict
  readonly headers?: Readonly<Record<string, string>>
}

export function responseOf({ status, json, headers = {} }: Omit<AnswerCase, 'verdict'>): VendorResponse {
  return { status, headers, text: JSON.stringify(json) ?? '<html>', json, receivedAt: 1_700_000_000_000 }
}

/** The verdicts of each part of a request when it is answered so. */
export function verdictsOf(action: ActionDefinition, request: RequestPlan, answer: AnswerCase) {
  return action.interpret?.(request, responseOf(answer)) ?? []
}

const setup = (code: string): Verdict => ({ kind: 'setup', code })
const retry = (code: string): Verdict => ({ kind: 'retry', code })
const whole = (code: string): Verdict => ({ kind: 'refused', code, wholeRequest: true })
const unreadable: Verdict = { kind: 'unknown', code: 'unreadable_answer' }
const inSeconds = (value: string) => ({ 'x-ratelimit-reset': value })

/** Answers that mean the same from every endpoint of Braze. */
export const commonAnswers: readonly AnswerCase[] = [
  { status: 201, json: undefined, verdict: unreadable },
  { status: 201, json: [], verdict: unreadable },
  { status: 201, json: { ok: true }, verdict: unreadable },
  { status: 202, json: { message: 'queued' }, verdict: { kind: 'delivered' } },
  { status: 400, json: { message: 'Something new' }, verdict: whole('http_400') },
  { status: 400, json: undefined, verdict: whole('http_400') },
  {
    status: 400,
    json: { message: 'The max number of ids per request was exceeded' },
    verdict: whole('too_many_objects'),
  },
  { status: 401, json: { message: 'Invalid API key: secret' }, verdict: setup('invalid_api_key') },
  { status: 403, json: { message: 'Access Denied' }, verdict: setup('access_denied') },
  { status: 404, json: undefined, verdict: setup('wrong_endpoint') },
  { status: 413, json: undefined, verdict: whole('body_too_large') },
  { status: 415, json: {}, verdict: { kind: 'refused', code: 'http_415' } },
  { status: 429, json: {}, verdict: { kind: 'throttled' } },
  {
    status: 429,
    json: {},
    headers: inSeconds('2'),
    verdict: { kind: 'throttled', retryAfterMs: 2000 },
  },
  {
    status: 429,
    json: {},
    headers: inSeconds('1700000005'),
    verdict: { kind: 'throttled', retryAfterMs: 5000 },
  },
  { status: 500, json: {}, verdict: retry('http_500') },
  { status: 502, json: {}, verdict: retry('http_502') },
  { status: 503, json: {}, verdict: retry('http_503') },
  { status: 504, json: {}, verdict: retry('http_504') },
]

/** Answers of endpoints whose success names no item. */
export const wholeAnswers: readonly AnswerCase[] = [
  ...commonAnswers,
  {
    status: 201,
    json: { message: 'success', errors: ['something'] },
    verdict: { kind: 'deliveredWithWarning', code: 'unattributed_error' },
  },
]

/** Answers of endpoints that send messages. */
export const messageAnswers: readonly AnswerCase[] = [
  ...wholeAnswers,
  { status: 201, json: { dispatch_id: 'd1', message: 'success' }, verdict: { kind: 'delivered' } },
  { status: 201, json: { dispatch_id: 'd1' }, verdict: { kind: 'delivered' } },
  {
    status: 201,
    json: { message: 'success', notice: 'Something about ann@example.com' },
    verdict: { kind: 'deliveredWithWarning', code: 'vendor_notice' },
  },
  { status: 400, json: { message: 'No Recipients' }, verdict: whole('no_recipients') },
  { status: 400, json: { message: 'No message to send' }, verdict: { kind: 'refused', code: 'no_message' } },
  {
    status: 400,
    json: { message: 'Message Variant Unspecified' },
    verdict: { kind: 'refused', code: 'invalid_message_variant' },
  },
  { status: 400, json: { message: 'Invalid whitelisted IPs' }, verdict: setup('address_not_allowed') },
]

const catalogError = (...ids: readonly unknown[]) => ({
  errors: ids.map((id) => ({ id, message: 'About restaurant1', parameter_values: ['restaurant1'] })),
  message: 'Invalid Request',
})
const refused = (code: string): Verdict => ({ kind: 'refused', code })

/** Answers of endpoints for catalog items. */
export const catalogAnswers: readonly AnswerCase[] = [
  ...wholeAnswers,
  { status: 202, json: { message: 'success' }, verdict: { kind: 'delivered' } },
  { status: 404, json: catalogError('catalog-not-found'), verdict: refused('unknown_catalog') },
  { status: 404, json: { message: 'Not Found' }, verdict: setup('wrong_endpoint') },
  {
    status: 400,
    json: catalogError('company-size-limit-already-reached'),
    verdict: refused('catalog_storage_full'),
  },
  { status: 400, json: catalogError('arbitrary-error'), verdict: retry('vendor_failure') },
  ...(
    [
      ['invalid-fields', 'unknown_catalog_field'],
      ['items-missing-ids', 'invalid_item_id'],
      ['ids-not-strings', 'invalid_item_id'],
      ['ids-not-string', 'invalid_item_id'],
      ['ids-too-large', 'invalid_item_id'],
      ['invalid-ids', 'invalid_item_id'],
      ['ids-not-unique', 'duplicate_item_id'],
      ['invalid-keys-in-value-object', 'invalid_item_value'],
      ['too-deep-nesting-in-value-object', 'invalid_item_value'],
      ['unable-to-coerce-value', 'invalid_item_value'],
      ['filtered-set-field-too-long', 'invalid_item_value'],
      ['items-too-large', 'item_too_large'],
      ['request-includes-too-many-items', 'too_many_objects'],
      ['item-array-invalid', 'http_400'],
    ] as const
  ).map(([id, code]) => ({ status: 400, json: catalogError(id), verdict: whole(code) })),
  { status: 400, json: catalogError('new', 'invalid-ids'), verdict: whole('invalid_item_id') },
  { status: 400, json: { errors: [null, 'text'] }, verdict: whole('http_400') },
]

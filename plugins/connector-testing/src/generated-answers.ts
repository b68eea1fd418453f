/** Answers that no vendor documents: any status, header and body, most of them close to what vendors do say. */
import type { VendorResponse } from '@sluice/connector-sdk'
import fc from 'fast-check'
import { responseOf } from '../../../engine/sending/send-request.ts'

/** Names that answers of vendors have, so that a connector finds something of the wrong form where it looks. */
const names = fc.constantFrom(
  ...['message', 'messages', 'error', 'errors', 'errorCode', 'error_code', 'code', 'type', 'status'],
  ...['success', 'ok', 'id', 'ids', 'index', 'input_array', 'data', 'result', 'results', 'items'],
  ...['failed', 'notice', 'deleted', 'dispatch_id', 'retry_after', 'path', 'field', 'reason'],
  ...['details', 'length', '__proto__'],
)
const value = fc.oneof(
  fc.constantFrom('success', 'queued', 'attributes', 'events', 'purchases', '', 'x'.repeat(10_000)),
  fc.integer({ min: -2, max: 100 }),
  fc.jsonValue({ maxDepth: 2 }),
)
const entry = fc.dictionary(names, value, { maxKeys: 4 })
const object = fc.dictionary(
  names,
  fc.oneof(value, entry, fc.array(fc.oneof(entry, value), { maxLength: 100, size: 'medium' })),
  { maxKeys: 5 },
)

/** A success or failure that names items, as many vendors do; its numbers need not be those of items. */
const named = fc
  .record({
    list: fc.constantFrom('errors', 'errors', 'failed', 'results'),
    entries: fc.array(
      fc.record(
        {
          index: fc.oneof(fc.integer({ min: -2, max: 100 }), fc.constantFrom(0.5, '0', null)),
          input_array: fc.constantFrom('attributes', 'events', 'purchases'),
          type: fc.string(),
        },
        { requiredKeys: ['index'] },
      ),
      { maxLength: 5 },
    ),
  })
  .map(({ entries, list }) => ({ message: 'success', [list]: entries }))

const json = fc.oneof(
  { weight: 4, arbitrary: named.map((each) => JSON.stringify(each)) },
  { weight: 3, arbitrary: object.map((each) => JSON.stringify(each)) },
  fc.json(),
)

const text = fc.oneof(
  { weight: 4, arbitrary: json },
  fc.tuple(json, fc.double({ min: 0, max: 1, noNaN: true })).map(([whole, share]) => {
    return whole.slice(0, Math.floor(whole.length * share))
  }),
  fc.constantFrom('[', '{"errors":').map((open) => open.repeat(20_000)),
  fc.constant(`{"message":"success","errors":${'['.repeat(20_000)}${']'.repeat(20_000)}}`),
  fc.string({ unit: 'binary' }),
)

const headers = fc.dictionary(
  fc.constantFrom(
    'retry-after',
    'x-ratelimit-reset',
    'x-ratelimit-remaining',
    'x-ratelimit-retry-after',
    'content-type',
  ),
  fc.oneof(
    fc.constantFrom(
      ...['application/json', 'text/html', '0', '-1', '1e307', '1e400', 'NaN', 'Infinity', '9'.repeat(400)],
      ...['0x10', 'Thu, 28 May 2026 10:00:07 GMT'],
    ),
    fc.integer().map(String),
    fc.string(),
  ),
  { maxKeys: 3 },
)

const status = fc.oneof(
  fc.constantFrom(200, 201, 207),
  fc.constantFrom(400, 401, 403, 404, 409, 422, 429, 500, 503),
  fc.integer({ min: 200, max: 999 }),
)

export function generatedAnswers(receivedAt: number): fc.Arbitrary<VendorResponse> {
  return fc
    .record({ status, headers, text })
    .map((answer) => responseOf({ kind: 'answer', ...answer }, receivedAt))
}

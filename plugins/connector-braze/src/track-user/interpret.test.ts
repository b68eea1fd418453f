/** What each answer to /users/track means for each part. */
import type { RequestPlan, VendorResponse } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { interpretTrackUser } from './interpret.ts'
import { trackUserParameters } from './parameters.ts'
import { planTrackUser } from './plan.ts'

/** Two attributes objects and one event. */
const request: RequestPlan = {
  method: 'POST',
  path: '/users/track',
  body: {
    kind: 'json',
    value: {
      attributes: [{ external_id: '0' }, { external_id: '1' }],
      events: [{ external_id: '0', name: 'seen' }],
    },
  },
  parts: [
    { item: 0, part: 0, effect: 'set' },
    { item: 1, part: 0, effect: 'set' },
    { item: 0, part: 1, effect: 'append' },
  ],
}

/** Attributes with and without increments, between them events and purchases of both users. */
const mixed = planTrackUser(
  [
    { externalId: '0', increment: { visits: 1 }, events: [{ name: 'seen' }], purchases: [bought('a')] },
    { externalId: '1', firstName: 'Bob', purchases: [bought('b'), bought('c')] },
  ].map((payload) => ({
    payload: trackUserParameters.parse(payload),
    change: 'upsert' as const,
    key: '',
  })),
  { settings: {}, now: 0 },
)[0]

function bought(productId: string) {
  return { productId, currency: 'EUR', price: 1 }
}

function verdicts(
  status: number,
  json: unknown,
  headers: VendorResponse['headers'] = {},
  plan: RequestPlan = request,
): string[] {
  const response = {
    status,
    headers,
    text: JSON.stringify(json) ?? '<html>',
    json,
    receivedAt: 1_700_000_000_000,
  }
  return interpretTrackUser(plan, response).map((each) =>
    [
      each.kind,
      'code' in each && each.code,
      'wholeRequest' in each && 'whole',
      'retryAfterMs' in each && each.retryAfterMs,
    ]
      .filter((word) => word !== false)
      .join(' '),
  )
}

const repeat = (text: string, times: number) => Array.from({ length: times }, () => text)
const all = (text: string) => repeat(text, 3)
const error = (type: unknown, input_array?: unknown, index?: unknown) => ({ type, input_array, index })
const badEmail = "The value provided for the 'email' field is not a valid email."
const noId = "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required"
const noValidData = "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields."

describe('a success', () => {
  it.each([200, 201, 202])('with status %d delivers every part', (status) => {
    expect(verdicts(status, { message: 'success', attributes_processed: 2 })).toEqual(all('delivered'))
  })

  it('that is only queued is delivered', () => {
    expect(verdicts(202, { message: 'queued' })).toEqual(all('delivered'))
  })

  it('with item errors refuses exactly those parts, each with its own code', () => {
    const errors = [error(badEmail, 'attributes', 1), error(noId, 'events', 0)]
    expect(verdicts(201, { message: 'success', errors })).toEqual([
      'delivered',
      'refused invalid_email',
      'refused identifier_missing',
    ])
  })

  it.each([
    ['attributes', 0, 0],
    ['attributes', 1, 1],
    ['events', 0, 2],
    ['purchases', 0, 3],
    ['purchases', 2, 5],
  ])('with an error of %s %d refuses that one, whatever the effects of the parts', (array, index, place) => {
    const plan = mixed ?? expect.unreachable('no request')
    expect(plan.parts.map(({ effect }) => effect)).toEqual(['delta', 'set', ...repeat('append', 4)])
    const expected = repeat('delivered', 6)
    expected[place] = 'refused bad_quantity'
    const errors = [error("'quantity' is not valid", array, index)]
    expect(verdicts(201, { message: 'success', errors }, {}, plan)).toEqual(expected)
  })

  it('refuses with a code of ours when the text is new', () => {
    expect(verdicts(201, { message: 'success', errors: [error('Brand new text', 'attributes', 0)] })).toEqual(
      ['refused vendor_error', 'delivered', 'delivered'],
    )
  })

  it.each<[string, unknown]>([
    ['a bare text', badEmail],
    ['no index', error(badEmail, 'attributes')],
    ['an index beyond its array', error(badEmail, 'attributes', 2)],
    ['a negative index', error(badEmail, 'events', -1)],
    ['an array that was not sent', error(badEmail, 'purchases', 0)],
    ['null', null],
  ])('with an error that has %s is delivered with a warning, since it may be any part', (_, entry) => {
    expect(verdicts(201, { message: 'success', errors: [entry] })).toEqual(
      all('deliveredWithWarning unattributed_error'),
    )
  })

  it('with one error attributed and another not refuses the one and warns of the rest', () => {
    expect(
      verdicts(201, { message: 'success', errors: [error(badEmail, 'attributes', 0), 'who knows'] }),
    ).toEqual([
      'refused invalid_email',
      'deliveredWithWarning unattributed_error',
      'deliveredWithWarning unattributed_error',
    ])
  })

  it('with errors that are no list is delivered with a warning', () => {
    expect(verdicts(201, { message: 'success', errors: 'oops' })).toEqual(
      all('deliveredWithWarning unattributed_error'),
    )
    expect(verdicts(201, { message: 'success', errors: null })).toEqual(all('delivered'))
  })

  it.each<[string, unknown]>([
    ['no JSON', undefined],
    ['a list', []],
    ['a text', 'success'],
    ['null', null],
    ['JSON of something else', { ok: true }],
  ])('whose body is %s leaves open what happened', (_, json) => {
    expect(verdicts(201, json)).toEqual(all('unknown unreadable_answer'))
  })
})

describe('a bad request', () => {
  it('that names every object refuses each with its code', () => {
    const errors = [error(badEmail, 'attributes', 0), error(noId, 'attributes', 1), error('?', 'events', 0)]
    expect(verdicts(400, { message: noValidData, errors })).toEqual([
      'refused invalid_email',
      'refused identifier_missing',
      'refused vendor_error',
    ])
  })

  it('that names only some is refused whole, so that the host looks for the bad ones and saves the rest', () => {
    expect(verdicts(400, { message: 'fatal', errors: [error(badEmail, 'attributes', 0)] })).toEqual(
      all('refused http_400 whole'),
    )
  })

  it.each<[number, unknown, string]>([
    [400, { message: 'Max Input Length Exceeded' }, 'too_many_objects'],
    [400, { message: noValidData }, 'no_valid_data'],
    [400, { message: 'Something else' }, 'http_400'],
    [400, undefined, 'http_400'],
    [413, undefined, 'body_too_large'],
  ])('with status %d and %j is refused whole', (status, json, code) => {
    expect(verdicts(status, json)).toEqual(all(`refused ${code} whole`))
  })
})

describe('any other answer', () => {
  it.each<[number, string]>([
    [401, 'setup invalid_api_key'],
    [403, 'setup access_denied'],
    [404, 'setup wrong_endpoint'],
    [405, 'setup wrong_endpoint'],
    [301, 'setup wrong_endpoint'],
    [408, 'retry http_408'],
    [500, 'retry http_500'],
    [502, 'retry http_502'],
    [503, 'retry http_503'],
    [504, 'retry http_504'],
    [415, 'refused http_415'],
    [429, 'throttled'],
  ])('with status %d means %s for all', (status, text) => {
    expect(verdicts(status, { message: 'Invalid API key: secret' })).toEqual(all(text))
  })

  it.each<[Record<string, string>, string]>([
    [{ 'retry-after': '7' }, 'throttled 7000'],
    [{ 'x-ratelimit-retry-after': '3' }, 'throttled 3000'],
    [{ 'x-ratelimit-reset': '2' }, 'throttled 2000'],
    [{ 'x-ratelimit-reset': '1700000005' }, 'throttled 5000'],
  ])('429 with %j waits as long as it says', (headers, text) => {
    expect(verdicts(429, {}, headers)).toEqual(all(text))
  })
})

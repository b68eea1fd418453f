/** For any payloads: every part is addressed exactly once, in order, within the limits. */
import type { JsonValue, RequestPlan } from '@sluice/connector-sdk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { trackUser } from './index.ts'
import { trackUserParameters } from './parameters.ts'
import { maxBytes, maxObjects } from './plan.ts'

const name = fc.string({ minLength: 1, maxLength: 12 }).map((text) => `n${text}`)
const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.boolean(),
  fc.array(fc.string()),
  fc.constant(null),
)
const payload = fc.record(
  {
    externalId: fc.string({ minLength: 1 }).map((text) => `id-${text}`),
    email: fc.option(fc.emailAddress()),
    firstName: fc.option(fc.string({ unit: 'binary' })),
    attributes: fc.dictionary(name, value, { maxKeys: 5 }),
    events: fc.array(
      fc.record({ name, properties: fc.dictionary(name, value, { maxKeys: 3 }) }, { requiredKeys: ['name'] }),
      { maxLength: 200 },
    ),
    updateExistingOnly: fc.boolean(),
  },
  { requiredKeys: ['externalId'] },
)

function bodyOf(request: RequestPlan): { attributes?: readonly JsonValue[]; events?: readonly JsonValue[] } {
  return (request.body?.kind === 'json' ? request.body.value : {}) as ReturnType<typeof bodyOf>
}

describe('the requests of Track User, whatever the payloads', () => {
  it('address every part of every item exactly once, and an item as many times as it weighs', () => {
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 12 }), (payloads) => {
        const parsed = payloads.map((each) => trackUserParameters.parse(each))
        const items = parsed.map((each) => ({ payload: each, change: 'upsert' as const, key: '' }))
        const requests = trackUser.plan(items, { settings: {}, now: 0 })
        const addressed = requests.flatMap(({ parts }) => parts.map(({ item, part }) => `${item}/${part}`))
        const expected = parsed.flatMap((each, item) =>
          Array.from({ length: trackUser.weigh(each)['objects'] ?? 0 }, (_, part) => `${item}/${part}`),
        )
        expect([...addressed].sort()).toEqual([...expected].sort())
        for (const item of parsed.keys()) {
          const order = requests.flatMap(({ parts }) => parts.filter((part) => part.item === item))
          expect(order.map(({ part }) => part)).toEqual(order.map((_, index) => index))
        }
      }),
      { numRuns: 60 },
    )
  })

  it('keep to 75 objects and the bytes, and have a part an object in the order of the body', () => {
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 12 }), (payloads) => {
        const items = payloads.map((each) => ({
          payload: trackUserParameters.parse(each),
          change: 'upsert' as const,
          key: '',
        }))
        for (const request of trackUser.plan(items, { settings: {}, now: 0 })) {
          const { attributes = [], events = [] } = bodyOf(request)
          expect(attributes.length + events.length).toBeLessThanOrEqual(maxObjects)
          expect(Buffer.byteLength(JSON.stringify(bodyOf(request)))).toBeLessThan(maxBytes + 100)
          expect(request.parts.map(({ effect }) => effect)).toEqual([
            ...attributes.map(() => 'set'),
            ...events.map(() => 'append'),
          ])
        }
      }),
      { numRuns: 60 },
    )
  })

  it('are one when the group is exactly at the limit', () => {
    const items = Array.from({ length: maxObjects }, (_, index) => ({
      payload: trackUserParameters.parse({ externalId: `${index}` }),
      change: 'upsert' as const,
      key: '',
    }))
    expect(trackUser.plan(items, { settings: {}, now: 0 })).toHaveLength(1)
  })
})

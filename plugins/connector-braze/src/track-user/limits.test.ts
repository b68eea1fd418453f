/** For any payloads and either limit: every part is addressed exactly once, in order, within the limit. */
import type { ActionDefinition, JsonValue, PublicSettings, RequestPlan } from '@sluice/connector-sdk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxBytes } from '../max-bytes.ts'
import { trackUser, trackUserSingle } from './index.ts'
import { trackUserParameters } from './parameters.ts'

const name = fc.string({ minLength: 1, maxLength: 12 }).map((text) => `n${text}`)
const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.boolean(),
  fc.array(fc.string()),
  fc.constant(null),
)
const properties = fc.dictionary(name, value, { maxKeys: 3 })
const purchase = fc.record(
  {
    productId: name,
    currency: fc.constantFrom('EUR', 'jpy'),
    price: fc.double({ noNaN: true, noDefaultInfinity: true }),
    quantity: fc.option(fc.integer({ min: 1, max: 100 })),
    properties,
  },
  { requiredKeys: ['productId', 'currency', 'price'] },
)
const amounts = fc.dictionary(
  name.map((text) => `count ${text}`),
  fc.integer(),
  { maxKeys: 2 },
)
const lists = fc.dictionary(
  name.map((text) => `list ${text}`),
  fc.array(fc.string()),
  { maxKeys: 2 },
)
const payload = fc.record(
  {
    externalId: fc.string({ minLength: 1 }).map((text) => `id-${text}`),
    email: fc.option(fc.emailAddress()),
    firstName: fc.option(fc.string({ unit: 'binary' })),
    attributes: fc.dictionary(name, value, { maxKeys: 5 }),
    increment: amounts,
    addToArray: lists,
    removeFromArray: lists,
    events: fc.array(fc.record({ name, properties }, { requiredKeys: ['name'] }), { maxLength: 200 }),
    purchases: fc.array(purchase, { maxLength: 200 }),
    updateExistingOnly: fc.boolean(),
  },
  { requiredKeys: ['externalId'] },
)
const payloads = fc.array(payload, { maxLength: 12 })
const settings = fc.constantFrom<PublicSettings>({}, { objectLimit: 'combined' }, { objectLimit: 'each' })
const arrays = ['attributes', 'events', 'purchases'] as const

type Bodies = Partial<Record<(typeof arrays)[number], readonly JsonValue[]>>

function bodyOf(request: RequestPlan): Bodies {
  return (request.body?.kind === 'json' ? request.body.value : {}) as Bodies
}

function planned(action: ActionDefinition, given: readonly unknown[], ofSettings: PublicSettings = {}) {
  const items = given.map((each) => ({
    payload: trackUserParameters.parse(each),
    change: 'upsert' as const,
    key: '',
  }))
  return { items, requests: action.plan(items, { settings: ofSettings, now: 0 }) }
}

describe.each([
  ['Track User', trackUser],
  ['Track User (non-batch)', trackUserSingle],
])('the requests of %s, whatever the payloads', (_, action) => {
  it('address every part of every item exactly once, and an item as many times as it weighs', () => {
    fc.assert(
      fc.property(payloads, settings, (given, ofSettings) => {
        const { items, requests } = planned(action, given, ofSettings)
        const addressed = requests.flatMap(({ parts }) => parts.map(({ item, part }) => `${item}/${part}`))
        const expected = items.flatMap(({ payload: each }, item) =>
          Array.from({ length: action.weigh(each)['objects'] ?? 0 }, (_, part) => `${item}/${part}`),
        )
        expect([...addressed].sort()).toEqual([...expected].sort())
        for (const item of items.keys()) {
          const order = requests.flatMap(({ parts }) => parts.filter((part) => part.item === item))
          expect(order.map(({ part }) => part)).toEqual(order.map((_, index) => index))
        }
      }),
      { numRuns: 60 },
    )
  })

  it('keep to the limit and the bytes, and have a part an object in the order of the body', () => {
    fc.assert(
      fc.property(payloads, settings, (given, ofSettings) => {
        for (const request of planned(action, given, ofSettings).requests) {
          const lengths = arrays.map((array) => bodyOf(request)[array]?.length ?? 0)
          const together = lengths.reduce((sum, length) => sum + length)
          expect(ofSettings['objectLimit'] === 'each' ? Math.max(...lengths) : together).toBeLessThanOrEqual(
            75,
          )
          expect(Buffer.byteLength(JSON.stringify(bodyOf(request)))).toBeLessThanOrEqual(maxBytes)
          const counted = request.parts.map(({ effect }) => effect === 'append')
          expect(counted).toEqual(Array.from({ length: together }, (_, index) => index >= (lengths[0] ?? 0)))
        }
      }),
      { numRuns: 60 },
    )
  })

  it('are one for an item within the limit, and several for one beyond it', () => {
    fc.assert(
      fc.property(payload, settings, (given, ofSettings) => {
        const { items, requests } = planned(action, [given], ofSettings)
        const weight = items.map(({ payload: each }) => action.weigh(each))[0] ?? {}
        const fits = Object.entries(trackUser.limits(ofSettings).weights).every(
          ([unit, most]) => (weight[unit] ?? 0) <= most,
        )
        expect(requests.length === 1).toBe(fits)
      }),
      { numRuns: 60 },
    )
  })

  it('are one for 75 users with attributes alone, or one for each user', () => {
    const users = Array.from({ length: 75 }, (_, index) => ({ externalId: `${index}` }))
    expect(planned(action, users).requests).toHaveLength(action === trackUser ? 1 : 75)
  })
})

describe('an increment', () => {
  it('makes the part of the attributes a delta, whatever else is in it, and nothing else does', () => {
    fc.assert(
      fc.property(payload, (given) => {
        const { items, requests } = planned(trackUser, [given])
        const effects = requests.flatMap(({ parts }) => parts.map(({ effect }) => effect))
        const { increment = {} } = items[0]?.payload ?? {}
        const ofAttributes = Object.keys(increment).length > 0 ? 'delta' : 'set'
        const hasAttributes = items.some(({ payload: each }) => trackUser.weigh(each)['attributes'] === 1)
        expect(effects.filter((effect) => effect !== 'append')).toEqual(hasAttributes ? [ofAttributes] : [])
      }),
      { numRuns: 60 },
    )
  })
})

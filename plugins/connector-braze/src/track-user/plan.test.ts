/** Given these payloads, these requests go out. */
import type { PublicSettings, RequestPlan } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { maxBytes } from '../max-bytes.ts'
import { trackUserParameters } from './parameters.ts'
import { planTrackUser, planTrackUserSingle } from './plan.ts'

const now = Date.UTC(2026, 4, 28, 10)

function itemsOf(payloads: readonly unknown[]) {
  return payloads.map((payload, index) => ({
    payload: trackUserParameters.parse(payload),
    change: 'upsert' as const,
    key: `key-${index}`,
  }))
}

function plan(...payloads: unknown[]): readonly RequestPlan[] {
  return planTrackUser(itemsOf(payloads), { settings: {}, now })
}

function bodies(...payloads: unknown[]): unknown[] {
  return plan(...payloads).map(({ body }) => (body?.kind === 'json' ? body.value : body))
}

describe('Track User', () => {
  it('sends profile fields by the names of Braze, and custom attributes beside them', () => {
    expect(
      plan({
        externalId: 'customer-1',
        email: 'ann@example.com',
        phone: '+31201234567',
        firstName: 'Ann',
        lastName: 'de Vries',
        country: 'NL',
        language: 'nl',
        dob: '1990-05-28T00:00:00.000Z',
        gender: 'female',
        homeCity: 'Utrecht',
        timeZone: 'Europe/Amsterdam',
        emailSubscribe: 'opted_in',
        pushSubscribe: 'unsubscribed',
        emailOpenTrackingDisabled: true,
        dateOfFirstSession: '2025-01-01',
        latitude: 52.1,
        longitude: 5.1,
        attributes: { tier: 'gold', tags: ['a', 'b'] },
      }),
    ).toMatchInlineSnapshot(`
      [
        {
          "body": {
            "kind": "json",
            "value": {
              "attributes": [
                {
                  "country": "NL",
                  "current_location": {
                    "latitude": 52.1,
                    "longitude": 5.1,
                  },
                  "date_of_first_session": "2025-01-01T00:00:00.000Z",
                  "dob": "1990-05-28",
                  "email": "ann@example.com",
                  "email_open_tracking_disabled": true,
                  "email_subscribe": "opted_in",
                  "external_id": "customer-1",
                  "first_name": "Ann",
                  "gender": "F",
                  "home_city": "Utrecht",
                  "language": "nl",
                  "last_name": "de Vries",
                  "phone": "+31201234567",
                  "push_subscribe": "unsubscribed",
                  "tags": [
                    "a",
                    "b",
                  ],
                  "tier": "gold",
                  "time_zone": "Europe/Amsterdam",
                },
              ],
            },
          },
          "headers": {
            "X-Braze-Bulk": "true",
          },
          "method": "POST",
          "parts": [
            {
              "effect": "set",
              "item": 0,
              "part": 0,
            },
          ],
          "path": "/users/track",
        },
      ]
    `)
  })

  it('sends attributes before events, each part with the effect of repeating it', () => {
    expect(
      plan(
        {
          externalId: '1',
          firstName: 'Ann',
          events: [{ name: 'seen' }, { name: 'bought', time: '2026-05-01' }],
        },
        { externalId: '2', firstName: 'Bob' },
      ),
    ).toMatchInlineSnapshot(`
      [
        {
          "body": {
            "kind": "json",
            "value": {
              "attributes": [
                {
                  "external_id": "1",
                  "first_name": "Ann",
                },
                {
                  "external_id": "2",
                  "first_name": "Bob",
                },
              ],
              "events": [
                {
                  "external_id": "1",
                  "name": "seen",
                  "time": "2026-05-28T10:00:00.000Z",
                },
                {
                  "external_id": "1",
                  "name": "bought",
                  "time": "2026-05-01T00:00:00.000Z",
                },
              ],
            },
          },
          "headers": {
            "X-Braze-Bulk": "true",
          },
          "method": "POST",
          "parts": [
            {
              "effect": "set",
              "item": 0,
              "part": 0,
            },
            {
              "effect": "set",
              "item": 1,
              "part": 0,
            },
            {
              "effect": "append",
              "item": 0,
              "part": 1,
            },
            {
              "effect": "append",
              "item": 0,
              "part": 2,
            },
          ],
          "path": "/users/track",
        },
      ]
    `)
  })

  it('gives an event without a time the time of the delivery, and properties and app where there are some', () => {
    expect(
      bodies({
        email: 'ann@example.com',
        updateExistingOnly: true,
        events: [
          { name: 'seen', appId: 'app', properties: { page: '/', depth: 2 } },
          { name: 'left', time: ' ' },
        ],
      }),
    ).toMatchInlineSnapshot(`
      [
        {
          "events": [
            {
              "_update_existing_only": true,
              "app_id": "app",
              "email": "ann@example.com",
              "name": "seen",
              "properties": {
                "depth": 2,
                "page": "/",
              },
              "time": "2026-05-28T10:00:00.000Z",
            },
            {
              "_update_existing_only": true,
              "email": "ann@example.com",
              "name": "left",
              "time": "2026-05-28T10:00:00.000Z",
            },
          ],
        },
      ]
    `)
  })

  it('lets an event or a purchase say for itself whether it may create the user', () => {
    const purchase = { productId: 'sku', currency: 'EUR', price: 1, time: '2026-05-01' }
    expect(
      bodies(
        {
          externalId: '1',
          firstName: 'Ann',
          events: [{ name: 'seen', time: '2026-05-01', updateExistingOnly: true }],
          purchases: [purchase],
        },
        {
          aliasName: 'bob',
          aliasLabel: 'crm',
          updateExistingOnly: true,
          purchases: [{ ...purchase, updateExistingOnly: false }],
        },
      ),
    ).toMatchInlineSnapshot(`
      [
        {
          "attributes": [
            {
              "external_id": "1",
              "first_name": "Ann",
            },
          ],
          "events": [
            {
              "_update_existing_only": true,
              "external_id": "1",
              "name": "seen",
              "time": "2026-05-01T00:00:00.000Z",
            },
          ],
          "purchases": [
            {
              "currency": "EUR",
              "external_id": "1",
              "price": 1,
              "product_id": "sku",
              "time": "2026-05-01T00:00:00.000Z",
            },
            {
              "_update_existing_only": false,
              "currency": "EUR",
              "price": 1,
              "product_id": "sku",
              "time": "2026-05-01T00:00:00.000Z",
              "user_alias": {
                "alias_label": "crm",
                "alias_name": "bob",
              },
            },
          ],
        },
      ]
    `)
  })

  it('sends no attributes object for events only, and one for nothing but an id, which makes the profile', () => {
    expect(bodies({ externalId: '1', events: [{ name: 'seen' }], attributes: {} })).toMatchInlineSnapshot(`
      [
        {
          "events": [
            {
              "external_id": "1",
              "name": "seen",
              "time": "2026-05-28T10:00:00.000Z",
            },
          ],
        },
      ]
    `)
    expect(bodies({ externalId: '1' }, { email: 'bob@example.com', events: [] })).toMatchInlineSnapshot(`
      [
        {
          "attributes": [
            {
              "external_id": "1",
            },
            {
              "email": "bob@example.com",
            },
          ],
        },
      ]
    `)
  })

  it('treats e-mail and phone as attributes beside a primary id, and as the identifier without one', () => {
    expect(
      bodies(
        {
          externalId: '1',
          email: 'ann@example.com',
          phone: '+311',
          events: [{ name: 'seen', time: '2026-05-01' }],
        },
        { email: 'bob@example.com', phone: '+312', events: [{ name: 'seen', time: '2026-05-01' }] },
        { phone: '+313', events: [{ name: 'seen', time: '2026-05-01' }] },
      ),
    ).toMatchInlineSnapshot(`
      [
        {
          "attributes": [
            {
              "email": "ann@example.com",
              "external_id": "1",
              "phone": "+311",
            },
            {
              "email": "bob@example.com",
              "phone": "+312",
            },
          ],
          "events": [
            {
              "external_id": "1",
              "name": "seen",
              "time": "2026-05-01T00:00:00.000Z",
            },
            {
              "email": "bob@example.com",
              "name": "seen",
              "time": "2026-05-01T00:00:00.000Z",
            },
            {
              "name": "seen",
              "phone": "+313",
              "time": "2026-05-01T00:00:00.000Z",
            },
          ],
        },
      ]
    `)
  })

  it('says in so many words whether an alias may create a profile, since Braze would only update', () => {
    const alias = { aliasName: 'ann', aliasLabel: 'crm' }
    expect(bodies(alias, { ...alias, updateExistingOnly: true })).toMatchInlineSnapshot(`
      [
        {
          "attributes": [
            {
              "_update_existing_only": false,
              "user_alias": {
                "alias_label": "crm",
                "alias_name": "ann",
              },
            },
            {
              "_update_existing_only": true,
              "user_alias": {
                "alias_label": "crm",
                "alias_name": "ann",
              },
            },
          ],
        },
      ]
    `)
  })

  it('removes what is null or blank, but never an e-mail or phone that might identify, nor a subscription', () => {
    expect(
      bodies(
        {
          externalId: '1',
          firstName: null,
          country: ' ',
          email: null,
          emailSubscribe: null,
          attributes: { tier: null },
        },
        { email: 'bob@example.com', phone: null, lastName: '' },
        { phone: '+313', email: ' ' },
      ),
    ).toMatchInlineSnapshot(`
      [
        {
          "attributes": [
            {
              "country": null,
              "email": null,
              "external_id": "1",
              "first_name": null,
              "tier": null,
            },
            {
              "email": "bob@example.com",
              "last_name": null,
            },
            {
              "phone": "+313",
            },
          ],
        },
      ]
    `)
  })

  it('splits an item of more than 75 objects over requests, in order', () => {
    const events = Array.from({ length: 160 }, (_, index) => ({ name: `event-${index}` }))
    const requests = plan({ externalId: '1', firstName: 'Ann', events })
    expect(requests.map(({ parts }) => parts.length)).toEqual([75, 75, 11])
    expect(requests.flatMap(({ parts }) => parts.map(({ part }) => part))).toEqual(
      Array.from({ length: 161 }, (_, index) => index),
    )
    expect(requests[0]?.parts[0]).toEqual({ item: 0, part: 0, effect: 'set' })
    expect(requests[2]?.parts[10]).toEqual({ item: 0, part: 160, effect: 'append' })
  })

  it('splits an item by size where its objects would pass the 4 MB that Braze takes', () => {
    // Objects of all sizes, so that some request comes close to the limit.
    const events = Array.from({ length: 75 }, (_, index) => ({
      name: `event-${index}`,
      properties: { text: 'é\u0000'.repeat(20_000 + index * 100) },
    }))
    const requests = plan({ externalId: '1', firstName: 'Ann', events })
    expect(requests.flatMap(({ parts }) => parts.map(({ part }) => part))).toEqual(
      Array.from({ length: 76 }, (_, index) => index),
    )
    const sizes = requests.map(({ body }) =>
      Buffer.byteLength(JSON.stringify(body?.kind === 'json' ? body.value : null)),
    )
    expect(sizes.length).toBeGreaterThan(1)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(maxBytes)
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(maxBytes - 250_000)
  })

  it('leaves large objects of several items to the host, which halves what passes the limit', () => {
    const attributes = { text: 'x'.repeat(1_000_000) }
    const payloads = Array.from({ length: 5 }, (_, index) => ({ externalId: `${index}`, attributes }))
    expect(plan(...payloads)).toHaveLength(1)
  })

  it('sends nothing for no items', () => {
    expect(plan()).toEqual([])
  })
})

describe('modifications', () => {
  it('count up and down, and change arrays, beside what is set', () => {
    expect(
      plan(
        {
          externalId: '1',
          firstName: 'Ann',
          attributes: { tier: 'gold' },
          increment: { visits: 2 },
          decrement: { credits: 3, zero: 0 },
          addToArray: { tags: ['a'], badges: ['b'] },
          removeFromArray: { tags: ['c'], lists: ['d'] },
        },
        { externalId: '2', addToArray: { tags: ['a'] } },
        { externalId: '3', increment: {}, events: [{ name: 'seen' }] },
      ),
    ).toMatchInlineSnapshot(`
      [
        {
          "body": {
            "kind": "json",
            "value": {
              "attributes": [
                {
                  "badges": {
                    "add": [
                      "b",
                    ],
                  },
                  "credits": {
                    "inc": -3,
                  },
                  "external_id": "1",
                  "first_name": "Ann",
                  "lists": {
                    "remove": [
                      "d",
                    ],
                  },
                  "tags": {
                    "add": [
                      "a",
                    ],
                    "remove": [
                      "c",
                    ],
                  },
                  "tier": "gold",
                  "visits": {
                    "inc": 2,
                  },
                  "zero": {
                    "inc": 0,
                  },
                },
                {
                  "external_id": "2",
                  "tags": {
                    "add": [
                      "a",
                    ],
                  },
                },
              ],
              "events": [
                {
                  "external_id": "3",
                  "name": "seen",
                  "time": "2026-05-28T10:00:00.000Z",
                },
              ],
            },
          },
          "headers": {
            "X-Braze-Bulk": "true",
          },
          "method": "POST",
          "parts": [
            {
              "effect": "delta",
              "item": 0,
              "part": 0,
            },
            {
              "effect": "set",
              "item": 1,
              "part": 0,
            },
            {
              "effect": "append",
              "item": 2,
              "part": 0,
            },
          ],
          "path": "/users/track",
        },
      ]
    `)
  })
})

describe('purchases', () => {
  it('go out after attributes and events, with the time of the delivery where they have none', () => {
    expect(
      plan({
        aliasName: 'ann',
        aliasLabel: 'crm',
        firstName: 'Ann',
        purchases: [
          { productId: 'sku-1', currency: 'EUR', price: 12.5 },
          {
            productId: 'sku-2',
            currency: 'JPY',
            price: 100,
            quantity: 3,
            time: '2026-05-01T10:00:00+02:00',
            appId: 'app',
            properties: { color: 'red' },
          },
        ],
        events: [{ name: 'seen' }],
      }),
    ).toMatchInlineSnapshot(`
      [
        {
          "body": {
            "kind": "json",
            "value": {
              "attributes": [
                {
                  "_update_existing_only": false,
                  "first_name": "Ann",
                  "user_alias": {
                    "alias_label": "crm",
                    "alias_name": "ann",
                  },
                },
              ],
              "events": [
                {
                  "_update_existing_only": false,
                  "name": "seen",
                  "time": "2026-05-28T10:00:00.000Z",
                  "user_alias": {
                    "alias_label": "crm",
                    "alias_name": "ann",
                  },
                },
              ],
              "purchases": [
                {
                  "_update_existing_only": false,
                  "currency": "EUR",
                  "price": 12.5,
                  "product_id": "sku-1",
                  "time": "2026-05-28T10:00:00.000Z",
                  "user_alias": {
                    "alias_label": "crm",
                    "alias_name": "ann",
                  },
                },
                {
                  "_update_existing_only": false,
                  "app_id": "app",
                  "currency": "JPY",
                  "price": 100,
                  "product_id": "sku-2",
                  "properties": {
                    "color": "red",
                  },
                  "quantity": 3,
                  "time": "2026-05-01T08:00:00.000Z",
                  "user_alias": {
                    "alias_label": "crm",
                    "alias_name": "ann",
                  },
                },
              ],
            },
          },
          "headers": {
            "X-Braze-Bulk": "true",
          },
          "method": "POST",
          "parts": [
            {
              "effect": "set",
              "item": 0,
              "part": 0,
            },
            {
              "effect": "append",
              "item": 0,
              "part": 1,
            },
            {
              "effect": "append",
              "item": 0,
              "part": 2,
            },
            {
              "effect": "append",
              "item": 0,
              "part": 3,
            },
          ],
          "path": "/users/track",
        },
      ]
    `)
  })

  it('alone need no attributes object', () => {
    expect(
      bodies({ externalId: '1', purchases: [{ productId: 'sku-1', currency: 'EUR', price: 1 }] }),
    ).toMatchInlineSnapshot(`
      [
        {
          "purchases": [
            {
              "currency": "EUR",
              "external_id": "1",
              "price": 1,
              "product_id": "sku-1",
              "time": "2026-05-28T10:00:00.000Z",
            },
          ],
        },
      ]
    `)
  })
})

describe('push tokens and subscription groups', () => {
  it('go out with the attributes; an import has no identifier, or what else is known', () => {
    const pushTokens = [{ appId: 'app', token: 't', deviceId: 'device-01' }]
    expect(
      bodies(
        {
          externalId: '1',
          pushTokens,
          subscriptionGroups: [
            { subscriptionGroupId: 'g-1', subscriptionState: 'subscribed', useDoubleOptInLogic: true },
            { subscriptionGroupId: 'g-2', subscriptionState: 'unsubscribed' },
          ],
          events: [{ name: 'seen', time: '2026-05-01' }],
        },
        { pushTokenImport: true, pushTokens: [{ appId: 'app', token: 'u', deviceId: ' ' }] },
        { pushTokenImport: true, pushTokens, email: 'ann@example.com', country: 'NL' },
      ),
    ).toMatchInlineSnapshot(`
      [
        {
          "attributes": [
            {
              "external_id": "1",
              "push_tokens": [
                {
                  "app_id": "app",
                  "device_id": "device-01",
                  "token": "t",
                },
              ],
              "subscription_groups": [
                {
                  "subscription_group_id": "g-1",
                  "subscription_state": "subscribed",
                  "use_double_opt_in_logic": true,
                },
                {
                  "subscription_group_id": "g-2",
                  "subscription_state": "unsubscribed",
                },
              ],
            },
            {
              "push_token_import": true,
              "push_tokens": [
                {
                  "app_id": "app",
                  "token": "u",
                },
              ],
            },
            {
              "country": "NL",
              "email": "ann@example.com",
              "push_token_import": true,
              "push_tokens": [
                {
                  "app_id": "app",
                  "device_id": "device-01",
                  "token": "t",
                },
              ],
            },
          ],
          "events": [
            {
              "external_id": "1",
              "name": "seen",
              "time": "2026-05-01T00:00:00.000Z",
            },
          ],
        },
      ]
    `)
  })
})

describe('the limit of objects', () => {
  const events = (count: number) => Array.from({ length: count }, () => ({ name: 'seen' }))
  const purchases = (count: number) =>
    Array.from({ length: count }, () => ({ productId: 'sku', currency: 'EUR', price: 1 }))
  const user = (id: string, events_: number, purchases_: number) => ({
    externalId: id,
    firstName: 'Ann',
    events: events(events_),
    purchases: purchases(purchases_),
  })

  /** What each request carries: how many attributes, events and purchases. */
  function carried(settings: PublicSettings, ...payloads: unknown[]): (number | undefined)[][] {
    return planTrackUser(itemsOf(payloads), { settings, now }).map(({ body }) => {
      const arrays = (body?.kind === 'json' ? body.value : {}) as Record<string, unknown[] | undefined>
      return ['attributes', 'events', 'purchases'].map((name) => arrays[name]?.length)
    })
  }

  it('is 75 together: an item beyond it is split, each kind only after the one before', () => {
    expect(carried({}, user('1', 80, 80))).toEqual([
      [1, 74, undefined],
      [undefined, 6, 69],
      [undefined, undefined, 11],
    ])
    expect(carried({ objectLimit: 'combined' }, user('1', 37, 37))).toEqual([[1, 37, 37]])
  })

  it('is 75 of each by older contracts, and the order within the user stays', () => {
    expect(carried({ objectLimit: 'each' }, user('1', 75, 75))).toEqual([[1, 75, 75]])
    expect(carried({ objectLimit: 'each' }, user('1', 80, 80))).toEqual([
      [1, 75, undefined],
      [undefined, 5, 75],
      [undefined, undefined, 5],
    ])
  })

  it('splits no item that fits into one request', () => {
    expect(carried({}, user('1', 49, 0), user('2', 29, 0), user('3', 0, 19))).toEqual([
      [1, 49, undefined],
      [2, 29, 19],
    ])
    expect(carried({ objectLimit: 'each' }, user('1', 50, 10), user('2', 10, 70))).toEqual([
      [1, 50, 10],
      [1, 10, 70],
    ])
  })
})

it('Track User (non-batch) sends one user a request, without the mark of a bulk upload', () => {
  const requests = planTrackUserSingle(
    itemsOf([
      { externalId: '1', firstName: 'Ann' },
      { externalId: '2', events: Array.from({ length: 76 }, () => ({ name: 'seen' })) },
      { externalId: '3', lastName: 'de Vries', increment: { visits: 1 } },
    ]),
    { settings: {}, now },
  )
  expect(requests.map(({ parts }) => parts.map(({ item }) => item))).toEqual([
    [0],
    Array.from({ length: 75 }, () => 1),
    [1],
    [2],
  ])
  expect(requests[3]).toMatchInlineSnapshot(`
    {
      "body": {
        "kind": "json",
        "value": {
          "attributes": [
            {
              "external_id": "3",
              "last_name": "de Vries",
              "visits": {
                "inc": 1,
              },
            },
          ],
        },
      },
      "method": "POST",
      "parts": [
        {
          "effect": "delta",
          "item": 2,
          "part": 0,
        },
      ],
      "path": "/users/track",
    }
  `)
})

/** Given these payloads, these requests go out. */
import type { RequestPlan } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { trackUserParameters } from './parameters.ts'
import { planTrackUser } from './plan.ts'

const now = Date.UTC(2026, 4, 28, 10)

function plan(...payloads: unknown[]): readonly RequestPlan[] {
  const items = payloads.map((payload, index) => ({
    payload: trackUserParameters.parse(payload),
    change: 'upsert' as const,
    key: `key-${index}`,
  }))
  return planTrackUser(items, { settings: {}, now })
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

  it('splits by size where large objects would pass the 4 MB that Braze takes', () => {
    const attributes = { text: 'é\u0000'.repeat(100_000) }
    const requests = plan(
      ...Array.from({ length: 12 }, (_, index) => ({ externalId: `${index}`, attributes })),
    )
    expect(requests.length).toBeGreaterThan(1)
    expect(requests.flatMap(({ parts }) => parts.map(({ item }) => item))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
    ])
    for (const { body } of requests) {
      expect(Buffer.byteLength(JSON.stringify(body?.kind === 'json' ? body.value : null))).toBeLessThan(
        4_000_000,
      )
    }
  })

  it('sends nothing for no items', () => {
    expect(plan()).toEqual([])
  })
})

/** The simulator's /users/export/ids. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BrazeSimulator, createBrazeSimulator } from './simulator.ts'
import { type Client, createClient } from './test-client.ts'

let braze: BrazeSimulator
let client: Client

beforeEach(async () => {
  braze = await createBrazeSimulator({ now: () => Date.UTC(2026, 4, 28, 12) })
  client = createClient(braze)
})
afterEach(() => braze.close())

const read = (body: object) => client.post('/users/export/ids', body)

describe('an export', () => {
  it('has the fields asked for, without the empty ones, and names unknown ids', async () => {
    await client.track({
      attributes: [
        {
          external_id: '1',
          email: 'ann@example.com',
          tier: 'gold',
          current_location: { longitude: 5, latitude: 52 },
        },
      ],
      events: [
        { external_id: '1', name: 'seen', time: '2026-05-01T10:00:00Z' },
        { external_id: '1', name: 'long ago', time: '2025-01-01T10:00:00Z' },
      ],
      purchases: [
        {
          external_id: '1',
          product_id: 'sku',
          currency: 'EUR',
          price: 2.5,
          quantity: 2,
          time: '2026-05-02T10:00:00Z',
        },
        {
          external_id: '1',
          product_id: 'long ago',
          currency: 'EUR',
          price: 1,
          time: '2025-01-01T10:00:00Z',
        },
      ],
    })
    const fields = ['external_id', 'email', 'first_name', 'custom_attributes', 'custom_events', 'created_at']
    const { body } = await read({
      external_ids: ['1', 'nobody'],
      fields_to_export: [...fields, 'last_coordinates', 'purchases', 'total_revenue'],
    })
    expect(body).toMatchInlineSnapshot(`
      {
        "invalid_user_ids": [
          "nobody",
        ],
        "message": "success",
        "users": [
          {
            "created_at": "2026-05-28 12:00:00.000 UTC",
            "custom_attributes": {
              "tier": "gold",
            },
            "custom_events": [
              {
                "count": 1,
                "first": "2026-05-01T10:00:00.000Z",
                "last": "2026-05-01T10:00:00.000Z",
                "name": "seen",
              },
            ],
            "email": "ann@example.com",
            "external_id": "1",
            "last_coordinates": [
              5,
              52,
            ],
            "purchases": [
              {
                "count": 2,
                "first": "2026-05-02T10:00:00.000Z",
                "last": "2026-05-02T10:00:00.000Z",
                "name": "sku",
              },
            ],
            "total_revenue": 6,
          },
        ],
      }
    `)
  })

  it('finds by alias, Braze id, e-mail and phone', async () => {
    const alias = { alias_name: 'ann', alias_label: 'crm' }
    await client.track({
      attributes: [
        { user_alias: alias, _update_existing_only: false, email: 'a@example.com', phone: '+311' },
      ],
    })
    const [profile] = [...braze.profiles()]
    for (const by of [
      { user_aliases: [alias] },
      { braze_id: profile?.brazeId },
      { email_address: 'a@example.com' },
      { phone: '+311' },
    ]) {
      expect(await read({ ...by, fields_to_export: ['phone'] })).toMatchObject({
        body: { users: [{ phone: '+311' }] },
      })
    }
  })

  it('needs to be told the fields, and takes 50 ids', async () => {
    expect((await read({ external_ids: ['1'] })).status).toBe(400)
    const ids = Array.from({ length: 51 }, String)
    expect((await read({ external_ids: ids, fields_to_export: ['email'] })).status).toBe(400)
  })
})

/** The simulator's /users/track: what it refuses and what it says. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ErrorStyle } from './options.ts'
import { type BrazeSimulator, createBrazeSimulator } from './simulator.ts'
import { type Client, createClient } from './test-client.ts'

let braze: BrazeSimulator
let client: Client

beforeEach(async () => {
  braze = await createBrazeSimulator({ apiKey: 'right', blockedUsers: ['dummy'] })
  client = createClient(braze)
})
afterEach(() => braze.close())

const noValidData = "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields."
const one = { attributes: [{ external_id: '1' }] }
const bought = { product_id: 'sku', currency: 'EUR', price: 1, time: '2026-05-28' }

describe('a request', () => {
  it('with a wrong key is answered with 401, and the answer echoes the key', async () => {
    const { status, body } = await client.post('/users/track', one, { authorization: 'Bearer wrong-key' })
    expect(status).toBe(401)
    expect(body).toEqual({ message: 'Invalid API key: wrong-key' })
    expect(braze.receivedUsers).toBe(0)
  })

  it('without Bearer is answered with 401', async () => {
    expect((await client.post('/users/track', one, { authorization: 'right' })).status).toBe(401)
  })

  it('without the permission is answered with 403', async () => {
    const limited = await createBrazeSimulator({ permissions: ['users.delete'] })
    const { status, body } = await createClient(limited).track(one)
    await limited.close()
    expect(status).toBe(403)
    expect(body).toEqual({ message: 'Access Denied' })
  })

  it('of another content type is answered with 415', async () => {
    expect((await client.post('/users/track', one, { 'content-type': 'text/plain' })).status).toBe(415)
  })

  it.each(['{"attributes":[', '[]', '"text"', ''])('whose body is %j is answered with 400', async (text) => {
    const { status, body } = await client.post('/users/track', text)
    expect(status).toBe(400)
    expect(body).toMatchObject({
      message: 'Error while parsing request body. Please check your syntax.',
      error: 'Bad Request',
    })
  })

  it('of more than 4 MB is answered with 413', async () => {
    const { status } = await client.track({
      attributes: [{ external_id: '1', text: 'x'.repeat(4_000_000) }],
    })
    expect(status).toBe(413)
    expect(braze.receivedUsers).toBe(0)
  })

  it('to an unknown path or by another method is answered with 404', async () => {
    expect((await client.post('/users/tracks', one)).status).toBe(404)
    expect((await client.post('/users/track/', one)).status).toBe(404)
    expect((await fetch(`${braze.url}/users/track`)).status).toBe(404)
  })

  it('of 75 objects is taken, of 76 refused as a whole', async () => {
    const users = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ external_id: `${index}` }))
    const event = { external_id: 'e', name: 'seen', time: '2026-05-28T10:00:00Z' }
    const refused = await client.track({ attributes: users(75), events: [event] })
    expect(refused.status).toBe(400)
    expect(refused.body).toEqual({ message: 'Max Input Length Exceeded' })
    expect(braze.receivedUsers).toBe(0)
    expect((await client.track({ attributes: users(74), events: [event] })).status).toBe(201)
    expect(braze.receivedUsers).toBe(75)
  })
})

describe('a request with older contracts', () => {
  it('is taken with 75 objects of each kind, and refused with 76 of one', async () => {
    const older = await createBrazeSimulator({ objectLimit: 'each' })
    const { track } = createClient(older)
    const attributes = Array.from({ length: 75 }, (_, index) => ({ external_id: `${index}` }))
    const events = attributes.map((user) => ({ ...user, name: 'seen', time: '2026-05-28' }))
    const purchases = attributes.map((user) => ({ ...user, ...bought }))
    const taken = await track({ attributes, events, purchases })
    const refused = await track({ purchases: [...purchases, { external_id: '75', ...bought }] })
    await older.close()
    expect(taken).toMatchObject({
      status: 201,
      body: { attributes_processed: 75, events_processed: 75, purchases_processed: 75 },
    })
    expect(refused).toMatchObject({ status: 400, body: { message: 'Max Input Length Exceeded' } })
  })
})

describe('an answer', () => {
  it('counts only the arrays that were sent', async () => {
    expect((await client.track(one)).body).toEqual({ message: 'success', attributes_processed: 1 })
    const event = { external_id: '1', name: 'seen', time: '2026-05-28T10:00:00Z' }
    expect((await client.track({ events: [event, event] })).body).toEqual({
      message: 'success',
      events_processed: 2,
    })
  })

  it('names invalid objects by array and index, and the valid ones beside them are stored', async () => {
    const { status, body } = await client.track({
      attributes: [
        { external_id: '1', tier: 'gold' },
        { tier: 'gold' },
        { external_id: '2', braze_id: 'x' },
        { external_id: '3', email: 'no mail' },
        { external_id: '4', email_subscribe: 'yes' },
        { external_id: '5', push_subscribe: null },
        { external_id: 'dummy' },
        { external_id: 'x'.repeat(988) },
        { external_id: '6', current_location: { latitude: 1 } },
        { user_alias: { alias_name: 'ann' } },
      ],
      events: [
        { external_id: '1', name: 'seen', time: '2026-05-28T10:00:00Z' },
        { external_id: '1', time: '2026-05-28T10:00:00Z' },
        { external_id: '1', name: 'seen', time: 'noon' },
        { external_id: '1', name: 'seen', time: '2026-05-28', properties: { time: 1 } },
      ],
    })
    expect(status).toBe(201)
    expect(body).toMatchInlineSnapshot(`
      {
        "attributes_processed": 1,
        "errors": [
          {
            "index": 1,
            "input_array": "attributes",
            "type": "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required",
          },
          {
            "index": 2,
            "input_array": "attributes",
            "type": "You must specify only one of 'external_id', 'user_alias' or 'braze_id'",
          },
          {
            "index": 3,
            "input_array": "attributes",
            "type": "The value provided for the 'email' field is not a valid email.",
          },
          {
            "index": 4,
            "input_array": "attributes",
            "type": "'email_subscribe' must be 'subscribed', 'unsubscribed', or 'opted_in'",
          },
          {
            "index": 5,
            "input_array": "attributes",
            "type": "'push_subscribe' must be 'subscribed', 'unsubscribed', or 'opted_in'",
          },
          {
            "index": 6,
            "input_array": "attributes",
            "type": "provided external_id is blacklisted and disallowed",
          },
          {
            "index": 7,
            "input_array": "attributes",
            "type": "EXTERNAL_USER_ID_TOO_LARGE",
          },
          {
            "index": 8,
            "input_array": "attributes",
            "type": "BAD_LOCATION_UPDATE",
          },
          {
            "index": 9,
            "input_array": "attributes",
            "type": "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required",
          },
          {
            "index": 1,
            "input_array": "events",
            "type": "'name' is required",
          },
          {
            "index": 2,
            "input_array": "events",
            "type": "'time' is not valid",
          },
          {
            "index": 3,
            "input_array": "events",
            "type": "'properties' is not valid",
          },
        ],
        "events_processed": 1,
        "message": "success",
      }
    `)
    expect([...braze.profiles()].map(({ externalId }) => externalId)).toEqual(['1'])
    expect(braze.objects).toBe(2)
  })

  it('names purchases that are incomplete, and counts the others', async () => {
    const user = { external_id: '1', ...bought }
    const { product_id: _, ...unnamed } = user
    const { body } = await client.track({
      purchases: [
        user,
        unnamed,
        { ...user, product_id: 'p'.repeat(256) },
        { ...user, currency: 'euro' },
        { ...user, price: '1' },
        { ...user, quantity: 0 },
        { ...user, quantity: 101 },
        { ...user, quantity: 1.5 },
        { ...user, time: 'noon' },
        { ...user, properties: { time: 1 } },
        bought,
        { ...user, quantity: 100 },
      ],
    })
    const texts = [
      "'product_id' is required",
      "'product_id' is required",
      "'currency' is not valid",
      "'price' is not valid",
      "'quantity' is not valid",
      "'quantity' is not valid",
      "'quantity' is not valid",
      "'time' is not valid",
      "'properties' is not valid",
      "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required",
    ]
    expect(body).toEqual({
      message: 'success',
      purchases_processed: 2,
      errors: texts.map((type, index) => ({ type, input_array: 'purchases', index: index + 1 })),
    })
  })

  it('names push tokens, their import and subscription groups that are not as they must be', async () => {
    const token = { app_id: 'app', token: 'token' }
    const group = '3c2d1e0f-0000-4000-8000-000000000001'
    const objects = [
      ['BAD_PUSH_TOKEN_VALUE', { push_tokens: 'token' }],
      ['BAD_PUSH_TOKEN_VALUE', { push_tokens: ['token'] }],
      ['BAD_PUSH_TOKEN_APP_ID', { push_tokens: [{ token: 'token' }] }],
      ['BAD_PUSH_TOKEN_STRING', { push_tokens: [{ app_id: 'app', token: 1 }] }],
      ['BAD_DEVICE_ID', { push_tokens: [{ ...token, device_id: 'short' }] }],
      ['BAD_PUSH_TOKEN_IMPORT', { push_tokens: [token], push_token_import: true }],
      ['BAD_SUBSCRIPTION_GROUP_ARRAY', { subscription_groups: group }],
      ['BAD_SUBSCRIPTION_GROUP_HASH', { subscription_groups: [{ subscription_group_id: group }] }],
      [
        'BAD_SUBSCRIPTION_GROUP_ID',
        { subscription_groups: [{ subscription_group_id: 'g', subscription_state: 'subscribed' }] },
      ],
      [
        'BAD_SUBSCRIPTION_GROUP_STATE',
        { subscription_groups: [{ subscription_group_id: group, subscription_state: 'opted_in' }] },
      ],
      ['INVALID_ATTRIBUTE_EMAIL_SUBSCRIPTION_INFO', { email_subscription_info: 'x' }],
    ] as const
    const coded = await createBrazeSimulator({ errorStyle: 'codes' })
    const { body } = await createClient(coded).track({
      attributes: [
        ...objects.map(([, object]) => ({ external_id: '1', ...object })),
        { push_token_import: true },
      ],
    })
    await coded.close()
    expect(body).toMatchObject({
      message: noValidData,
      errors: [...objects.map(([type]) => ({ type })), { type: 'BAD_PUSH_TOKEN_IMPORT' }],
    })
  })

  it('is 400 with all item errors when nothing is valid, and without any when nothing was sent', async () => {
    const { status, body } = await client.track({ attributes: [{}], events: [{ external_id: '1' }] })
    expect(status).toBe(400)
    expect(body).toMatchObject({
      message: noValidData,
      errors: [
        { input_array: 'attributes', index: 0 },
        { input_array: 'events', index: 0 },
      ],
    })
    for (const empty of [{}, { attributes: [] }, { attributes: 'text' }]) {
      expect(await client.track(empty)).toMatchObject({ status: 400, body: { message: noValidData } })
    }
  })

  it.each<[ErrorStyle, unknown]>([
    ['codes', { type: 'EMAIL_BAD_FORMAT', input_array: 'attributes', index: 1 }],
    ['strings', "The value provided for the 'email' field is not a valid email."],
  ])('can tell its errors as %s', async (errorStyle, entry) => {
    const other = await createBrazeSimulator({ errorStyle })
    const { body } = await createClient(other).track({
      attributes: [{ external_id: '1' }, { external_id: '2', email: 'no mail' }],
    })
    await other.close()
    expect(body).toMatchObject({ errors: [entry] })
  })
})

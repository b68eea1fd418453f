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

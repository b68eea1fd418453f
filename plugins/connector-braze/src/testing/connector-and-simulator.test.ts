/** The connector's requests against the simulator: what is planned is taken, and what is answered is understood. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import connector from '../index.ts'
import { deliver } from './deliver.ts'
import { type BrazeSimulator, createBrazeSimulator } from './simulator.ts'
import { createClient } from './test-client.ts'

let braze: BrazeSimulator

beforeEach(async () => {
  braze = await createBrazeSimulator({ blockedUsers: ['dummy'] })
})
afterEach(() => braze.close())

const delivered = { kind: 'delivered' }

describe('Track User', () => {
  it('sets a whole profile', async () => {
    expect(
      await deliver(braze, 'track-user', [
        {
          externalId: '1',
          email: 'ann@example.com',
          firstName: 'Ann',
          gender: 'female',
          dob: '1990-05-28T00:00:00.000Z',
          emailSubscribe: 'subscribed',
          latitude: 52,
          longitude: 5,
          attributes: { tier: 'gold', gone: null, tags: ['a', null, 'b'], meta: { a: 1, b: null } },
          events: [{ name: 'seen' }, { name: 'seen' }],
        },
      ]),
    ).toEqual([[delivered, delivered, delivered]])
    expect(braze.profile('1')).toMatchInlineSnapshot(`
      {
        "aliases": [],
        "attributes": {
          "current_location": {
            "latitude": 52,
            "longitude": 5,
          },
          "dob": "1990-05-28",
          "email": "ann@example.com",
          "email_subscribe": "subscribed",
          "first_name": "Ann",
          "gender": "F",
          "meta": {
            "a": 1,
          },
          "tags": [
            "a",
            "b",
          ],
          "tier": "gold",
        },
        "brazeId": "000000000000000000000001",
        "events": [
          {
            "count": 2,
            "first": "2026-05-28T00:00:00.000Z",
            "last": "2026-05-28T00:00:00.000Z",
            "name": "seen",
          },
        ],
        "externalId": "1",
      }
    `)
  })

  it('gives each refused object its own code, and the others are stored', async () => {
    expect(
      await deliver(braze, 'track-user', [
        { externalId: '1' },
        { externalId: 'dummy' },
        { externalId: '2', email: 'ann@localhost' },
        { externalId: '3', events: [{ name: 'seen' }] },
      ]),
    ).toEqual([
      [
        delivered,
        { kind: 'refused', code: 'blocked_user' },
        { kind: 'refused', code: 'invalid_email' },
        delivered,
      ],
    ])
    expect(braze.receivedUsers).toBe(2)
  })

  it('gives each object its code when Braze refuses all', async () => {
    expect(
      await deliver(braze, 'track-user', [
        { externalId: 'dummy' },
        { externalId: '2', email: 'ann@localhost' },
      ]),
    ).toEqual([
      [
        { kind: 'refused', code: 'blocked_user' },
        { kind: 'refused', code: 'invalid_email' },
      ],
    ])
  })

  it('makes a profile for an alias that is new, and leaves it out when only existing ones are wanted', async () => {
    const alias = { aliasName: 'ann', aliasLabel: 'crm' }
    await deliver(braze, 'track-user', [{ ...alias, updateExistingOnly: true, firstName: 'Ann' }])
    expect(braze.receivedUsers).toBe(0)
    await deliver(braze, 'track-user', [{ ...alias, firstName: 'Ann' }])
    expect([...braze.profiles()]).toMatchObject([{ attributes: { first_name: 'Ann' } }])
  })

  it('delivers every event of an item that needs several requests', async () => {
    const events = Array.from({ length: 200 }, () => ({ name: 'seen' }))
    const verdicts = await deliver(braze, 'track-user', [{ externalId: '1', firstName: 'Ann', events }])
    expect(verdicts.map((each) => each.length)).toEqual([75, 75, 51])
    expect(braze.profile('1')?.events).toMatchObject([{ name: 'seen', count: 200 }])
  })

  it('counts up and down and changes arrays', async () => {
    await deliver(braze, 'track-user', [{ externalId: '1', attributes: { visits: 5, tags: ['a', 'b'] } }])
    const modified = {
      externalId: '1',
      increment: { visits: 2 },
      decrement: { credits: 3 },
      addToArray: { tags: ['c'], badges: ['x'] },
      removeFromArray: { tags: ['a'] },
    }
    expect(await deliver(braze, 'track-user', [modified])).toEqual([[delivered]])
    expect(braze.profile('1')?.attributes).toEqual({
      visits: 7,
      credits: -3,
      tags: ['b', 'c'],
      badges: ['x'],
    })
  })

  it('records purchases, a split item included, and gives a refused one its own code', async () => {
    const purchase = { productId: 'sku', currency: 'eur', price: 2.5 }
    const purchases = Array.from({ length: 100 }, () => purchase)
    const verdicts = await deliver(braze, 'track-user', [
      { externalId: '1', firstName: 'Ann', purchases },
      { externalId: 'dummy', purchases: [purchase] },
    ])
    expect(verdicts.map((each) => each.length)).toEqual([75, 27])
    expect(verdicts[1]?.at(-1)).toEqual({ kind: 'refused', code: 'blocked_user' })
    expect(verdicts.flat().filter(({ kind }) => kind === 'delivered')).toHaveLength(101)
    expect(braze.profile('1')?.purchases).toMatchObject([{ name: 'sku', count: 100 }])
  })

  it('imports push tokens of unknown users once, and sets those of known ones', async () => {
    const pushTokens = [{ appId: 'app', token: 't', deviceId: 'device-01' }]
    const anonymous = { pushTokenImport: true, pushTokens }
    expect(
      await deliver(braze, 'track-user', [{ externalId: '1', pushTokens: [{ appId: 'app', token: 'u' }] }]),
    ).toEqual([[delivered]])
    for (let times = 0; times < 2; times += 1) {
      expect(await deliver(braze, 'track-user', [anonymous])).toEqual([[delivered]])
    }
    expect([...braze.profiles()].map(({ attributes }) => attributes)).toEqual([
      { push_tokens: [{ app_id: 'app', token: 'u' }] },
      { push_tokens: [{ app_id: 'app', token: 't', device_id: 'device-01' }] },
    ])
  })

  it('marks batches as a bulk upload, and single users not', async () => {
    const users = [{ externalId: '1' }, { externalId: '2' }]
    expect(await deliver(braze, 'track-user', users)).toEqual([[delivered, delivered]])
    expect(await deliver(braze, 'track-user-single', users)).toEqual([[delivered], [delivered]])
    expect(braze.log.map(({ headers }) => headers['x-braze-bulk'])).toEqual(['true', undefined, undefined])
  })

  it('fills requests up to 75 of each kind where the contract is an older one', async () => {
    const older = await createBrazeSimulator({ objectLimit: 'each' })
    await braze.close()
    braze = older
    const events = Array.from({ length: 75 }, () => ({ name: 'seen' }))
    const purchases = Array.from({ length: 75 }, () => ({ productId: 'sku', currency: 'EUR', price: 1 }))
    const item = { externalId: '1', firstName: 'Ann', events, purchases }
    const [verdicts, ...others] = await deliver(braze, 'track-user', [item], {
      settings: { objectLimit: 'each' },
    })
    expect(verdicts).toEqual(Array.from({ length: 151 }, () => delivered))
    expect(others).toEqual([])
  })

  it.each<[string, Parameters<BrazeSimulator['faults']['add']>[0], object]>([
    [
      'throttling',
      { kind: 'status', status: 429, headers: { 'retry-after': '2' } },
      { kind: 'throttled', retryAfterMs: 2000 },
    ],
    ['an outage', { kind: 'status', status: 503 }, { kind: 'retry', code: 'http_503' }],
    ['a queue', { kind: 'status', status: 202, stores: true, body: { message: 'queued' } }, delivered],
    ['a garbled answer', { kind: 'garbage' }, { kind: 'unknown', code: 'unreadable_answer' }],
    [
      'a fatal error',
      { kind: 'status', status: 400 },
      { kind: 'refused', code: 'http_400', wholeRequest: true },
    ],
  ])('understands %s', async (_, fault, verdict) => {
    braze.faults.add(fault)
    expect(await deliver(braze, 'track-user', [{ externalId: '1' }, { externalId: '2' }])).toEqual([
      [verdict, verdict],
    ])
  })

  it('understands a wrong key without keeping what the answer echoes', async () => {
    expect(await deliver(braze, 'track-user', [{ externalId: '1' }], { apiKey: 'wrong' })).toEqual([
      [{ kind: 'setup', code: 'invalid_api_key' }],
    ])
  })
})

describe('Delete User', () => {
  it('removes users by every kind of id', async () => {
    const users = [
      { externalId: '1' },
      { aliasName: 'ann', aliasLabel: 'crm' },
      { email: 'carl@example.com' },
      { phone: '+31201234567' },
    ]
    await deliver(braze, 'track-user', users)
    expect(braze.receivedUsers).toBe(4)
    expect(await deliver(braze, 'delete-user', users)).toEqual([
      [delivered],
      [delivered],
      [delivered],
      [delivered],
    ])
    expect([...braze.profiles()]).toEqual([])
  })
})

describe('the connection test', () => {
  it.each<[string, string | undefined, object]>([
    ['a right key', undefined, delivered],
    ['a wrong key', 'wrong', { kind: 'setup', code: 'invalid_api_key' }],
  ])('with %s tells so and stores nothing', async (_, key, verdict) => {
    const { path, body } = connector.testConnection.plan({ settings: {}, now: 0 })
    const answer = await createClient(braze).post(
      path,
      body?.kind === 'json' ? body.value : undefined,
      key === undefined ? {} : { authorization: `Bearer ${key}` },
    )
    const response = { status: answer.status, headers: {}, text: '', json: answer.body, receivedAt: 0 }
    expect(connector.testConnection.interpret(response)).toEqual(verdict)
    expect(braze.receivedUsers).toBe(0)
  })
})

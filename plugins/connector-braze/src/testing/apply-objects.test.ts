/** What the simulator keeps of attributes and events. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BrazeSimulator, createBrazeSimulator } from './simulator.ts'
import { type Client, createClient } from './test-client.ts'

const now = Date.UTC(2026, 4, 28, 12)
let braze: BrazeSimulator
let client: Client

beforeEach(async () => {
  braze = await createBrazeSimulator({ now: () => now })
  client = createClient(braze)
})
afterEach(() => braze.close())

/** Writes the values one after another and answers what is kept. */
async function kept(...values: unknown[]): Promise<unknown> {
  for (const value of values) await client.track({ attributes: [{ external_id: 'a', value }] })
  return braze.profile('a')?.attributes['value']
}

describe('an attribute', () => {
  it.each<[string, unknown[], unknown]>([
    ['set twice has the later value', ['a', 'b'], 'b'],
    ['set to null is removed', ['a', null], undefined],
    ['keeps its value when a text is too long', ['a', 'x'.repeat(256)], 'a'],
    ['that is a list keeps each value once, at its last place', [['h', 'h', 'p', 'h']], ['p', 'h']],
    [
      'that is a list takes and gives up values',
      [['a', 'b'], { add: ['c', 'a'], remove: ['b'] }],
      ['a', 'c'].reverse(),
    ],
    ['that is missing counts from 0', [{ inc: 2 }, { inc: -5 }], -3],
    ['that is an object is overwritten', [{ a: 1, b: 2 }, { b: 3 }], { b: 3 }],
    ['keeps its value when an object holds a null', [{ a: 1 }, { a: 2, b: { c: null } }], { a: 1 }],
  ])('%s', async (_, values, expected) => {
    expect(await kept(...values)).toEqual(expected)
  })

  it('that is a list loses its oldest values beyond 500', async () => {
    const values = Array.from({ length: 501 }, (_, index) => index)
    expect(await kept(values)).toEqual(values.slice(1))
  })

  it('that is an object is merged deeply when it is asked for', async () => {
    await kept({ a: { b: 1, c: 2 } })
    await client.track({
      attributes: [{ external_id: 'a', value: { a: { c: 3 } }, _merge_objects: true }],
    })
    expect(braze.profile('a')?.attributes).toEqual({ value: { a: { b: 1, c: 3 } } })
  })
})

describe('an event', () => {
  const seen = { external_id: 'a', name: 'seen', time: '2026-05-01T10:00:00Z' }

  it('counts each time, the same one included', async () => {
    await client.track({ events: [seen, seen] })
    await client.track({ events: [seen, { ...seen, name: 'left' }] })
    expect(braze.profile('a')?.events.map(({ name, count }) => [name, count])).toEqual([
      ['seen', 3],
      ['left', 1],
    ])
  })

  it('of the future happens now, and one without a zone in UTC', async () => {
    await client.track({
      events: [
        { ...seen, time: '2030-01-01' },
        { ...seen, time: '2026-05-01T08:00:00' },
      ],
    })
    expect(braze.profile('a')?.events).toEqual([
      {
        name: 'seen',
        count: 2,
        first: '2026-05-01T08:00:00.000Z',
        last: '2026-05-28T12:00:00.000Z',
      },
    ])
  })
})

describe('a purchase', () => {
  it('counts as many as its quantity, each time, with its revenue', async () => {
    const bought = { external_id: 'a', product_id: 'sku', currency: 'EUR', price: 2.5, time: '2026-05-01' }
    await client.track({
      purchases: [bought, { ...bought, quantity: 3, time: '2030-01-01' }, { ...bought, product_id: 'other' }],
    })
    expect(braze.profile('a')?.purchases).toEqual([
      { name: 'sku', count: 4, first: '2026-05-01T00:00:00.000Z', last: '2026-05-28T12:00:00.000Z' },
      { name: 'other', count: 1, first: '2026-05-01T00:00:00.000Z', last: '2026-05-01T00:00:00.000Z' },
    ])
    expect(braze.applications).toMatchObject([{ purchases: [{ price: 2.5 }, { quantity: 3 }, {}] }])
  })

  it('is left out for a user that is unknown, where only known ones are to be updated', async () => {
    await client.track({
      purchases: [
        {
          external_id: 'b',
          product_id: 'sku',
          currency: 'EUR',
          price: 1,
          time: '2026-05-01',
          _update_existing_only: true,
        },
      ],
    })
    expect(braze.profile('b')).toBeUndefined()
  })
})

describe('push tokens', () => {
  const tokens = (...names: readonly string[]) => names.map((token) => ({ app_id: 'app', token }))
  const attributes = () => [...braze.profiles()].map((profile) => profile.attributes)

  it('that are imported have an anonymous profile each, with what else was sent', async () => {
    await client.track({
      attributes: [{ push_token_import: true, push_tokens: tokens('t', 'u'), country: 'NL' }],
    })
    expect(attributes()).toEqual([
      { push_tokens: tokens('t'), country: 'NL' },
      { push_tokens: tokens('u'), country: 'NL' },
    ])
  })

  it('that are known already are not imported again, whoever has them', async () => {
    await client.track({ attributes: [{ external_id: 'a', push_tokens: tokens('t') }] })
    const imported = { push_token_import: true, push_tokens: tokens('t', 'u') }
    await client.track({ attributes: [imported, imported] })
    expect(attributes()).toEqual([{ push_tokens: tokens('t') }, { push_tokens: tokens('u') }])
  })
})

it('subscription groups change one by one', async () => {
  const [one, other] = ['1', '2'].map((end) => `3c2d1e0f-0000-4000-8000-00000000000${end}`)
  const state = (id: string | undefined, subscription_state: string) => ({
    subscription_group_id: id,
    subscription_state,
  })
  const groups = (...subscription_groups: object[]) =>
    client.track({ attributes: [{ external_id: 'a', subscription_groups }] })
  await groups(state(one, 'subscribed'), { ...state(other, 'subscribed'), use_double_opt_in_logic: true })
  await groups(state(one, 'unsubscribed'))
  expect(braze.profile('a')?.attributes).toEqual({
    subscription_groups: [state(one, 'unsubscribed'), state(other, 'subscribed')],
  })
})

it('a write takes effect after the delay', async () => {
  const slow = await createBrazeSimulator({ applyDelayMs: 300 })
  expect((await createClient(slow).track({ attributes: [{ external_id: 'a' }] })).status).toBe(201)
  const atOnce = slow.receivedUsers
  await expect.poll(() => slow.receivedUsers, { timeout: 5000 }).toBe(1)
  await slow.close()
  expect(atOnce).toBe(0)
})

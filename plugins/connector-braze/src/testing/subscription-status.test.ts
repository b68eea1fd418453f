/** The simulator's subscription groups. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BrazeSimulator, createBrazeSimulator } from './simulator.ts'
import { type Client, createClient } from './test-client.ts'

let braze: BrazeSimulator
let client: Client
let now: number

beforeEach(async () => {
  now = Date.UTC(2026, 4, 28)
  braze = await createBrazeSimulator({ now: () => now })
  client = createClient(braze)
})
afterEach(() => braze.close())

const set = (body: object) => client.post('/subscription/status/set', body)
const setSeveral = (groups: readonly unknown[]) =>
  client.post('/v2/subscription/status/set', { subscription_groups: groups })
const news = { subscription_group_id: 'news', subscription_state: 'subscribed' }
const email = 'ann@example.com'

describe('a subscription', () => {
  it('is of the users with the ids, and of every user with the address', async () => {
    await client.track({
      attributes: [
        { external_id: '1' },
        { external_id: '2', email },
        { external_id: '3', email },
        { external_id: '4', phone: '+311234' },
      ],
    })
    expect(await set({ ...news, external_id: ['1', 'nobody'] })).toMatchObject({
      status: 201,
      body: { message: 'success' },
    })
    await set({ ...news, email: ['ANN@example.com'] })
    await set({ ...news, phone: ['+311234'], subscription_state: 'unsubscribed' })
    expect(['1', '2', '3', '4', 'nobody'].map((id) => braze.subscription('news', id))).toEqual([
      'subscribed',
      'subscribed',
      'subscribed',
      'unsubscribed',
      undefined,
    ])
    expect(braze.subscription('offers', '1')).toBeUndefined()
  })

  it('of an address that nobody has goes to the user who comes with it within 30 days', async () => {
    await set({ ...news, email: [email] })
    now += 30 * 24 * 3_600_000
    await client.track({ attributes: [{ external_id: '1', email }] })
    now += 1
    await client.track({ attributes: [{ external_id: '2', email }] })
    expect(braze.subscription('news', '1')).toBe('subscribed')
    expect(braze.subscription('news', '2')).toBeUndefined()
  })

  it('can be set in several groups at once', async () => {
    await client.track({ attributes: [{ external_id: '1' }, { external_id: '2', email }] })
    const answer = await setSeveral([
      { ...news, external_ids: ['1'] },
      { subscription_group_id: 'offers', subscription_state: 'unsubscribed', emails: [email] },
    ])
    expect(answer.status).toBe(201)
    expect(braze.subscription('news', '1')).toBe('subscribed')
    expect(braze.subscription('offers', '2')).toBe('unsubscribed')
  })

  it.each<[string, object]>([
    ['no group', { ...news, subscription_group_id: '', external_id: ['1'] }],
    ['a state that is none', { ...news, subscription_state: 'opted_in', external_id: ['1'] }],
    ['no ids', news],
    ['an empty list', { ...news, external_id: [] }],
    ['an id that is no list', { ...news, external_id: '1' }],
    ['two kinds of ids', { ...news, external_id: ['1'], email: [email] }],
    ['e-mail and phone', { ...news, email: [email], phone: ['+311234'] }],
    ['a phone without country code', { ...news, phone: ['0201234567'] }],
    ['more than 50 ids', { ...news, external_id: Array.from({ length: 51 }, String) }],
  ])('with %s is refused', async (_, body) => {
    await client.track({ attributes: [{ external_id: '1' }] })
    expect((await set(body)).status).toBe(400)
    expect(braze.subscription('news', '1')).toBeUndefined()
  })

  it.each<[string, readonly unknown[]]>([
    ['none', []],
    ['what is no object', ['news']],
    [
      'e-mails in one and phones in another',
      [
        { ...news, emails: [email] },
        { ...news, phones: ['+311234'] },
      ],
    ],
  ])('in several groups with %s is refused', async (_, groups) => {
    expect((await setSeveral(groups)).status).toBe(400)
  })
})

it('both versions share a limit', async () => {
  const limited = await createBrazeSimulator({ subscriptionRequestsPerWindow: 1, now: () => now })
  const { post } = createClient(limited)
  await post('/subscription/status/set', { ...news, external_id: ['1'] })
  const groups = [{ ...news, external_ids: ['1'] }]
  expect((await post('/v2/subscription/status/set', { subscription_groups: groups })).status).toBe(429)
  await limited.close()
})

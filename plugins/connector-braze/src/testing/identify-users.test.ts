/** The simulator's /users/identify. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BrazeSimulator, createBrazeSimulator } from './simulator.ts'
import { type Client, createClient } from './test-client.ts'

let braze: BrazeSimulator
let client: Client

beforeEach(async () => {
  braze = await createBrazeSimulator()
  client = createClient(braze)
})
afterEach(() => braze.close())

const identify = (body: object) => client.post('/users/identify', body)
const alias = { alias_name: 'ann', alias_label: 'crm' }
const aliasOnly = { user_alias: alias, _update_existing_only: false }
const prioritization = ['unidentified', 'most_recently_updated']

describe('an identification', () => {
  it('gives a profile the external id that nobody has, by alias, e-mail and phone', async () => {
    await client.track({
      attributes: [
        { ...aliasOnly, first_name: 'Ann' },
        { email: 'bob@example.com', first_name: 'Bob' },
        { phone: '+311', first_name: 'Carl' },
      ],
    })
    const answer = await identify({
      aliases_to_identify: [{ external_id: '1', user_alias: alias }],
      emails_to_identify: [{ external_id: '2', email: 'bob@example.com', prioritization }],
      phone_numbers_to_identify: [{ external_id: '3', phone: '+311', prioritization }],
    })
    expect(answer).toMatchObject({ status: 201, body: { message: 'success', aliases_processed: 1 } })
    expect(['1', '2', '3'].map((id) => braze.profile(id)?.attributes['first_name'])).toEqual([
      'Ann',
      'Bob',
      'Carl',
    ])
  })

  it('merges into the user who has the id: its own values stay, missing ones and events are added', async () => {
    await client.track({
      attributes: [
        { external_id: '1', first_name: 'Ann' },
        { ...aliasOnly, first_name: 'Anna', city: 'Utrecht' },
      ],
      events: [
        { external_id: '1', name: 'seen', time: '2026-01-02T00:00:00Z' },
        { user_alias: alias, name: 'seen', time: '2026-01-01T00:00:00Z' },
      ],
    })
    await identify({ aliases_to_identify: [{ external_id: '1', user_alias: alias }] })
    expect([...braze.profiles()]).toMatchObject([
      {
        externalId: '1',
        aliases: [alias],
        attributes: { first_name: 'Ann', city: 'Utrecht' },
        events: [
          { name: 'seen', count: 2, first: '2026-01-01T00:00:00.000Z', last: '2026-01-02T00:00:00.000Z' },
        ],
      },
    ])
  })

  it('leaves both alone when the user has an alias of that label', async () => {
    await client.track({ attributes: [aliasOnly] })
    await identify({ aliases_to_identify: [{ external_id: '1', user_alias: alias }] })
    const other = { ...alias, alias_name: 'anna' }
    await client.track({ attributes: [{ ...aliasOnly, user_alias: other }] })
    await identify({ aliases_to_identify: [{ external_id: '1', user_alias: other }] })
    expect([...braze.profiles()]).toMatchObject([
      { externalId: '1', aliases: [alias] },
      { externalId: undefined, aliases: [other] },
    ])
  })

  it('repeated by an e-mail that several share takes no second profile', async () => {
    const email = 'ann@example.com'
    await client.track({ attributes: [{ email }, { ...aliasOnly, email }] })
    const body = { emails_to_identify: [{ external_id: '1', email, prioritization }] }
    await identify(body)
    await identify(body)
    expect([...braze.profiles()].map(({ externalId }) => externalId)).toEqual([undefined, '1'])
  })

  it('of nobody is a success that does nothing', async () => {
    const answer = await identify({ aliases_to_identify: [{ external_id: '1', user_alias: alias }] })
    expect(answer.status).toBe(201)
    expect([...braze.profiles()]).toEqual([])
  })

  it.each<[string, object]>([
    ['no list', {}],
    ['a list that is none', { aliases_to_identify: 'ann' }],
    ['no external id', { aliases_to_identify: [{ user_alias: alias }] }],
    [
      'an e-mail without prioritization',
      { emails_to_identify: [{ external_id: '1', email: 'a@example.com' }] },
    ],
    [
      'more than 50 users',
      {
        aliases_to_identify: Array.from({ length: 51 }, (_, id) => ({
          external_id: `${id}`,
          user_alias: alias,
        })),
      },
    ],
  ])('with %s is refused', async (_, body) => {
    expect((await identify(body)).status).toBe(400)
  })
})

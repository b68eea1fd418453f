/** The simulator's /users/delete. */
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

const remove = (body: object) => client.post('/users/delete', body)
const names = () => [...braze.profiles()].map(({ externalId }) => externalId)

describe('a deletion', () => {
  it('takes away the profiles of each kind of id, and unknown ones are no error', async () => {
    const alias = { alias_name: 'ann', alias_label: 'crm' }
    await client.track({
      attributes: [
        { external_id: '1' },
        { external_id: '2' },
        { external_id: '3', email: 'c@example.com' },
        { external_id: '4', phone: '+314' },
        { user_alias: alias, _update_existing_only: false },
        { external_id: '6' },
      ],
    })
    const prioritization = ['identified', 'most_recently_updated']
    expect(await remove({ external_ids: ['1', 'nobody'] })).toMatchObject({
      status: 201,
      body: { deleted: 2 },
    })
    await remove({ braze_ids: [braze.profile('2')?.brazeId] })
    await remove({ email_addresses: [{ email: 'C@example.com', prioritization }] })
    await remove({ phone_numbers: [{ phone: '+314', prioritization }] })
    await remove({ user_aliases: [alias] })
    expect(names()).toEqual(['6'])
  })

  it('of a user who comes back counts one received user', async () => {
    await client.track({ attributes: [{ external_id: '1' }] })
    await remove({ external_ids: ['1'] })
    await client.track({ attributes: [{ external_id: '1' }] })
    expect(braze.receivedUsers).toBe(1)
  })

  it.each<[string, object]>([
    ['two kinds of ids', { external_ids: ['1'], braze_ids: ['2'] }],
    ['no ids', {}],
    ['an empty list', { external_ids: [] }],
    ['a null among the ids', { external_ids: ['1', null] }],
    ['more than 50 ids', { external_ids: Array.from({ length: 51 }, String) }],
    ['an e-mail without prioritization', { email_addresses: [{ email: 'a@example.com' }] }],
    [
      'both identified and unidentified',
      { email_addresses: [{ email: 'a@example.com', prioritization: ['identified', 'unidentified'] }] },
    ],
  ])('with %s is refused as a whole', async (_, body) => {
    await client.track({ attributes: [{ external_id: '1' }] })
    expect((await remove(body)).status).toBe(400)
    expect(names()).toEqual(['1'])
  })

  it.each<[string[], (string | undefined)[]]>([
    [
      ['identified', 'most_recently_updated'],
      [undefined, 'a'],
    ],
    [
      ['unidentified', 'most_recently_updated'],
      ['a', 'b'],
    ],
    [['most_recently_updated'], [undefined, 'a']],
    [['identified'], [undefined, 'a', 'b']],
  ])('by a shared e-mail with %j leaves %j', async (prioritization, left) => {
    const email = 'ann@example.com'
    await client.track({ attributes: [{ email }] })
    await client.track({
      attributes: [
        { external_id: 'a', email },
        { external_id: 'b', email },
      ],
    })
    await remove({ email_addresses: [{ email, prioritization }] })
    expect(names()).toEqual(left)
  })
})

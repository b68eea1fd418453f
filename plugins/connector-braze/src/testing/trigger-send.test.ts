/** The simulator's campaigns and Canvases. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BrazeSimulator, createBrazeSimulator } from './simulator.ts'
import { type Client, createClient } from './test-client.ts'

let braze: BrazeSimulator
let client: Client

beforeEach(async () => {
  const states = { on: 'active', resting: 'paused', gone: 'archived' } as const
  braze = await createBrazeSimulator({ campaigns: states, canvases: states })
  client = createClient(braze)
})
afterEach(() => braze.close())

const send = (body: object) => client.post('/campaigns/trigger/send', { campaign_id: 'on', ...body })
const enter = (body: object) => client.post('/canvas/trigger/send', { canvas_id: 'on', ...body })
const received = () => braze.messages.map(({ externalId, properties }) => [externalId, properties])
const email = 'ann@example.com'
const alias = { alias_name: 'ann', alias_label: 'crm' }

describe('a campaign', () => {
  it('sends to each user once, with the last properties given, which go before those of all', async () => {
    await client.track({ attributes: [{ external_id: '1' }, { external_id: '2', email }] })
    const answer = await send({
      trigger_properties: { price: 1, place: 'here' },
      recipients: [
        { external_user_id: '1', trigger_properties: { price: 2 } },
        { external_user_id: '1', trigger_properties: { price: 3 } },
        { email, prioritization: ['identified'] },
      ],
    })
    expect(answer).toMatchObject({
      status: 201,
      body: { message: 'success', dispatch_id: expect.any(String) },
    })
    expect(received()).toEqual([
      ['1', { price: 3, place: 'here' }],
      ['2', { price: 1, place: 'here' }],
    ])
  })

  it('writes attributes first, and reaches only users that exist unless it may make them', async () => {
    await client.track({
      attributes: [{ external_id: '1' }, { user_alias: alias, _update_existing_only: false }],
    })
    const attributes = { first_name: 'Ann' }
    await send({
      recipients: [
        { external_user_id: '1', attributes },
        { external_user_id: 'nobody', attributes },
        { external_user_id: '2', attributes, send_to_existing_only: false },
        { user_alias: alias, attributes },
      ],
    })
    expect(received()).toEqual([
      ['1', {}],
      ['2', {}],
      [undefined, {}],
    ])
    expect([...braze.profiles()].map((profile) => profile.attributes)).toEqual([
      attributes,
      attributes,
      attributes,
    ])
  })

  it('sends to everyone when told so', async () => {
    await client.track({ attributes: [{ external_id: '1' }, { external_id: '2' }] })
    await send({ broadcast: true })
    expect(received()).toEqual([
      ['1', {}],
      ['2', {}],
    ])
  })

  it.each<[string, string]>([
    ['resting', 'The campaign is paused.'],
    ['gone', 'The campaign is archived.'],
  ])('that is %s says so and sends nothing', async (id, notice) => {
    await client.track({ attributes: [{ external_id: '1' }] })
    const answer = await send({ campaign_id: id, recipients: [{ external_user_id: '1' }] })
    expect(answer).toMatchObject({ status: 201, body: { notice: expect.stringContaining(notice) } })
    expect(braze.messages).toEqual([])
  })

  it.each<[string, object]>([
    ['an id of nothing', { campaign_id: 'what', recipients: [{ external_user_id: '1' }] }],
    ['no recipients', {}],
    ['recipients and a broadcast', { broadcast: true, recipients: [{ external_user_id: '1' }] }],
    ['a recipient without id', { recipients: [{ external_user_id: '1' }, {}] }],
    ['a recipient with two ids', { recipients: [{ external_user_id: '1', email }] }],
    ['an e-mail without prioritization', { recipients: [{ email }] }],
    [
      'a new user without attributes',
      { recipients: [{ external_user_id: '1', send_to_existing_only: false }] },
    ],
    [
      'a new user by alias',
      { recipients: [{ user_alias: alias, attributes: { a: 1 }, send_to_existing_only: false }] },
    ],
    [
      'more than 50 recipients',
      { recipients: Array.from({ length: 51 }, (_, id) => ({ external_user_id: `${id}` })) },
    ],
  ])('with %s is refused', async (_, body) => {
    await client.track({ attributes: [{ external_id: '1' }] })
    expect((await send(body)).status).toBe(400)
    expect(braze.messages).toEqual([])
  })
})

describe('a Canvas', () => {
  it('takes context instead of trigger properties', async () => {
    await client.track({ attributes: [{ external_id: '1' }] })
    await enter({
      context: { price: 1 },
      recipients: [{ external_user_id: '1', context: { place: 'here' }, trigger_properties: { no: true } }],
    })
    expect(braze.messages).toMatchObject([
      { kind: 'canvas', id: 'on', externalId: '1', properties: { price: 1, place: 'here' } },
    ])
  })

  it.each<[string, string]>([
    ['resting', 'The Canvas is paused.'],
    ['gone', 'The Canvas is archived.'],
  ])('that is %s says so and lets nobody enter', async (id, notice) => {
    await client.track({ attributes: [{ external_id: '1' }] })
    const answer = await enter({ canvas_id: id, recipients: [{ external_user_id: '1' }] })
    expect(answer).toMatchObject({ status: 201, body: { notice: expect.stringContaining(notice) } })
    expect(braze.messages).toEqual([])
  })

  it('shares its limit with campaigns', async () => {
    const limited = await createBrazeSimulator({ messageRequestsPerWindow: 1, campaigns: { on: 'active' } })
    const { post } = createClient(limited)
    const recipients = [{ external_user_id: '1' }]
    expect((await post('/campaigns/trigger/send', { campaign_id: 'on', recipients })).status).toBe(201)
    expect((await post('/canvas/trigger/send', { canvas_id: 'on', recipients })).status).toBe(429)
    await limited.close()
  })
})

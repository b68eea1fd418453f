/** The simulator's transactional e-mails. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BrazeSimulator, createBrazeSimulator } from './simulator.ts'
import { type Client, createClient } from './test-client.ts'

let braze: BrazeSimulator
let client: Client
let now: number

beforeEach(async () => {
  now = Date.UTC(2026, 4, 28)
  braze = await createBrazeSimulator({
    campaigns: { other: 'active' },
    transactionalCampaigns: { receipt: 'active', resting: 'paused', gone: 'archived' },
    now: () => now,
  })
  client = createClient(braze)
  await client.track({ attributes: [{ external_id: '1' }] })
})
afterEach(() => braze.close())

const send = (body: object, id = 'receipt') => client.post(`/transactional/v1/campaigns/${id}/send`, body)
const recipient = { external_user_id: '1' }

describe('a transactional e-mail', () => {
  it('is sent with its properties, after the attributes were written', async () => {
    const answer = await send({
      recipient: { ...recipient, attributes: { email: 'ann@example.com' } },
      trigger_properties: { order: 1 },
      external_send_id: 'order-1',
    })
    expect(answer).toMatchObject({
      status: 201,
      body: {
        dispatch_id: expect.any(String),
        status: 'sent',
        metadata: { campaign_api_id: 'receipt', external_send_id: 'order-1' },
      },
    })
    expect(braze.messages).toMatchObject([
      { kind: 'transactional', id: 'receipt', externalId: '1', properties: { order: 1 } },
    ])
    expect(braze.profile('1')?.attributes).toEqual({ email: 'ann@example.com' })
  })

  it('is sent once within a day for each id of a send, and every time without one', async () => {
    const body = { recipient, external_send_id: 'order-1' }
    const one = await send(body)
    now += 24 * 3_600_000 - 1
    expect((await send(body)).body).toEqual(one.body)
    expect(braze.messages).toHaveLength(1)
    now += 1
    await send(body)
    expect(braze.messages).toHaveLength(2)
    await send({ recipient })
    await send({ recipient })
    expect(braze.messages).toHaveLength(4)
  })

  it('makes an unknown user with attributes, and goes to no other', async () => {
    await send({ recipient: { external_user_id: '2', attributes: { email: 'bob@example.com' } } })
    await send({ recipient: { external_user_id: '3' } })
    expect(braze.messages.map(({ externalId }) => externalId)).toEqual(['2'])
  })

  it.each<[string, string, object, string]>([
    ['of an unknown campaign', 'what', { recipient }, 'Campaign does not exist'],
    ['of another campaign', 'other', { recipient }, 'The campaign is not a transactional campaign.'],
    ['of a paused campaign', 'resting', { recipient }, 'The campaign is paused.'],
    ['of an archived campaign', 'gone', { recipient }, 'The campaign is archived.'],
    ['with a wrong id of the send', 'receipt', { recipient, external_send_id: 'a b' }, "'external_send_id'"],
    ['to nobody', 'receipt', {}, "'recipients' must be"],
    ['to an e-mail', 'receipt', { recipient: { email: 'ann@example.com' } }, "'recipient' must have"],
  ])('%s is refused', async (_, id, body, message) => {
    expect(await send(body, id)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(message) },
    })
    expect(braze.messages).toEqual([])
  })
})

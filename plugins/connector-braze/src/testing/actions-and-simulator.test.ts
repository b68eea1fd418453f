/** The smaller actions against the simulator: what is planned is taken, and what is answered is understood. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deliver } from './deliver.ts'
import type { Fault } from './faults.ts'
import { defaultOptions } from './options.ts'
import { type BrazeSimulator, createBrazeSimulator } from './simulator.ts'

let braze: BrazeSimulator

beforeEach(async () => {
  const states = { on: 'active', resting: 'paused', gone: 'archived' } as const
  braze = await createBrazeSimulator({
    campaigns: states,
    canvases: states,
    transactionalCampaigns: states,
    catalogs: { restaurants: ['city', 'rating'] },
  })
})
afterEach(() => braze.close())

const delivered = { kind: 'delivered' }

describe('Identify User', () => {
  it('gives profiles their external ID, however they are known', async () => {
    const profiles = [
      { aliasName: 'ann', aliasLabel: 'crm' },
      { email: 'carl@example.com' },
      { phone: '+31201234567' },
    ]
    await deliver(braze, 'track-user', profiles)
    const users = profiles.map((ids, index) => ({ externalId: `${index}`, ...ids }))
    expect(await deliver(braze, 'identify-user', users)).toEqual([[delivered, delivered, delivered]])
    expect([...braze.profiles()].map(({ externalId }) => externalId)).toEqual(['0', '1', '2'])
  })
})

describe('Subscription Group Status', () => {
  it('changes one group, by every kind of id', async () => {
    const users = [
      { externalId: '1' },
      { externalId: '2', email: 'ann@example.com' },
      { externalId: '3', phone: '+31201234567' },
    ]
    await deliver(braze, 'track-user', users)
    const news = { subscriptionGroupId: 'news', subscriptionState: 'subscribed' }
    expect(
      await deliver(braze, 'subscription-group-status', [
        { ...news, externalId: '1' },
        { ...news, email: 'ann@example.com', subscriptionState: 'unsubscribed' },
        { ...news, phone: '+31201234567' },
      ]),
    ).toEqual([[delivered], [delivered], [delivered]])
    expect(['1', '2', '3'].map((id) => braze.subscription('news', id))).toEqual([
      'subscribed',
      'unsubscribed',
      'subscribed',
    ])
  })
})

describe('Subscription Groups Status', () => {
  it('changes several groups in one request', async () => {
    await deliver(braze, 'track-user', [{ externalId: '1' }, { externalId: '2' }])
    expect(
      await deliver(braze, 'subscription-groups-status', [
        { externalId: '1', subscriptionGroups: { news: 'subscribed', offers: 'unsubscribed' } },
        { externalId: '2', subscriptionGroups: { offers: 'subscribed' } },
      ]),
    ).toEqual([[delivered, delivered, delivered]])
    expect(braze.subscription('news', '1')).toBe('subscribed')
    expect(braze.subscription('offers', '1')).toBe('unsubscribed')
    expect(braze.subscription('offers', '2')).toBe('subscribed')
  })
})

describe.each([
  ['campaign', 'campaignId', 'triggerProperties'],
  ['canvas', 'canvasId', 'context'],
] as const)('%s', (action, idName, propertiesName) => {
  const users = [
    { externalId: '1', email: 'ann@example.com' },
    { aliasName: 'carl', aliasLabel: 'crm' },
    { email: 'dora@example.com' },
  ]
  beforeEach(async () => {
    await deliver(braze, 'track-user', users)
  })

  it('sends each user a message with values of its own, after attributes were written', async () => {
    const payloads = users.map((ids, index) => ({
      ...ids,
      [idName]: 'on',
      [propertiesName]: { place: index },
      attributes: { tier: 'gold' },
    }))
    expect(await deliver(braze, action, payloads)).toEqual([[delivered, delivered, delivered]])
    expect(braze.messages).toMatchObject([
      { kind: action, id: 'on', externalId: '1', properties: { place: 0 } },
      { kind: action, id: 'on', properties: { place: 1 } },
      { kind: action, id: 'on', properties: { place: 2 } },
    ])
    expect([...braze.profiles()]).toMatchObject(users.map(() => ({ attributes: { tier: 'gold' } })))
  })

  it('creates a user who is to be created', async () => {
    const payload = {
      [idName]: 'on',
      externalId: '9',
      attributes: { tier: 'gold' },
      sendToExistingOnly: false,
    }
    await deliver(braze, action, [payload])
    expect(braze.messages).toMatchObject([{ externalId: '9' }])
  })

  it('warns of one that rests or is gone, and refuses one that is unknown', async () => {
    const payloads = ['resting', 'gone', 'what'].map((id) => ({ [idName]: id, externalId: '1' }))
    expect(await deliver(braze, action, payloads)).toEqual([
      [{ kind: 'deliveredWithWarning', code: `${action}_paused` }],
      [{ kind: 'deliveredWithWarning', code: `${action}_archived` }],
      [{ kind: 'refused', code: `unknown_${action}` }],
    ])
    expect(braze.messages).toEqual([])
  })
})

describe('Transactional E-mail', () => {
  const users = [
    { externalId: '1', attributes: { email: 'ann@example.com' } },
    { aliasName: 'bob', aliasLabel: 'crm' },
  ]
  const receipts = users.map((ids, order) => ({ ...ids, campaignId: 'on', triggerProperties: { order } }))
  beforeEach(async () => {
    await deliver(braze, 'track-user', [{ aliasName: 'bob', aliasLabel: 'crm' }])
  })

  it('sends each user an e-mail, and a repeated one is sent once', async () => {
    expect(await deliver(braze, 'transactional-email', receipts)).toEqual([[delivered], [delivered]])
    expect(await deliver(braze, 'transactional-email', receipts)).toEqual([[delivered], [delivered]])
    expect(braze.messages).toMatchObject([
      { kind: 'transactional', externalId: '1', properties: { order: 0 } },
      { kind: 'transactional', properties: { order: 1 } },
    ])
  })

  it('is sent once when the answer to the first request was lost', async () => {
    braze.faults.add({ kind: 'garbage' })
    const [receipt] = receipts
    expect(await deliver(braze, 'transactional-email', [receipt])).toEqual([
      [{ kind: 'unknown', code: 'unreadable_answer' }],
    ])
    expect(await deliver(braze, 'transactional-email', [receipt])).toEqual([[delivered]])
    expect(braze.messages).toHaveLength(1)
  })

  it('is refused by a campaign that rests, is gone, or is unknown', async () => {
    const payloads = ['resting', 'gone', 'what'].map((campaignId) => ({ campaignId, externalId: '1' }))
    expect(await deliver(braze, 'transactional-email', payloads)).toEqual([
      [{ kind: 'refused', code: 'campaign_paused' }],
      [{ kind: 'refused', code: 'campaign_archived' }],
      [{ kind: 'refused', code: 'unknown_campaign' }],
    ])
  })
})

describe('Catalog Items and Delete Catalog Items', () => {
  const restaurants = ['1', '2', '3'].map((itemId) => ({
    catalogName: 'restaurants',
    itemId,
    fields: { city: 'Utrecht', rating: 4 },
  }))

  it('put items into a catalog and take them out', async () => {
    expect(await deliver(braze, 'catalog-items', restaurants)).toEqual([[delivered, delivered, delivered]])
    expect(braze.catalog('restaurants').get('1')).toEqual({ id: '1', city: 'Utrecht', rating: 4 })
    expect(await deliver(braze, 'delete-catalog-items', restaurants.slice(1))).toEqual([
      [delivered, delivered],
    ])
    expect([...braze.catalog('restaurants').keys()]).toEqual(['1'])
  })

  it('refuse all items for one that is wrong, so that it is looked for', async () => {
    const wrong = { catalogName: 'restaurants', itemId: '4', fields: { country: 'NL' } }
    const verdict = { kind: 'refused', code: 'unknown_catalog_field', wholeRequest: true }
    expect(await deliver(braze, 'catalog-items', [restaurants[0], wrong])).toEqual([[verdict, verdict]])
    expect(braze.catalog('restaurants').size).toBe(0)
  })

  it('refuse items of a catalog that is not there', async () => {
    const lost = { catalogName: 'nothing', itemId: '1' }
    const verdict = { kind: 'refused', code: 'unknown_catalog' }
    expect(await deliver(braze, 'catalog-items', [lost])).toEqual([[verdict]])
    expect(await deliver(braze, 'delete-catalog-items', [lost])).toEqual([[verdict]])
  })
})

describe.each<[string, string, object]>([
  ['identify-user', 'users.identify', { externalId: '1', email: 'ann@example.com' }],
  [
    'subscription-group-status',
    'subscription.status.set',
    { externalId: '1', subscriptionGroupId: 'news', subscriptionState: 'subscribed' },
  ],
  [
    'subscription-groups-status',
    'subscription.status.set',
    { externalId: '1', subscriptionGroups: { news: 'subscribed' } },
  ],
  ['campaign', 'campaigns.trigger.send', { externalId: '1', campaignId: 'on' }],
  ['canvas', 'canvas.trigger.send', { externalId: '1', canvasId: 'on' }],
  ['transactional-email', 'transactional.send', { externalId: '1', campaignId: 'on' }],
  ['catalog-items', 'catalogs.replace_items', { catalogName: 'restaurants', itemId: '1' }],
  ['delete-catalog-items', 'catalogs.delete_items', { catalogName: 'restaurants', itemId: '1' }],
])('%s', (action, permission, payload) => {
  it(`needs the permission ${permission}`, async () => {
    const { permissions } = defaultOptions
    const unable = await createBrazeSimulator({
      permissions: permissions.filter((each) => each !== permission),
    })
    expect(await deliver(unable, action, [payload])).toEqual([[{ kind: 'setup', code: 'access_denied' }]])
    await unable.close()
  })

  it('needs a right key', async () => {
    const wrong = { ...braze, apiKey: 'wrong' }
    expect(await deliver(wrong, action, [payload])).toEqual([[{ kind: 'setup', code: 'invalid_api_key' }]])
  })

  it('waits as long as its limit asks for', async () => {
    const limited = await createBrazeSimulator({
      deleteRequestsPerWindow: 0,
      subscriptionRequestsPerWindow: 0,
      messageRequestsPerWindow: 0,
      catalogRequestsPerWindow: 0,
      rateLimitHeaders: 'retryAfter',
      now: () => 3_540_000,
    })
    expect(await deliver(limited, action, [payload])).toEqual([[{ kind: 'throttled', retryAfterMs: 60_000 }]])
    await limited.close()
  })

  it.each<[string, Fault, object]>([
    ['an outage', { kind: 'status', status: 503 }, { kind: 'retry', code: 'http_503' }],
    ['a garbled answer', { kind: 'garbage' }, { kind: 'unknown', code: 'unreadable_answer' }],
    [
      'a bad request',
      { kind: 'status', status: 400 },
      { kind: 'refused', code: 'http_400', wholeRequest: true },
    ],
  ])('understands %s', async (_, fault, verdict) => {
    braze.faults.add(fault)
    expect(await deliver(braze, action, [payload])).toEqual([[verdict]])
  })
})

/** The smaller actions against the simulator: what is planned is taken, and what is answered is understood. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deliver } from './deliver.ts'
import { defaultOptions } from './options.ts'
import { type BrazeSimulator, createBrazeSimulator } from './simulator.ts'

let braze: BrazeSimulator

beforeEach(async () => {
  braze = await createBrazeSimulator()
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

it.each([
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
])('%s needs the permission %s', async (action, permission, payload) => {
  const { permissions } = defaultOptions
  const unable = await createBrazeSimulator({
    permissions: permissions.filter((each) => each !== permission),
  })
  expect(await deliver(unable, action, [payload])).toEqual([[{ kind: 'setup', code: 'access_denied' }]])
  await unable.close()
})

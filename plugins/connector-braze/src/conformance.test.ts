/** Braze passes what every connector passes. */
import { conformance } from '@sluice/connector-testing'
import braze from './index.ts'

const alias = { aliasName: 'ann', aliasLabel: 'crm' }

const trackUser = [
  { externalId: '1', email: 'ann@example.com', dob: '1990-05-28', attributes: { plan: 'gold', seats: 3 } },
  { email: 'bob@example.com', gender: 'male', latitude: 52.1, longitude: 4.3, increment: { visits: 1 } },
  { ...alias, updateExistingOnly: true, events: [{ name: 'Signed up', time: '2026-05-28T10:00:00Z' }] },
  {
    brazeId: 'b-1',
    firstName: 'Cyd',
    addToArray: { tags: ['new'] },
    events: Array.from({ length: 200 }, (_, index) => ({ name: `Event ${index}`, properties: { index } })),
    purchases: [{ productId: 'p-1', currency: 'EUR', price: 9.95, quantity: 2 }],
  },
  { phone: '+31201234567', purchases: [{ productId: 'p-2', currency: 'USD', price: 1 }] },
]

const message = [
  { externalId: '1', triggerProperties: { total: 9.95 } },
  { ...alias, triggerProperties: { lines: ['a', 'b'] } },
  { email: 'ann@example.com' },
]
const catalogName = 'products'

conformance(braze, {
  settings: { endpoint: 'https://rest.iad-01.braze.com' },
  payloads: {
    'track-user': trackUser,
    'track-user-single': trackUser,
    'delete-user': [
      { externalId: '1' },
      { brazeId: 'b-1' },
      alias,
      { email: 'ann@example.com' },
      { phone: '+31201234567' },
    ],
    'identify-user': [
      { externalId: '1', ...alias },
      { externalId: '2', email: 'bob@example.com' },
      { externalId: '3', phone: '+31201234567' },
    ],
    'subscription-group-status': [
      { subscriptionGroupId: 'news', subscriptionState: 'subscribed', externalId: '1' },
      { subscriptionGroupId: 'offers', subscriptionState: 'unsubscribed', email: 'ann@example.com' },
    ],
    'subscription-groups-status': [
      { externalId: '1', subscriptionGroups: { news: 'subscribed', offers: 'unsubscribed' } },
      { phone: '+31201234567', subscriptionGroups: { texts: 'subscribed' }, useDoubleOptIn: true },
    ],
    campaign: message.map((each, index) => ({ ...each, campaignId: `campaign-${index % 2}` })),
    canvas: message.map(({ triggerProperties, ...each }) => ({
      ...each,
      canvasId: 'canvas',
      context: triggerProperties,
    })),
    'transactional-email': message.slice(0, 2).map((each) => ({ ...each, campaignId: 'receipt' })),
    'catalog-items': [
      { catalogName, itemId: 'p-1', fields: { price: 9.95, in_stock: true } },
      { catalogName: 'stores', itemId: 's-1', fields: { city: 'Delft' } },
    ],
    'delete-catalog-items': [
      { catalogName, itemId: 'p-1' },
      { catalogName, itemId: 'p-2' },
    ],
  },
})

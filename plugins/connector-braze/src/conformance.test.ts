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
  },
})

/** Braze passes what every connector passes. */
import { conformance } from '@sluice/connector-testing'
import braze from './index.ts'

const alias = { aliasName: 'ann', aliasLabel: 'crm' }

conformance(braze, {
  settings: { endpoint: 'https://rest.iad-01.braze.com' },
  payloads: {
    'track-user': [
      {
        externalId: '1',
        email: 'ann@example.com',
        dob: '1990-05-28',
        attributes: { plan: 'gold', seats: 3 },
      },
      { email: 'bob@example.com', gender: 'male', latitude: 52.1, longitude: 4.3 },
      { ...alias, updateExistingOnly: true, events: [{ name: 'Signed up', time: '2026-05-28T10:00:00Z' }] },
      {
        brazeId: 'b-1',
        firstName: 'Cyd',
        events: Array.from({ length: 200 }, (_, index) => ({
          name: `Event ${index}`,
          properties: { index },
        })),
      },
      { phone: '+31201234567' },
    ],
    'delete-user': [
      { externalId: '1' },
      { brazeId: 'b-1' },
      alias,
      { email: 'ann@example.com' },
      { phone: '+31201234567' },
    ],
  },
})

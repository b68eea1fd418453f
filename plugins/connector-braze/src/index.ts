/** The Braze connector: user profiles, events, subscriptions, messages and catalogs. */
import { bearer, defineConnector } from '@sluice/connector-sdk'
import { campaign } from './campaign/index.ts'
import { canvas } from './canvas/index.ts'
import { catalogItems } from './catalog-items/index.ts'
import { deleteCatalogItems } from './delete-catalog-items/index.ts'
import { deleteUser } from './delete-user/index.ts'
import { errorCatalogue } from './errors.ts'
import { icon } from './icon.ts'
import { identifyUser } from './identify-user/index.ts'
import { baseUrl, settings } from './settings.ts'
import { subscriptionGroupStatus } from './subscription-group-status/index.ts'
import { subscriptionGroupsStatus } from './subscription-groups-status/index.ts'
import { interpretTestConnection, planTestConnection } from './test-connection.ts'
import { trackUser, trackUserSingle } from './track-user/index.ts'
import { transactionalEmail } from './transactional-email/index.ts'

export default defineConnector({
  id: 'braze',
  name: 'Braze',
  api: '^1.0.0',
  vendor: 'Braze',
  categories: ['Customer engagement', 'E-mail', 'Mobile'],
  icon,
  dataKinds: ['records'],
  changelog: [
    {
      version: '0.1.0',
      date: '2026-11-30',
      notes: 'Users, subscription groups, campaigns, Canvases, transactional e-mails and catalogs.',
    },
  ],
  docs: {
    summary:
      'Keeps user profiles, subscriptions and catalogs in Braze up to date, records events, and triggers campaigns, Canvases and transactional e-mails.',
    requirements: [
      'The REST endpoint of your Braze workspace.',
      'A REST API key with the permission users.track, which the connection test needs, and those of the actions in use.',
      'Delete User: users.delete. Identify User: users.identify.',
      'Subscription groups: subscription.status.set.',
      'Campaign: campaigns.trigger.send. Canvas: canvas.trigger.send. Transactional Email: transactional.send.',
      'To choose campaigns and Canvases from a list: campaigns.list and canvas.list.',
      'Catalog items: catalogs.replace_items, and catalogs.delete_items to delete them.',
    ],
    instructions: [
      'In Braze, open Settings, then APIs and Identifiers, then API Keys, and create a key for Sluice.',
      'Give it the permissions of the actions that you want to use, and users.track.',
      'Find the REST endpoint of your workspace under APIs and Identifiers, and enter it here with the key.',
      'Test the connection, then activate the connector and add an action.',
    ],
    links: [
      { title: 'Braze: user data endpoints', url: 'https://www.braze.com/docs/api/endpoints/user_data' },
      {
        title: 'Braze: subscription group endpoints',
        url: 'https://www.braze.com/docs/api/endpoints/subscription_groups',
      },
      { title: 'Braze: messaging endpoints', url: 'https://www.braze.com/docs/api/endpoints/messaging' },
      { title: 'Braze: catalog endpoints', url: 'https://www.braze.com/docs/api/endpoints/catalogs' },
      { title: 'Braze: API limits', url: 'https://www.braze.com/docs/api/api_limits' },
    ],
  },
  settings,
  auth: bearer('apiKey'),
  baseUrl,
  rateLimits: [
    { scope: 'credential', match: '/users/track', requests: 3000, perMs: 3000 },
    // Braze counts together what stands in one list.
    { scope: 'credential', match: ['/users/delete', '/users/identify'], requests: 20_000, perMs: 60_000 },
    {
      scope: 'credential',
      match: ['/subscription/status/set', '/v2/subscription/status/set'],
      requests: 5000,
      perMs: 60_000,
    },
    // With most endpoints that are not listed here.
    {
      scope: 'credential',
      match: [
        '/campaigns/trigger/send',
        '/canvas/trigger/send',
        '/transactional/v1/campaigns/',
        '/campaigns/list',
        '/canvas/list',
      ],
      requests: 250_000,
      perMs: 3_600_000,
    },
    { scope: 'credential', match: '/catalogs/', requests: 16_000, perMs: 60_000 },
  ],
  errorCatalogue,
  testConnection: { plan: planTestConnection, interpret: interpretTestConnection },
  actions: {
    'track-user': trackUser,
    'track-user-single': trackUserSingle,
    'delete-user': deleteUser,
    'identify-user': identifyUser,
    'subscription-group-status': subscriptionGroupStatus,
    'subscription-groups-status': subscriptionGroupsStatus,
    campaign,
    canvas,
    'transactional-email': transactionalEmail,
    'catalog-items': catalogItems,
    'delete-catalog-items': deleteCatalogItems,
  },
})

/** The Acme connector: what an account needs, and what can be done with it. */
import { bearer, defineConnector, secret, verdictByStatus, z } from '@sluice/connector-sdk'
import { addContact } from './add-contact.ts'

export default defineConnector({
  id: 'acme',
  name: 'Acme',
  api: '^1.0.0',
  vendor: 'Acme',
  categories: ['Customer engagement'],
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="#36c"/></svg>',
  dataKinds: ['records'],
  changelog: [{ version: '0.1.0', date: '2026-11-30', notes: 'Adds contacts.' }],
  docs: {
    summary: 'Keeps contacts in Acme up to date.',
    requirements: ['An API key of your account.'],
    instructions: ['Create an API key in the settings of your account, and enter it here.'],
    links: [{ title: 'Acme: API reference', url: 'https://acme.example/docs' }],
  },
  settings: z.object({
    endpoint: z.url().meta({
      title: 'Endpoint',
      description: 'Address of the API.',
      examples: ['https://api.acme.example'],
    }),
    apiKey: secret({ title: 'API key', description: 'A key that may change contacts.' }),
  }),
  // Sluice adds the key when it sends: no code of a connector ever sees it.
  auth: bearer('apiKey'),
  baseUrl: ({ endpoint }) => String(endpoint),
  rateLimits: [{ scope: 'credential', match: '/contacts', requests: 100, perMs: 1_000 }],
  // The codes that may be stored, beside those of HTTP.
  errorCatalogue: { invalid_contact: 'data' },
  testConnection: {
    plan: () => ({ method: 'GET', path: '/me', parts: [] }),
    interpret: (response) => verdictByStatus(response),
  },
  actions: { 'add-contact': addContact },
})

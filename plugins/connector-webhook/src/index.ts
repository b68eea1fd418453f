/** The Webhook connector: any HTTP API, with what people say about it. */
import { defineConnector } from '@sluice/connector-sdk'
import { auth } from './auth.ts'
import { errorCatalogue } from './error-catalogue.ts'
import { icon } from './icon.ts'
import { sendBatchedCustomData } from './send-batched-custom-data.ts'
import { sendBatchedData } from './send-batched-data.ts'
import { sendCustomData } from './send-custom-data.ts'
import { sendEventData } from './send-event-data.ts'
import { sendVisitorData } from './send-visitor-data.ts'
import { baseUrl, settings } from './settings.ts'
import { testConnection } from './test-connection.ts'

export default defineConnector({
  id: 'webhook',
  name: 'Webhook',
  api: '^1.0.0',
  vendor: 'Any HTTP API',
  categories: ['Custom', 'Developer tools'],
  icon,
  dataKinds: ['records'],
  changelog: [
    {
      version: '0.1.0',
      date: '2026-11-30',
      notes: 'Single and batched requests, and many ways to authenticate.',
    },
  ],
  docs: {
    summary:
      'Sends each record, or batches of them, to any HTTP API: with the method, headers and body that it wants.',
    requirements: [
      'The address of the API.',
      'What it authenticates by: nothing, a key, a user and password, a signing key, an OAuth client or a certificate.',
    ],
    instructions: [
      'Enter the address of the API and choose what it authenticates by; the fields of that way appear.',
      'Test the connection: a request without a record goes to the address.',
      'Add an action for each kind of request, and map the method, headers and body that the API wants.',
    ],
    links: [{ title: 'HTTP semantics (RFC 9110)', url: 'https://www.rfc-editor.org/rfc/rfc9110' }],
  },
  settings,
  auth,
  baseUrl,
  rateLimits: [],
  errorCatalogue,
  testConnection,
  actions: {
    'send-event-data': sendEventData,
    'send-visitor-data': sendVisitorData,
    'send-custom-data': sendCustomData,
    'send-batched-data': sendBatchedData,
    'send-batched-custom-data': sendBatchedCustomData,
  },
})

/** The Webhook connector passes what every connector passes. */
import { conformance } from '@sluice/connector-testing'
import webhook from './index.ts'

const common = [
  {},
  { method: 'PUT', path: '/users/7', query: { source: 'sluice', ü: 'é &=' }, queryText: '?a=1&a=2#x' },
  {
    headers: { 'X-Trace': 'a' },
    cookies: { session: 'abc', theme: 'dark' },
    idempotencyHeader: 'Idempotency-Key',
  },
  { method: 'DELETE', followsRedirects: true, isRepeatable: true, recipient: 'u-1' },
]
const attributes = { email: 'ann@example.com', orders: 7, consent: true, tags: ['a', 'b'], big: 10n ** 20n }

conformance(webhook, {
  settings: webhook.settings.parse({ url: 'https://hooks.example.com/v1/' }),
  payloads: {
    'send-event-data': [
      ...common.map((fields, index) => ({ ...fields, eventId: `e-${index}`, attributes })),
      { method: 'GET', attributes, page: { url: '/home' }, pageCookies: { id: '1' }, account: 'acme' },
    ],
    'send-visitor-data': [
      ...common.map((fields, index) => ({ ...fields, visitorId: `v-${index}`, attributes })),
      { method: 'GET', attributes, dates: { born: '1990-05-28' }, currentVisit: { pages: 3 } },
    ],
    'send-custom-data': [
      ...common.map((fields) => ({ ...fields, body: '{"email":"ann@example.com"}' })),
      { method: 'GET', query: { email: 'ann@example.com' } },
      { contentType: 'text/xml', body: '<user id="1"/>' },
      { contentType: 'application/x-www-form-urlencoded', formFields: { email: 'ann@example.com' } },
      { contentType: 'multipart/form-data', formFields: { email: 'ann@example.com', note: 'a\r\nb' } },
    ],
    'send-batched-data': [
      ...common.map((fields) => ({ ...fields, attributes })),
      { method: 'GET', attributes },
      { attributes: { email: 'bob@example.com' }, recordCount: 3 },
    ],
    'send-batched-custom-data': [
      ...common.map((fields) => ({ ...fields, body: '{"email":"ann@example.com"}' })),
      { contentType: 'application/x-ndjson', prefix: '', joiner: '\n', suffix: '\n', body: '{"id":1}' },
      { body: '{"id":2}', recordCount: 1 },
    ],
  },
})

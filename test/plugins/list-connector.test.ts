/** The connector with a preparation and choices, which tests of the API use, is a connector as others are. */
import { conformance } from '@sluice/connector-testing'
import { listConnector } from '../harness/list-connector.ts'

const payloads = [{ email: 'ann@example.com' }, { email: 'bob@example.com', origin: 'l-1' }]

conformance(listConnector, {
  settings: { endpoint: 'https://lists.test' },
  payloads: { 'add-member': payloads, 'add-member-once': payloads },
})

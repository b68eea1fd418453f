/** The connectors with stages and jobs that tests of delivery use are connectors as others are. */
import { conformance } from '@sluice/connector-testing'
import { bulkConnector } from '../../test/harness/bulk-connector.ts'
import { peopleConnector } from '../../test/harness/people-connector.ts'

const payloads = [
  { user: 'ann', value: 'signed_up' },
  { user: 'bob', value: '-' },
  { user: 'x_y', value: '1' },
]
const settings = { endpoint: 'https://vendor.test' }

conformance(peopleConnector, {
  settings,
  payloads: { 'track-event': payloads, 'add-to-list': payloads, 'count-then-set': payloads },
})
conformance(bulkConnector, { settings, payloads: { 'upload-users': payloads, 'upload-events': payloads } })

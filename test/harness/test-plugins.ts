/** The connectors of the tests as installed plugins, with a real source. */
import duckdb from '@sluice/source-duckdb'
import { createRegistry } from '../../server/registry/registry.ts'
import { bulkConnector } from './bulk-connector.ts'
import { peopleConnector } from './people-connector.ts'

export const testPlugins = createRegistry({
  connectors: [bulkConnector, peopleConnector].map((definition) => ({
    definition,
    packageName: `connector-${definition.id}`,
    packageVersion: '1.0.0',
  })),
  sources: [{ definition: duckdb, packageName: '@sluice/source-duckdb', packageVersion: '0.1.0' }],
  unavailable: [],
})

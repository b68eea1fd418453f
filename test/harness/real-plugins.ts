/** The installed plugins, without the processes that discovery takes to try them. */
import braze from '@sluice/connector-braze'
import webhook from '@sluice/connector-webhook'
import duckdb from '@sluice/source-duckdb'
import postgres from '@sluice/source-postgres'
import { createRegistry } from '../../server/registry/registry.ts'

export const realPlugins = createRegistry({
  connectors: [
    { definition: braze, packageName: '@sluice/connector-braze', packageVersion: '0.1.0' },
    { definition: webhook, packageName: '@sluice/connector-webhook', packageVersion: '0.1.0' },
  ],
  sources: [
    { definition: duckdb, packageName: '@sluice/source-duckdb', packageVersion: '0.1.0' },
    { definition: postgres, packageName: '@sluice/source-postgres', packageVersion: '0.1.0' },
  ],
  unavailable: [],
})

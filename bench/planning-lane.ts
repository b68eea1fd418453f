/** The lane that a kind of record goes through: Braze's Track User as anyone would map it. */

import braze from '@sluice/connector-braze'
import duckdb from '@sluice/source-duckdb'
import { type CompiledLane, compileLane } from '../engine/compile.ts'
import { sourceDefaults } from '../engine/documents.ts'
import { digest } from '../server/templates/digest.ts'
import { columnsOf, type Kind, mappingsOf } from './planning-events.ts'

const connector = { id: 'c', name: 'Braze', type: 'braze', isEnabled: true }

export function laneOf(kind: Kind, type: 'track-user' | 'track-user-single', endpoint: string): CompiledLane {
  const columns = [
    ...columnsOf[kind].map(({ name, type }) => ({ name, type, nativeType: 'VARCHAR', nullable: true })),
    { name: 'changed_at', type: 'date' as const, nativeType: 'TIMESTAMP', nullable: false },
    { name: 'id', type: 'string' as const, nativeType: 'VARCHAR', nullable: false },
  ]
  const source = {
    ...{ id: 'd', name: 'Records', connectionId: 'w', query: { kind: 'table' as const, name: 'records' } },
    ...{ keyColumns: ['id'], cursorMode: 'TIMESTAMP_INCREMENTING' as const, timestampColumn: 'changed_at' },
    ...{ incrementColumn: 'id', timeZone: 'UTC', settleMs: 0, pollIntervalMs: 1_000, columns },
    ...sourceDefaults,
  }
  const action = {
    ...{ id: 'a', name: kind, connectorId: 'c', dataSourceId: 'd', segmentId: 's', type, typeVersion: 1 },
    mappings: mappingsOf[kind].map(({ attribute, ...place }) => ({
      ...place,
      from: { kind: 'attribute' as const, attribute },
    })),
    ...{ startFrom: 'BEGINNING' as const, retryDelaysMs: [60_000], retryForMs: 60_000, isEnabled: true },
    ...{ requestTimeoutMs: 10_000, applyWithinMs: null, templates: [], templateVariables: [] },
  }
  const version = {
    number: 1,
    connections: [{ id: 'w', name: 'Warehouse', type: 'duckdb', settings: {} }],
    sources: [source],
    segments: [{ id: 's', name: 'All', conditions: { any: [] } }],
    connectors: [{ ...connector, settings: { endpoint } }],
    actions: [action],
  }
  const plugins = { source: () => duckdb, connector: () => braze }
  return compileLane(version, 'a', plugins, { digest }).inDelivery({
    id: 'd',
    createdAt: 0,
    prepared: {},
  })
}

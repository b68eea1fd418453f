/** A compiled lane of the test connector on the table in memory. */
import type { Connector } from '@sluice/connector-sdk'
import { type CompiledLane, compileLane } from '../../engine/compile.ts'
import type { ActionDocument, VersionDocuments } from '../../engine/documents.ts'
import type { Conditions } from '../../engine/rules/conditions.ts'
import { memoryConnection, memorySource, memorySourceDocument } from './memory-source.ts'
import { testConnector } from './test-connector.ts'

export type ActionType = 'set-user' | 'add-event' | 'add-event-by-key' | 'add-event-by-request'

interface LaneOptions {
  /** Default: the test connector, whose parameters it shares. */
  readonly connector?: Connector | undefined
  readonly actionType?: string | undefined
  readonly action?: Partial<ActionDocument> | undefined
  readonly conditions?: Conditions
}

const ids = {
  segment: '01900000-0000-7000-8000-000000000002',
  connector: '01900000-0000-7000-8000-000000000003',
  action: '01900000-0000-7000-8000-000000000004',
}

export function laneOf({
  actionType = 'set-user',
  action,
  conditions,
  connector = testConnector,
}: LaneOptions): CompiledLane {
  const version: VersionDocuments = {
    number: 1,
    connections: [memoryConnection],
    sources: [memorySourceDocument],
    segments: [{ id: ids.segment, name: 'Some', conditions: conditions ?? { any: [] } }],
    connectors: [
      {
        id: ids.connector,
        name: 'Test',
        type: 'test',
        settings: { endpoint: 'https://vendor.test' },
        isEnabled: true,
      },
    ],
    actions: [
      {
        id: ids.action,
        name: 'Act',
        connectorId: ids.connector,
        dataSourceId: memorySourceDocument.id,
        segmentId: ids.segment,
        type: actionType,
        typeVersion: 1,
        mappings: [
          { parameter: 'user', from: { kind: 'attribute', attribute: 'user' } },
          { parameter: 'value', from: { kind: 'attribute', attribute: 'value' } },
        ],
        startFrom: 'BEGINNING',
        retryDelaysMs: [60_000, 300_000, 1_800_000],
        retryForMs: 86_400_000,
        requestTimeoutMs: 10_000,
        applyWithinMs: null,
        templates: [],
        templateVariables: [],
        isEnabled: true,
        ...action,
      },
    ],
  }
  const plugins = { source: () => memorySource, connector: () => connector }
  // It has no templates, and is played in copies of the engine alone.
  return compileLane(version, ids.action, plugins, { digest: () => '' }).inDelivery({
    id: '01900000-0000-7000-8000-000000000005',
    createdAt: 0,
    prepared: {},
  })
}

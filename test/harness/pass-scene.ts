/** Everything a pass needs, in memory: a table, a vendor, a clock, and a delivery over the table's rows. */
import { type CompiledLane, compileLane } from '../../engine/compile.ts'
import type { PassEnd } from '../../engine/delivering/progress.ts'
import { runPass } from '../../engine/delivering/run-pass.ts'
import type { ActionDocument, VersionDocuments } from '../../engine/documents.ts'
import type { HttpRequest } from '../../engine/sending/transport.ts'
import { createMemoryDelivery, type MemoryDelivery } from './memory-progress.ts'
import {
  comparePositions,
  createMemorySource,
  type MemorySource,
  memorySource,
  memorySourceDocument,
  positionOf,
  type Row,
} from './memory-source.ts'
import { createScriptedVendor, type Reply, type ScriptedVendor, type SentItem } from './scripted-vendor.ts'
import { testConnector } from './test-connector.ts'

export interface SceneOptions {
  readonly rows: readonly Row[]
  readonly actionType?: 'set-user' | 'add-event'
  readonly action?: Partial<ActionDocument>
  readonly reply?: (items: readonly SentItem[], request: HttpRequest) => Reply | Promise<Reply>
  readonly turns?: () => number
  readonly mayOverlap?: boolean
  readonly batchRows?: number
  readonly beforeBatch?: (index: number) => Promise<void>
  readonly around?: (moment: 'before' | 'after', what: string) => Promise<void>
}

export interface PassScene {
  readonly source: MemorySource
  readonly vendor: ScriptedVendor
  readonly delivery: MemoryDelivery
  readonly lane: CompiledLane
  now(): number
  /** Moves the clock. */
  wait(ms: number): void
  /** One pass, to its end; null when the delivery is over. */
  pass(signal?: AbortSignal): Promise<PassEnd | null>
  /** Passes, each when it is due, until the delivery is completed. */
  passUntilCompleted(mostPasses?: number): Promise<void>
}

const ids = {
  segment: '01900000-0000-7000-8000-000000000002',
  connector: '01900000-0000-7000-8000-000000000003',
  action: '01900000-0000-7000-8000-000000000004',
}

/** `count` customers whose users differ, in the order of their ids. */
export function customers(count: number): Row[] {
  return Array.from({ length: count }, (_, id) => ({ id, changed: 10, user: `u${id}`, value: `v${id}` }))
}

export function createPassScene(options: SceneOptions): PassScene {
  let clock = Date.parse('2026-01-01T00:00:00Z')
  const now = () => clock
  const source = createMemorySource(options.rows, options.batchRows)
  const last = [...options.rows].map(positionOf).sort(comparePositions).at(-1)
  const delivery = createMemoryDelivery({
    stretch: { after: null, until: last ?? ['0', '0'] },
    now,
    ...(options.around === undefined ? {} : { around: options.around }),
  })
  const vendor = createScriptedVendor({
    async reply(items, request) {
      for (const { key } of items) delivery.assertMayBeSent(key.split('/'), comparePositions)
      return (await options.reply?.(items, request)) ?? { kind: 'results' }
    },
    ...(options.turns === undefined ? {} : { turns: options.turns }),
    mayOverlap: options.mayOverlap ?? false,
  })
  const lane = laneOf(options)

  async function pass(signal = new AbortController().signal): Promise<PassEnd | null> {
    const progress = delivery.beginPass()
    if (progress === null) return null
    return runPass(
      {
        lane,
        account: { definition: testConnector, settings: {}, secrets: { apiKey: 'secret' } },
        connection: source.connect(
          options.beforeBatch === undefined ? {} : { beforeBatch: options.beforeBatch },
        ),
        transport: vendor.transport,
        progress,
        now,
        itemKey: (position) => position.join('/'),
      },
      signal,
    )
  }

  return {
    source,
    vendor,
    delivery,
    lane,
    now,
    wait(ms) {
      clock += ms
    },
    pass,
    async passUntilCompleted(mostPasses = 100) {
      for (let passes = 0; passes < mostPasses; passes += 1) {
        const end = await pass()
        if (end === null || end.kind === 'completed') return
        if (end.kind === 'waiting') clock = Math.max(clock, end.dueAt)
      }
      throw new Error(`The delivery was not completed by ${mostPasses} passes.`)
    },
  }
}

function laneOf({ actionType = 'set-user', action }: SceneOptions): CompiledLane {
  const version: VersionDocuments = {
    number: 1,
    sources: [memorySourceDocument],
    segments: [{ id: ids.segment, name: 'All', conditions: { any: [] } }],
    connectors: [{ id: ids.connector, name: 'Test', type: 'test', settings: {}, isEnabled: true }],
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
        isEnabled: true,
        ...action,
      },
    ],
  }
  return compileLane(version, ids.action, {
    source: () => memorySource,
    connector: () => testConnector,
  })
}

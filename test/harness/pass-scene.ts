/** Everything a pass needs, in memory: a table, a vendor, a clock, and deliveries over the table's rows. */
import type { Connector } from '@sluice/connector-sdk'
import type { CompiledLane } from '../../engine/compile.ts'
import type { PassEnd } from '../../engine/delivering/progress.ts'
import { runPass } from '../../engine/delivering/run-pass.ts'
import type { ActionDocument } from '../../engine/documents.ts'
import type { HttpRequest, Transport } from '../../engine/sending/transport.ts'
import { createMemoryLane, type MemoryDelivery, type MemoryLane } from './memory-lane.ts'
import { createMemoryProgress } from './memory-progress.ts'
import { check, hashOf } from './memory-rows.ts'
import {
  comparePositions,
  createMemorySource,
  type MemorySource,
  positionOf,
  type Row,
} from './memory-source.ts'
import { createScriptedVendor, type Reply, type ScriptedVendor, type SentItem } from './scripted-vendor.ts'
import { laneOf } from './test-lane.ts'

export interface SceneOptions {
  readonly rows: readonly Row[]
  /** Another connector, and what its vendor answers in the place of the scripted one. */
  readonly connector?: Connector
  readonly transport?: Transport
  readonly actionType?: string
  readonly action?: Partial<ActionDocument>
  readonly reply?: (items: readonly SentItem[], request: HttpRequest) => Reply | Promise<Reply>
  readonly turns?: () => number
  readonly mayOverlap?: boolean
  readonly batchRows?: number
  readonly beforeBatch?: (index: number) => Promise<void>
  readonly hurry?: () => void
  readonly around?: (moment: 'before' | 'after', what: string) => Promise<void>
}

export interface DeliveryScene {
  readonly delivery: MemoryDelivery
  /** One pass, to its end; null when the delivery is over. */
  pass(signal?: AbortSignal): Promise<PassEnd | null>
  /** Passes, each when it is due, until the delivery is completed. */
  passUntilCompleted(mostPasses?: number): Promise<void>
}

/** The delivery of the rows there are at the beginning, with what it plays in. */
export interface PassScene extends DeliveryScene {
  readonly source: MemorySource
  readonly vendor: ScriptedVendor
  readonly lane: CompiledLane
  readonly memory: MemoryLane
  now(): number
  /** Moves the clock. */
  wait(ms: number): void
  setStopped(isStopped: boolean): void
  pausedBecause(): string | null
  /** The lane's next delivery: of the rows that came or moved behind the last one. */
  next(): DeliveryScene
}

/** `count` customers whose users differ, in the order of their ids. */
export function customers(count: number): Row[] {
  return Array.from({ length: count }, (_, id) => ({ id, changed: 10, user: `u${id}`, value: `v${id}` }))
}

export function createPassScene(options: SceneOptions): PassScene {
  let clock = Date.parse('2026-01-01T00:00:00Z')
  let isStopped = false
  let pausedBecause: string | null = null
  const now = () => clock
  const source = createMemorySource(options.rows, options.batchRows)
  const memory = createMemoryLane({ now, compare: comparePositions })
  const vendor = createScriptedVendor({
    async reply(items, request) {
      for (const { key } of items) assertMayBeSent(key)
      return (await options.reply?.(items, request)) ?? { kind: 'results' }
    },
    ...(options.turns === undefined ? {} : { turns: options.turns }),
    mayOverlap: options.mayOverlap ?? false,
  })
  const lane = laneOf(options)

  function assertMayBeSent(key: string): void {
    const [sequence, ...position] = key.split('/')
    const delivery = memory.deliveries[Number(sequence)]
    check(delivery !== undefined, 'Sent for no delivery.')
    delivery.assertMayBeSent(position)
  }

  async function transact<Result>(what: string, work: () => Result): Promise<Result> {
    await options.around?.('before', what)
    const result = work()
    await options.around?.('after', what)
    return result
  }

  function sceneOf(delivery: MemoryDelivery): DeliveryScene {
    async function pass(signal = new AbortController().signal): Promise<PassEnd | null> {
      const begun = delivery.begin()
      if (begun === null) return null
      const progress = createMemoryProgress(begun, {
        ...{ now, begunAt: clock, transact },
        isStopped: () => isStopped || !begun.isCurrent(),
        hurry: () => options.hurry?.(),
        async pauseCredential(reason) {
          pausedBecause = reason
        },
      })
      const { beforeBatch } = options
      return runPass(
        {
          ...{ lane, progress, now, transport: options.transport ?? vendor.transport },
          account: {
            definition: lane.connectorDefinition,
            settings: lane.settings,
            secrets: { apiKey: 'secret' },
          },
          connection: source.connect(beforeBatch === undefined ? {} : { beforeBatch }),
          itemKey: (position) => [delivery.sequence, ...position].join('/'),
          requestKey: (request) => hashOf(`${delivery.sequence} ${request}`),
          async wait(ms) {
            clock += ms
          },
        },
        signal,
      )
    }

    return {
      delivery,
      pass,
      async passUntilCompleted(mostPasses = 100) {
        for (let passes = 0; passes < mostPasses; passes += 1) {
          const end = await pass()
          if (end === null || end.kind === 'completed') return
          if (end.kind === 'waiting') clock = Math.max(clock, end.dueAt ?? 0)
        }
        throw new Error(`The delivery was not completed by ${mostPasses} passes.`)
      },
    }
  }

  function next(): DeliveryScene {
    const after = memory.deliveries.at(-1)?.stretch.until ?? null
    const last = [...source.rows.values()].map(positionOf).sort(comparePositions).at(-1)
    return sceneOf(memory.plan({ after, until: last ?? after ?? ['0', '0'] }))
  }

  return {
    ...next(),
    ...{ source, vendor, lane, memory, now, next },
    wait(ms) {
      clock += ms
    },
    setStopped(value) {
      isStopped = value
    },
    pausedBecause: () => pausedBecause,
  }
}

/** How fast records become bodies, in one process: mapping, validation, planning, serialisation; and one by one over HTTP. */
import { execFile } from 'node:child_process'
import process from 'node:process'
import { promisify } from 'node:util'
import type { RecordBatch } from '@sluice/connector-sdk'
import type { CompiledLane } from '../engine/compile.ts'
import { type Item, itemOf, type SendableItem } from '../engine/delivering/item.ts'
import { type PlanDeps, planGroups } from '../engine/delivering/plan-groups.ts'
import { sendItems } from '../engine/delivering/send-items.ts'
import { cut } from '../engine/planning/cut.ts'
import { startRole } from '../server/start/roles.ts'
import { createHttpTransport } from '../server/transport/http-transport.ts'
import { encodeByHand, rowsOf } from './planning-ceiling.ts'
import { batchesOf, type Kind, kinds } from './planning-events.ts'
import { laneOf } from './planning-lane.ts'
import { peakRssMiB } from './process-figures.ts'
import { inTemporaryFolder } from './temporary-folder.ts'

interface Options {
  readonly records: number
  say(line: string): void
}

type Rates = Readonly<Record<Kind, number>>

export interface PlanningFigures extends Rates {
  /** Records a second of the hand-written loop. */
  readonly ceiling: Rates
  readonly unbatchedPerSecond: number
  readonly rssMiB: number
  /** What the peer prints, where SEGMENT_DIR names its set-up. */
  readonly segment?: unknown
}

const rounds = 5
const connections = 16
const unbatched = 40_000
const endpoint = 'https://rest.example.com'

export function planning({ records, say }: Options): Promise<PlanningFigures> {
  return inTemporaryFolder(say, async ({ logs, stops }) => {
    const figures = kinds.map((kind) => [kind, measureKind(kind, records, say)] as const)
    const rates = Object.fromEntries(figures.map(([kind, { ours }]) => [kind, ours])) as Rates
    const ceiling = Object.fromEntries(figures.map(([kind, { byHand }]) => [kind, byHand])) as Rates

    const sink = await startRole({ name: 'sink', program: 'bench/sink.ts', logs })
    stops.add('sink', sink.stop)
    const unbatchedPerSecond = await measureUnbatched(String(sink.ready['url']))
    say(`One by one over HTTP: ${unbatchedPerSecond} requests/s`)
    const rssMiB = await peakRssMiB(process.pid)
    const segment = await measureSegment(say)
    return { ...rates, ceiling, unbatchedPerSecond, rssMiB, ...(segment === undefined ? {} : { segment }) }
  })
}

/** Both in turn, several times, so that the machine's drift falls out; the median counts. */
function measureKind(kind: Kind, records: number, say: (line: string) => void) {
  const lane = laneOf(kind, 'track-user', endpoint)
  const batches = batchesOf(kind, records, lane.attributes)
  const rows = rowsOf(lane.attributes, batches)
  const ours: number[] = []
  const byHand: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const own = perSecond(records, () => planAll(lane, batches))
    const hand = perSecond(records, () => encodeByHand(kind, rows))
    // The first round is V8's to learn.
    if (round > 0) ours.push(own)
    if (round > 0) byHand.push(hand)
  }
  const figures = { ours: median(ours), byHand: median(byHand) }
  say(`${kind}: ${figures.ours} records/s; by hand ${figures.byHand}`)
  return figures
}

function planAll(lane: CompiledLane, batches: readonly RecordBatch[]): number {
  const deps = depsOf(lane)
  const limits = lane.actionDefinition.limits(lane.settings)
  let characters = 0
  for (const batch of batches) {
    const items: Item[] = []
    for (let row = 0; row < batch.length; row += 1) {
      const item = itemOf(lane, batch, row)
      if (item !== null) items.push(item)
    }
    for (const slice of cut(items, limits)) {
      for (const group of planGroups(deps, slice.map(sendable))) {
        if ('rejected' in group) throw new Error(`A record was rejected: ${group.rejected}.`)
        for (const { body } of group.requests) characters += body.text?.length ?? 0
      }
    }
  }
  return characters
}

async function measureUnbatched(url: string): Promise<number> {
  const lane = laneOf('track', 'track-user-single', url)
  const transport = createHttpTransport({ allowPrivateHosts: [new URL(url).host] })
  const deps = {
    ...depsOf(lane),
    account: { definition: lane.connectorDefinition, settings: lane.settings, secrets: { apiKey: 'bench' } },
    transport: transport.send,
    now: Date.now,
    noteStarted: async () => {},
    onRequest() {},
  }
  const items = batchesOf('track', unbatched, lane.attributes).flatMap((batch) =>
    Array.from({ length: batch.length }, (_, row) => itemOf(lane, batch, row)).flatMap((item) =>
      item === null ? [] : [sendable(item)],
    ),
  )
  let next = 0
  const sendOn = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) {
      const [parts] = await sendItems(deps, [item])
      if (parts?.[0]?.verdict.kind !== 'delivered') throw new Error('The sink did not take an event.')
    }
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: connections }, sendOn))
  const rate = Math.round((items.length / (performance.now() - startedAt)) * 1_000)
  await transport.close()
  return rate
}

/** Segment's published Braze actions on records like these; their set-up is a folder of its own. */
async function measureSegment(say: (line: string) => void): Promise<unknown> {
  const { SEGMENT_DIR: folder } = process.env
  if (folder === undefined) return undefined
  const { stdout } = await promisify(execFile)(process.execPath, ['bench_segment.mjs', '30000', 'stub'], {
    cwd: folder,
  })
  say(stdout)
  return JSON.parse(stdout)
}

function depsOf(lane: CompiledLane): PlanDeps {
  return {
    lane,
    createdAt: Date.UTC(2026, 0, 2),
    itemKey: ({ position }) => position.join(),
    requestKey: String,
  }
}

function sendable(item: Item): SendableItem {
  if (item.kind === 'sendable') return item
  throw new Error(
    item.kind === 'rejected' ? `A record was rejected: ${item.fault.code}.` : 'A record is held.',
  )
}

function perSecond(records: number, run: () => number): number {
  const startedAt = performance.now()
  if (run() === 0) throw new Error('Nothing was encoded.')
  return Math.round((records / (performance.now() - startedAt)) * 1_000)
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0
}

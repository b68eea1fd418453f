/** One measurement of `planning`, in a process with the options of a worker: a kind of record, or one by one over HTTP. */
import process from 'node:process'
import { parseArgs } from 'node:util'
import type { RecordBatch } from '@sluice/connector-sdk'
import type { CompiledLane } from '../engine/compile.ts'
import { type Item, itemOf, type SendableItem } from '../engine/delivering/item.ts'
import { type PlanDeps, planGroups } from '../engine/delivering/plan-groups.ts'
import { sendItems } from '../engine/delivering/send-items.ts'
import { cut } from '../engine/planning/cut.ts'
import { createHttpTransport } from '../server/transport/http-transport.ts'
import { median } from './median.ts'
import { encodeByHand, rowsOf } from './planning-ceiling.ts'
import { batchesOf, type Kind, kinds } from './planning-events.ts'
import { laneOf } from './planning-lane.ts'

const rounds = 5
const connections = 16
const unbatched = 40_000
const endpoint = 'https://rest.example.com'

/** Both in turn, several times, so that the machine's drift falls out; the median counts. */
function measureKind(kind: Kind, records: number) {
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
  return { ours: median(ours), byHand: median(byHand) }
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

async function measureUnbatched(url: string) {
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
  return { rate }
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

const { values } = parseArgs({
  options: { kind: { type: 'string' }, records: { type: 'string', default: '0' }, url: { type: 'string' } },
})
const kind = kinds.find((each) => each === values.kind)
const figures =
  kind === undefined ? await measureUnbatched(values.url ?? '') : measureKind(kind, Number(values.records))
const rssMiB = Math.round(process.resourceUsage().maxRSS / 1024)
process.stdout.write(`${JSON.stringify({ ...figures, rssMiB })}\n`)

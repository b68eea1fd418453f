/** The runs of `growth` of one kind: a stack of their own, warmed up; then so many records at once, again and again. */
import { setUpDemo } from '../server/start/demo-workspace.ts'
import type { DeliveryTimes } from './delivery-times.ts'
import { type Kind, type KindName, kinds } from './growth-kinds.ts'
import { createGrowthWarehouse } from './growth-warehouse.ts'
import { median } from './median.ts'
import { forgetPeakRss, peakRssMiB } from './process-figures.ts'
import { type Stack, startStack } from './stack.ts'
import { postgresTables, temporalBytes } from './stored-bytes.ts'
import { inTemporaryFolder } from './temporary-folder.ts'
import { untilDelivered } from './until-delivered.ts'

export interface GrowthRun {
  readonly records: number
  /** What so many records take, without what a delivery of one page takes. */
  readonly seconds: number
  /** What the delivery took as a whole. */
  readonly wholeSeconds: number
  /** Peak resident memory of the worker. */
  readonly workerRssMiB: number
  readonly postgresBytes: number
  readonly temporalBytes: number
}

interface Options {
  readonly kind: KindName
  readonly sizes: readonly number[]
  say(line: string): void
}

/** So many that Node has compiled what there is to compile. */
const warmUp = 300_000
/**
 * What a delivery takes for itself shows in one of a single page: with less, the processes that begin and end it work
 * beside a worker that has nothing to do, and cost less than they do beside one that sends.
 */
const onePage = 2_000
/**
 * The machine's speed drifts, so every size is timed in every round; small ones often, since one of them may be
 * disturbed as a whole.
 */
const rounds = 3
const timedRecords = 200_000
const mostTimes = 8

export function growthRuns({ kind, sizes, say }: Options): Promise<readonly GrowthRun[]> {
  const silent = () => undefined
  return inTemporaryFolder(silent, async (place) => {
    const { hasIds, prepare }: Kind = kinds[kind]
    const warehouse = createGrowthWarehouse({ folder: place.folder, hasIds })
    await warehouse.add(warmUp)
    const stack = await startStack({ ...place, say: silent })
    await prepare?.(stack.vendor)
    await setUpDemo(stack.api, warehouse.path, { braze: stack.vendor, webhook: null })
    const { deliveries } = await untilDelivered({ api: stack.api, since: 0, matched: warmUp })
    const deliver = createDeliver(stack, warehouse.add, deliveries)

    const seconds = new Map([onePage, ...sizes].map((size) => [size, [] as number[]]))
    const time = async (records: number) => void seconds.get(records)?.push(await deliver(records))
    const grown: (Growth & { readonly records: number; readonly workerRssMiB: number })[] = []
    for (const records of sizes.toSorted((a, b) => a - b)) {
      const stored = await storedIn(stack, place.folder)
      await forgetPeakRss(stack.workerPid)
      await time(records)
      const workerRssMiB = await peakRssMiB(stack.workerPid)
      grown.push({ records, workerRssMiB, ...growth(stored, await storedIn(stack, place.folder)) })
    }
    for (let round = 1; round <= rounds; round += 1) {
      say(`Records ${kinds[kind].title}: round ${round} of ${rounds}`)
      for (const records of seconds.keys()) {
        const times = Math.min(mostTimes, Math.ceil(timedRecords / records))
        for (let turn = 0; turn < times; turn += 1) await time(records)
      }
    }

    // The quickest would flatter the sizes that are timed most often.
    const itself = median(seconds.get(onePage) ?? [])
    return grown.map(({ records, workerRssMiB, bytes, tables }) => {
      const whole = median(seconds.get(records) ?? [])
      const further = (whole - itself) * (records / (records - onePage))
      const run = { records, seconds: rounded(further), wholeSeconds: rounded(whole), workerRssMiB, ...bytes }
      say(`${told(kind, run)}; one page takes ${itself.toFixed(2)} s; grown: ${tables}`)
      return run
    })
  })
}

/** Adds rows and waits for their outcomes; resolves with the seconds from the first plan to the last outcome. */
function createDeliver(
  { api }: Stack,
  add: (rows: number) => Promise<void>,
  earlier: readonly DeliveryTimes[],
): (records: number) => Promise<number> {
  const known = new Set(earlier.map(({ id }) => id))
  let total = warmUp
  return async (records) => {
    const since = Date.now()
    await add(records)
    total += records
    const { deliveries } = await untilDelivered({ api, since, matched: total })
    const mine = deliveries.filter(({ id }) => !known.has(id))
    for (const { id } of mine) known.add(id)
    const planned = Math.min(...mine.map(({ createdAt }) => createdAt))
    return (Math.max(...mine.map(({ completedAt }) => completedAt)) - planned) / 1000
  }
}

/** To milliseconds. */
function rounded(seconds: number): number {
  return Number(seconds.toFixed(3))
}

interface Stored {
  readonly tables: ReadonlyMap<string, number>
  readonly temporal: number
}

async function storedIn({ postgresUrl }: Stack, folder: string): Promise<Stored> {
  return { tables: await postgresTables(postgresUrl), temporal: await temporalBytes(folder) }
}

interface Growth {
  readonly bytes: { readonly postgresBytes: number; readonly temporalBytes: number }
  /** Which of them, and by how much: for people. */
  readonly tables: string
}

function growth(before: Stored, after: Stored): Growth {
  const grown = [...after.tables].map(([name, bytes]) => ({
    name,
    bytes: bytes - (before.tables.get(name) ?? 0),
  }))
  const tables = grown.filter(({ bytes }) => bytes !== 0).map(({ name, bytes }) => `${name} ${bytes}`)
  return {
    bytes: {
      postgresBytes: grown.reduce((sum, { bytes }) => sum + bytes, 0),
      temporalBytes: after.temporal - before.temporal,
    },
    tables: tables.length === 0 ? 'no table' : tables.join(', '),
  }
}

function told(kind: KindName, { records, seconds, workerRssMiB }: GrowthRun): string {
  const each = ((seconds / records) * 1e6).toFixed(1)
  return `${records} records ${kinds[kind].title}: ${seconds} s, ${each} µs each, ${workerRssMiB} MiB`
}

/** One run of `growth`: a stack of its own, warmed up; then so many records at once. */
import { setUpDemo } from '../server/start/demo-workspace.ts'
import type { DeliveryTimes } from './delivery-times.ts'
import { type Kind, type KindName, kinds } from './growth-kinds.ts'
import { createGrowthWarehouse } from './growth-warehouse.ts'
import { forgetPeakRss, peakRssMiB } from './process-figures.ts'
import { type Stack, startStack } from './stack.ts'
import { postgresTables, temporalBytes } from './stored-bytes.ts'
import { inTemporaryFolder } from './temporary-folder.ts'
import { untilDelivered } from './until-delivered.ts'

export interface GrowthRun {
  readonly records: number
  /** What so many records take where a delivery is in full swing: without its first page. */
  readonly seconds: number
  /** Peak resident memory of the worker. */
  readonly workerRssMiB: number
  readonly postgresBytes: number
  readonly temporalBytes: number
}

interface Options {
  readonly kind: KindName
  readonly records: number
  say(line: string): void
}

/** So many that Node has compiled what there is to compile. */
const warmUp = 300_000
/** Less than a page of the engine: reading, storing and sending come one after the other, not yet side by side. */
const onePage = { records: 2_000, leastTimes: 3 }
/** A short delivery is timed more than once: by chance it is disturbed as a whole, or not at all. */
const timedRecords = 300_000
const mostTimes = 25

export function growthRun({ kind, records, say }: Options): Promise<GrowthRun> {
  const silent = () => undefined
  return inTemporaryFolder(silent, async (place) => {
    const { hasIds, prepare }: Kind = kinds[kind]
    const warehouse = createGrowthWarehouse({ folder: place.folder, hasIds })
    await warehouse.add(warmUp)
    const stack = await startStack({ ...place, say: silent })
    await prepare?.(stack.vendor)
    await setUpDemo(stack.api, warehouse.path, stack.vendor)
    const { deliveries } = await untilDelivered({ api: stack.api, since: 0, matched: warmUp })
    const deliver = createDeliver(stack, warehouse.add, deliveries)

    const times = Math.min(mostTimes, Math.ceil(timedRecords / records))
    // The smaller the delivery, the more of it is its first page.
    const pageTimes = Math.max(onePage.leastTimes, times)
    const page = median(await repeat(pageTimes, () => deliver(onePage.records)))
    const stored = await storedIn(stack, place.folder)
    await forgetPeakRss(stack.workerPid)
    const first = await deliver(records)
    const grown = growth(stored, await storedIn(stack, place.folder))
    const workerRssMiB = await peakRssMiB(stack.workerPid)

    const whole = median([first, ...(await repeat(times - 1, () => deliver(records)))])
    const seconds = (whole - page) * (records / (records - onePage.records))
    const run = { records, seconds: Number(seconds.toFixed(3)), workerRssMiB, ...grown.bytes }
    say(`${told(kind, run)}; one page takes ${page.toFixed(2)} s; grown: ${grown.tables}`)
    return run
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

async function repeat(times: number, measure: () => Promise<number>): Promise<number[]> {
  const figures: number[] = []
  for (let time = 0; time < times; time += 1) figures.push(await measure())
  return figures
}

/** The quickest would flatter the sizes that are timed most often. */
function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2
}

interface Stored {
  readonly tables: ReadonlyMap<string, number>
  readonly temporal: number
}

async function storedIn({ postgresUrl }: Stack, folder: string): Promise<Stored> {
  return { tables: await postgresTables(postgresUrl), temporal: await temporalBytes(folder) }
}

function growth(before: Stored, after: Stored) {
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

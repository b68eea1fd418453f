/** How fast records get from DuckDB to a vendor through everything, beside the speed nothing generic can pass. */
import { join } from 'node:path'
import { setUpDemo } from '../server/start/demo-workspace.ts'
import { startRole } from '../server/start/roles.ts'
import { ensureWarehouse } from '../server/start/warehouse.ts'
import type { Times } from './delivery-times.ts'
import { cpuSeconds, peakRssMiB } from './process-figures.ts'
import { startStack } from './stack.ts'
import { inTemporaryFolder, type TemporaryFolder } from './temporary-folder.ts'
import { untilDelivered } from './until-delivered.ts'
import { startVendor } from './vendor.ts'

interface Options {
  readonly records: number
  say(line: string): void
}

export interface EndToEndFigures {
  readonly recordsPerSecond: number
  readonly rawRecordsPerSecond: number
  readonly ratio: number
  /** Peak resident memory of the worker. */
  readonly workerRssMiB: number
}

export function endToEnd({ records, say }: Options): Promise<EndToEndFigures> {
  return inTemporaryFolder(say, async (place) => {
    const warehouse = join(place.folder, 'warehouse.duckdb')
    await ensureWarehouse(warehouse, records)
    say(`A warehouse of ${records} customers was made`)

    const before = await rawLoop(warehouse, place.logs)
    say(`Hand-written loop: ${Math.round(before)} records/s`)
    const ours = await throughSluice({ ...place, warehouse, say })
    say(`Sluice: ${Math.round(ours.recordsPerSecond)} records/s, ${ours.workerRssMiB} MiB`)
    const after = await rawLoop(warehouse, place.logs)
    say(`Hand-written loop again: ${Math.round(after)} records/s`)

    const raw = (before + after) / 2
    return {
      recordsPerSecond: Math.round(ours.recordsPerSecond),
      rawRecordsPerSecond: Math.round(raw),
      ratio: Number((ours.recordsPerSecond / raw).toFixed(3)),
      workerRssMiB: ours.workerRssMiB,
    }
  })
}

async function rawLoop(warehouse: string, logs: string): Promise<number> {
  const { apiKey, stop, url } = await startVendor(logs)
  try {
    const loop = await startRole({
      name: 'raw-loop',
      program: 'bench/raw-loop.ts',
      args: ['--warehouse', warehouse, '--url', url, '--api-key', apiKey],
      logs,
    })
    await loop.ended
    return Number(loop.ready['recordsPerSecond'])
  } finally {
    await stop()
  }
}

interface Through extends TemporaryFolder {
  readonly warehouse: string
  say(line: string): void
}

async function throughSluice({ warehouse, ...place }: Through) {
  const { api, vendor, workerPid } = await startStack(place)
  const since = Date.now()
  await setUpDemo(api, warehouse, { braze: vendor, webhook: null })
  const { delivered, seconds } = figuresOf(await untilDelivered({ api, since, matched: 0 }))
  const cpu = await cpuSeconds(workerPid)
  place.say(`The worker's own time: ${Math.round((cpu / delivered) * 1e6)} µs a record`)
  return { recordsPerSecond: delivered / seconds, workerRssMiB: await peakRssMiB(workerPid) }
}

/** From the publish to the end of the last delivery. */
function figuresOf({ deliveries, publishedAt }: Times) {
  const completed = Math.max(...deliveries.map(({ completedAt }) => completedAt))
  return {
    delivered: deliveries.reduce((sum, { delivered }) => sum + delivered, 0),
    seconds: (completed - publishedAt) / 1000,
  }
}

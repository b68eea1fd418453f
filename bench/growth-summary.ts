/** What some runs of different sizes show together. Pure. */
import type { GrowthRun } from './growth-runs.ts'

export interface GrowthSummary {
  /** By how much the slowest run's time per record is above the fastest's: 0.2 is a fifth. */
  readonly timePerRecordSpread: number
  readonly workerRssSpreadMiB: number
  /** From the smallest run to the largest: what one more record adds. */
  readonly postgresBytesPerRecord: number
  readonly temporalBytesPerRecord: number
}

export function summaryOf(runs: readonly GrowthRun[]): GrowthSummary {
  const each = runs.map(({ records, seconds }) => seconds / records)
  const memory = runs.map(({ workerRssMiB }) => workerRssMiB)
  return {
    timePerRecordSpread: rounded(Math.max(...each) / Math.min(...each) - 1),
    workerRssSpreadMiB: Math.max(...memory) - Math.min(...memory),
    postgresBytesPerRecord: perRecord(runs, ({ postgresBytes }) => postgresBytes),
    temporalBytesPerRecord: perRecord(runs, ({ temporalBytes }) => temporalBytes),
  }
}

function perRecord(runs: readonly GrowthRun[], bytesOf: (run: GrowthRun) => number): number {
  const bySize = runs.toSorted((a, b) => a.records - b.records)
  const [smallest, largest] = [bySize[0], bySize.at(-1)]
  if (smallest === undefined || largest === undefined) return Number.NaN
  const more = largest.records - smallest.records
  return more === 0
    ? rounded(bytesOf(largest) / largest.records)
    : rounded((bytesOf(largest) - bytesOf(smallest)) / more)
}

function rounded(figure: number): number {
  return Number(figure.toFixed(3))
}

/** What some runs of different sizes show together. */
import { describe, expect, it } from 'vitest'
import { summaryOf } from './growth-summary.ts'

const run = {
  records: 10_000,
  seconds: 0.2,
  wholeSeconds: 0.4,
  workerRssMiB: 600,
  postgresBytes: 40_960,
  temporalBytes: 0,
}

describe('the summary of runs', () => {
  it('says by which part the slowest record exceeds the fastest one, whichever size that is', () => {
    const slower = { ...run, records: 100_000, seconds: 2.5 }
    const faster = { ...run, records: 1_000_000, seconds: 18 }
    expect(summaryOf([run, slower, faster]).timePerRecordSpread).toBe(0.389)
  })

  it('says how far memory lies apart', () => {
    const runs = [700, 580, 640].map((workerRssMiB) => ({ ...run, workerRssMiB }))
    expect(summaryOf(runs).workerRssSpreadMiB).toBe(120)
  })

  it('says what one more record adds, without what every delivery adds', () => {
    const larger = { ...run, records: 1_010_000, postgresBytes: 4_040_960, temporalBytes: -50_000 }
    const middle = { ...run, records: 100_000, postgresBytes: 9_999_999 }
    expect(summaryOf([larger, middle, run])).toMatchObject({
      postgresBytesPerRecord: 4,
      temporalBytesPerRecord: -0.05,
    })
  })

  it('of a single size takes all bytes for those of the records', () => {
    expect(summaryOf([run])).toMatchObject({ timePerRecordSpread: 0, postgresBytesPerRecord: 4.096 })
  })
})

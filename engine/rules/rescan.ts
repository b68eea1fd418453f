/** When rows that did not change are asked again: time alone can make them meet conditions on what is now. */
import { z } from '@sluice/connector-sdk'

/** Hours are those of UTC, which has no summer time. */
export const rescanSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('HOURLY') }),
  z.strictObject({ kind: z.literal('DAILY'), hour: z.int().min(0).max(23) }),
])

export type RescanSchedule = Readonly<z.output<typeof rescanSchema>>

export const defaultRescan: RescanSchedule = { kind: 'DAILY', hour: 0 }

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** The first time after `after`; both in epoch milliseconds. */
export function nextRescan(rescan: RescanSchedule, after: number): number {
  switch (rescan.kind) {
    case 'HOURLY':
      return nextMultiple(after, hourMs, 0)
    case 'DAILY':
      return nextMultiple(after, dayMs, rescan.hour * hourMs)
  }
}

function nextMultiple(after: number, every: number, offset: number): number {
  return (Math.floor((after - offset) / every) + 1) * every + offset
}

/** Metric buckets in tests: written as if something had been done at some time, and added up again. */
import type { MetricBucket, PrismaClient } from '../../prisma/generated/client/client.ts'
import { grains } from '../../server/metrics/ranges.ts'
import { type LaneCounts, sumOf } from '../../server/metrics/rules.ts'

export interface Done extends Partial<LaneCounts> {
  readonly actionId: string
  readonly workspaceId: string
  readonly at: string
}

/** Counts in all three buckets of each moment, as commits do. */
export async function countDone(db: PrismaClient, done: readonly Done[]): Promise<void> {
  for (const { actionId, workspaceId, at, ...counts } of done) {
    const increments = Object.fromEntries(
      Object.entries(counts).map(([name, count]) => [name, { increment: count }]),
    )
    for (const grain of grains) {
      const key = { actionId, grain, start: beginningOf(grain, new Date(at)) }
      await db.metricBucket.upsert({
        where: { actionId_grain_start: key },
        create: { ...key, workspaceId, ...counts },
        update: increments,
      })
    }
  }
}

function beginningOf(grain: (typeof grains)[number], at: Date): Date {
  const start = new Date(at)
  start.setUTCSeconds(0, 0)
  if (grain !== 'MINUTE') start.setUTCMinutes(0)
  if (grain === 'DAY') start.setUTCHours(0)
  return start
}

/** What all minutes, all hours and all days have counted: the same, if all is well. */
export function sumsByGrain(buckets: readonly MetricBucket[]): readonly LaneCounts[] {
  return grains.map((grain) => sumOf(buckets.filter((bucket) => bucket.grain === grain)))
}

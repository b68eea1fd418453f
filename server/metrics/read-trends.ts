/** Reads what actions did bucket by bucket: a point for each, also for those in which nothing happened. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import { groupBy } from '../deliveries/group-by.ts'
import { idsOf, isOwned, joinedActions, type MetricsOf, ownerOf } from './metrics-of.ts'
import { startsOf, type TrendSpan } from './ranges.ts'
import { type LaneCounts, noCounts, sumOf } from './rules.ts'
import { bucketSums, isWithin } from './totals.ts'

export interface TrendPoint extends LaneCounts {
  readonly start: Date
}

export interface Trend extends TrendSpan {
  readonly total: LaneCounts
  /** Oldest first. */
  readonly points: readonly TrendPoint[]
}

/** By owner; one statement. */
export async function readTrends(
  db: Pick<PrismaClient, '$queryRaw'>,
  of: MetricsOf,
  span: TrendSpan,
): Promise<ReadonlyMap<string, Trend>> {
  const rows = await db.$queryRaw<readonly (TrendPoint & { readonly owner: string })[]>`
    SELECT ${ownerOf(of)} AS owner, bucket.start, ${bucketSums}
    FROM metric_bucket AS bucket ${joinedActions(of)}
    WHERE ${isWithin(span)} AND ${isOwned(of)}
    GROUP BY owner, bucket.start`
  const byOwner = groupBy(rows, ({ owner }) => owner)
  const starts = startsOf(span)
  return new Map(
    idsOf(of).map((id) => {
      const counted = new Map((byOwner.get(id) ?? []).map(({ owner: _, ...point }) => [+point.start, point]))
      const points = starts.map((start) => counted.get(+start) ?? { ...noCounts, start })
      return [id, { ...span, points, total: sumOf(points) }]
    }),
  )
}

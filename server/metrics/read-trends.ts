/** Reads what actions did bucket by bucket: a point for each, also for those in which nothing happened. */
import { Prisma, type PrismaClient } from '../../prisma/generated/client/client.ts'
import { groupBy } from '../deliveries/group-by.ts'
import { actionsOf, idsOf, type MetricsOf } from './metrics-of.ts'
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
  const rows = await db.$queryRaw<readonly (TrendPoint & { readonly owner: string })[]>(pointsOf(of, span))
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

/** A few actions are sought one by one: the order within keeps the planner from reading the whole table instead. */
function pointsOf(of: MetricsOf, span: TrendSpan): Prisma.Sql {
  if ('workspaceIds' in of) {
    return Prisma.sql`
      SELECT bucket.workspace_id AS owner, bucket.start, ${bucketSums} FROM metric_bucket AS bucket
      WHERE ${isWithin(span)} AND bucket.workspace_id = ANY(${[...of.workspaceIds]}::uuid[])
      GROUP BY bucket.workspace_id, bucket.start`
  }
  return Prisma.sql`
    SELECT wanted.owner, bucket.start, ${bucketSums}
    FROM (${actionsOf(of)}) AS wanted
    CROSS JOIN LATERAL (
      SELECT * FROM metric_bucket AS bucket
      WHERE ${isWithin(span)} AND bucket.action_id = wanted.action_id ORDER BY bucket.start
    ) AS bucket
    GROUP BY wanted.owner, bucket.start`
}

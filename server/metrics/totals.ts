/** Adds up what actions did in a range of time, from as few buckets as make it up. */
import { terms } from '../../engine/delivering/outcome.ts'
import { Prisma, type PrismaClient } from '../../prisma/generated/client/client.ts'
import { idsOf, isOwned, joinedActions, type MetricsOf, ownerOf } from './metrics-of.ts'
import type { CountedRange, Piece } from './ranges.ts'
import { type LaneCounts, noCounts } from './rules.ts'

/** By owner; one statement. Who did nothing in the range has counts of zero. */
export async function readTotals(
  db: Pick<PrismaClient, '$queryRaw'>,
  of: MetricsOf,
  { pieces }: CountedRange,
): Promise<ReadonlyMap<string, LaneCounts>> {
  const rows = await db.$queryRaw<readonly (LaneCounts & { readonly owner: string })[]>`
    SELECT ${ownerOf(of)} AS owner, ${bucketSums}
    FROM ${bucketsOf(pieces, isOwned(of))} AS bucket ${joinedActions(of)}
    GROUP BY owner`
  const found = new Map(rows.map(({ owner, ...counts }) => [owner, counts]))
  return new Map(idsOf(of).map((id) => [id, found.get(id) ?? noCounts]))
}

/**
 * A query with a row for each action that did anything in the range: `action_id`, and the sums by their names, of which
 * those are made that the query around it reads. `isWanted` is a condition on `bucket.workspace_id` or
 * `bucket.action_id`.
 */
export function totalsByAction({ pieces }: CountedRange, isWanted: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    SELECT bucket.action_id, ${bucketSums} FROM ${bucketsOf(pieces, isWanted)} AS bucket GROUP BY bucket.action_id`
}

export const bucketSums = Prisma.raw(
  [...terms, 'retries', 'requests'].map((name) => `sum(bucket.${name})::bigint AS ${name}`).join(', '),
)

/** A condition on `bucket`. */
export function isWithin({ grain, from, to }: Piece): Prisma.Sql {
  return Prisma.sql`bucket.grain = ${grain}::metric_grain
    AND bucket.start >= ${from.toISOString()}::timestamptz AND bucket.start < ${to.toISOString()}::timestamptz`
}

/** Piece by piece, so that each is sought by its own bounds. */
function bucketsOf(pieces: readonly Piece[], isWanted: Prisma.Sql): Prisma.Sql {
  if (pieces.length === 0) return Prisma.sql`(SELECT * FROM metric_bucket WHERE false)`
  const each = pieces.map(
    (piece) =>
      Prisma.sql`SELECT bucket.* FROM metric_bucket AS bucket WHERE ${isWithin(piece)} AND ${isWanted}`,
  )
  return Prisma.sql`(${Prisma.join(each, ' UNION ALL ')})`
}

/** Adds up what actions did in a range of time, from as few buckets as make it up. */
import { terms } from '../../engine/delivering/outcome.ts'
import { Prisma, type PrismaClient } from '../../prisma/generated/client/client.ts'
import { actionsOf, idsOf, type MetricsOf } from './metrics-of.ts'
import type { CountedRange, Piece } from './ranges.ts'
import { type LaneCounts, noCounts } from './rules.ts'

/** By owner; one statement. Who did nothing in the range has counts of zero. */
export async function readTotals(
  db: Pick<PrismaClient, '$queryRaw'>,
  of: MetricsOf,
  range: CountedRange,
): Promise<ReadonlyMap<string, LaneCounts>> {
  const rows = await db.$queryRaw<readonly (LaneCounts & { readonly owner: string })[]>(totalsOf(of, range))
  const found = new Map(rows.map(({ owner, ...counts }) => [owner, counts]))
  return new Map(idsOf(of).map((id) => [id, found.get(id) ?? noCounts]))
}

/**
 * A few actions are sought one by one, by index: sums within keep the planner from reading the whole table instead, in
 * which their rows lie far apart.
 */
function totalsOf(of: MetricsOf, { pieces }: CountedRange): Prisma.Sql {
  if ('workspaceIds' in of) {
    const isWanted = Prisma.sql`bucket.workspace_id = ANY(${[...of.workspaceIds]}::uuid[])`
    return Prisma.sql`
      SELECT bucket.workspace_id AS owner, ${bucketSums} FROM ${bucketsOf(pieces, isWanted)} GROUP BY owner`
  }
  const isItsOwn = Prisma.sql`bucket.action_id = wanted.action_id`
  return Prisma.sql`
    SELECT wanted.owner, ${bucketSums}
    FROM (${actionsOf(of)}) AS wanted
    CROSS JOIN LATERAL (SELECT ${bucketSums} FROM ${bucketsOf(pieces, isItsOwn)}) AS bucket
    GROUP BY wanted.owner`
}

/**
 * A query with a row for each action of a workspace that did anything in the range: `action_id`, and the sums by their
 * names, of which those are made that the query around it reads.
 */
export function totalsByAction(workspaceId: string, { pieces }: CountedRange): Prisma.Sql {
  const isWanted = Prisma.sql`bucket.workspace_id = ${workspaceId}::uuid`
  return Prisma.sql`
    SELECT bucket.action_id, ${bucketSums} FROM ${bucketsOf(pieces, isWanted)} GROUP BY bucket.action_id`
}

/** The same by connector, as actions belong to them now: `connector_id`, and the sums. */
export function totalsByConnector(workspaceId: string, range: CountedRange): Prisma.Sql {
  return Prisma.sql`
    SELECT action.connector_id, ${bucketSums}
    FROM (${totalsByAction(workspaceId, range)}) AS bucket JOIN action ON action.id = bucket.action_id
    GROUP BY action.connector_id`
}

/** The SQL of a sum of counts of `total`, which is missing where nothing was done. */
export function totalSql(names: readonly string[]): string {
  return `coalesce(${names.map((name) => `total.${name}`).join(' + ')}, 0)::bigint`
}

export const bucketSums = Prisma.raw(
  [...terms, 'retries', 'requests']
    .map((name) => `coalesce(sum(bucket.${name}), 0)::bigint AS ${name}`)
    .join(', '),
)

/** A condition on `bucket`. */
export function isWithin({ grain, from, to }: Piece): Prisma.Sql {
  return Prisma.sql`bucket.grain = ${grain}::metric_grain
    AND bucket.start >= ${from.toISOString()}::timestamptz AND bucket.start < ${to.toISOString()}::timestamptz`
}

/** Piece by piece, so that each is sought by its own bounds. */
function bucketsOf(pieces: readonly Piece[], isWanted: Prisma.Sql): Prisma.Sql {
  if (pieces.length === 0) return Prisma.sql`(SELECT * FROM metric_bucket WHERE false) AS bucket`
  const each = pieces.map(
    (piece) =>
      Prisma.sql`SELECT bucket.* FROM metric_bucket AS bucket WHERE ${isWithin(piece)} AND ${isWanted}`,
  )
  return Prisma.sql`(${Prisma.join(each, ' UNION ALL ')}) AS bucket`
}

/** Deletes buckets that are no longer kept, of metrics and of errors: minutes after 30 days, hours and days after 13 months. */
import { Prisma, type PrismaClient } from '../../prisma/generated/client/client.ts'
import { type Grain, grains, keptSince } from './ranges.ts'

const atOnce = 10_000
const tables = [Prisma.sql`metric_bucket`, Prisma.sql`error_bucket`]

export async function forgetOldBuckets(db: PrismaClient, now = new Date()): Promise<void> {
  for (const table of tables) {
    for (const grain of grains) {
      while ((await forgetSome(db, table, grain, keptSince(grain, now))) >= atOnce);
    }
  }
}

/** Sought by workspace, for which there is an index on time. */
function forgetSome(db: PrismaClient, table: Prisma.Sql, grain: Grain, before: Date): Promise<number> {
  return db.$executeRaw`
    DELETE FROM ${table} AS bucket
    USING (
      SELECT DISTINCT old.action_id, old.start FROM workspace
      CROSS JOIN LATERAL (
        SELECT action_id, start FROM ${table}
        WHERE workspace_id = workspace.id AND grain = ${grain}::metric_grain
          AND start < ${before.toISOString()}::timestamptz
        LIMIT ${atOnce}
      ) AS old
      LIMIT ${atOnce}
    ) AS old
    WHERE bucket.grain = ${grain}::metric_grain AND bucket.action_id = old.action_id AND bucket.start = old.start`
}

/** Deletes buckets that are no longer kept: minutes after 30 days, hours and days after 13 months. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import { type Grain, grains, keptSince } from './ranges.ts'

const atOnce = 10_000

export async function forgetOldBuckets(db: PrismaClient, now = new Date()): Promise<void> {
  for (const grain of grains) {
    while ((await forgetSome(db, grain, keptSince(grain, now))) === atOnce);
  }
}

/** Sought by workspace, for which there is an index on time. */
function forgetSome(db: PrismaClient, grain: Grain, before: Date): Promise<number> {
  return db.$executeRaw`
    DELETE FROM metric_bucket AS bucket
    USING (
      SELECT old.action_id, old.start FROM workspace
      CROSS JOIN LATERAL (
        SELECT action_id, start FROM metric_bucket
        WHERE workspace_id = workspace.id AND grain = ${grain}::metric_grain
          AND start < ${before.toISOString()}::timestamptz
        LIMIT ${atOnce}
      ) AS old
      LIMIT ${atOnce}
    ) AS old
    WHERE bucket.grain = ${grain}::metric_grain AND bucket.action_id = old.action_id AND bucket.start = old.start`
}

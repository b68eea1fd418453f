/** What runs, for statements: the actions that a workspace's live version has on, as publishing has marked them. */
import { Prisma, type PrismaClient } from '../../prisma/generated/client/client.ts'
import type { SummariesOf } from '../metrics/metrics-of.ts'

/**
 * A table to select from, as `running`: `workspace_id`, `action_id`, `data_source_id`, `segment_id`, the ids as the
 * version has them: the action may have been given others since.
 */
export const runningActions = Prisma.sql`(
    SELECT w.id AS workspace_id, a.id AS action_id, (d.body ->> 'dataSourceId')::uuid AS data_source_id,
      (d.body ->> 'segmentId')::uuid AS segment_id
    FROM workspace AS w
    JOIN version AS v ON v.workspace_id = w.id AND v.number = w.live_version
    CROSS JOIN LATERAL jsonb_to_recordset(v.manifest) AS entry(kind text, id text, hash text)
    JOIN action AS a ON a.workspace_id = w.id AND a.id = entry.id::uuid AND a.is_live
    JOIN document AS d ON d.workspace_id = w.id AND d.hash = entry.hash
    WHERE entry.kind = 'action'
  ) AS running`

/** Which of these actions run; those of connectors by the working copy. */
export async function readRunningActions(
  db: Pick<PrismaClient, '$queryRaw'>,
  of: SummariesOf,
): Promise<ReadonlySet<string>> {
  const isWanted =
    'connectorIds' in of
      ? Prisma.sql`connector_id = ANY(${[...of.connectorIds]}::uuid[])`
      : Prisma.sql`workspace_id = ANY(${[...of.workspaceIds]}::uuid[])`
  const rows = await db.$queryRaw<readonly { readonly id: string }[]>`
    SELECT id::text AS id FROM action WHERE is_live AND ${isWanted}`
  return new Set(rows.map(({ id }) => id))
}

/** What runs, for statements: the actions that a workspace's live version has on, as publishing has marked them. */
import { Prisma } from '../../prisma/generated/client/client.ts'

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

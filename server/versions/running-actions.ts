/** What runs, for statements: the actions that a workspace's live version switches on, over sources that it reads. */
import { Prisma, type PrismaClient } from '../../prisma/generated/client/client.ts'

/**
 * A table to select from, as `running`: `workspace_id`, `action_id`, `data_source_id`, `segment_id`, the ids as the
 * version has them. No version switches an action on under a connector that is off: publishing refuses that.
 */
export const runningActions = Prisma.sql`(
    SELECT w.id AS workspace_id, entry.id::uuid AS action_id, s.id AS data_source_id,
      (d.body ->> 'segmentId')::uuid AS segment_id
    FROM workspace AS w
    JOIN version AS v ON v.workspace_id = w.id AND v.number = w.live_version
    CROSS JOIN LATERAL jsonb_to_recordset(v.manifest) AS entry(kind text, id text, hash text)
    JOIN document AS d ON d.workspace_id = w.id AND d.hash = entry.hash
    JOIN data_source AS s ON s.workspace_id = w.id AND s.id = (d.body ->> 'dataSourceId')::uuid AND s.is_read
    WHERE entry.kind = 'action' AND d.body -> 'isEnabled' = 'true'
  ) AS running`

type ActionsOf =
  | { readonly actionIds: readonly string[] }
  | { readonly connectorIds: readonly string[] }
  | { readonly workspaceIds: readonly string[] }

/** Which of these actions run, in one statement. */
export async function readRunningActions(
  db: Pick<PrismaClient, '$queryRaw'>,
  of: ActionsOf,
): Promise<ReadonlySet<string>> {
  const rows = await db.$queryRaw<readonly { readonly id: string }[]>`
    SELECT a.id::text AS id
    FROM action AS a JOIN ${runningActions} ON running.workspace_id = a.workspace_id AND running.action_id = a.id
    WHERE ${isWanted(of)}`
  return new Set(rows.map(({ id }) => id))
}

function isWanted(of: ActionsOf): Prisma.Sql {
  if ('actionIds' in of) return Prisma.sql`a.id = ANY(${[...of.actionIds]}::uuid[])`
  if ('connectorIds' in of) return Prisma.sql`a.connector_id = ANY(${[...of.connectorIds]}::uuid[])`
  return Prisma.sql`a.workspace_id = ANY(${[...of.workspaceIds]}::uuid[])`
}

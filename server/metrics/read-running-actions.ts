/** Reads which actions run: those that a workspace's live version switches on. */
import { Prisma, type PrismaClient } from '../../prisma/generated/client/client.ts'
import type { SummariesOf } from './metrics-of.ts'

/** One statement. No version switches an action on under a connector that is off: publishing refuses that. */
export async function readRunningActions(
  db: Pick<PrismaClient, '$queryRaw'>,
  of: SummariesOf,
): Promise<ReadonlySet<string>> {
  const rows = await db.$queryRaw<readonly { readonly id: string }[]>`
    SELECT entry.id
    FROM workspace AS w
    JOIN version AS v ON v.workspace_id = w.id AND v.number = w.live_version
    CROSS JOIN LATERAL jsonb_to_recordset(v.manifest) AS entry(kind text, id text, hash text)
    JOIN document AS d ON d.workspace_id = w.id AND d.hash = entry.hash
    WHERE entry.kind = 'action' AND d.body -> 'isEnabled' = 'true' AND ${isWanted(of)}`
  return new Set(rows.map(({ id }) => id))
}

function isWanted(of: SummariesOf): Prisma.Sql {
  if ('workspaceIds' in of) return Prisma.sql`w.id = ANY(${[...of.workspaceIds]}::uuid[])`
  const ids = Prisma.sql`${[...of.connectorIds]}::uuid[]`
  return Prisma.sql`w.id IN (SELECT workspace_id FROM connector WHERE id = ANY(${ids}))
    AND entry.id IN (SELECT a.id::text FROM action AS a WHERE a.connector_id = ANY(${ids}))`
}

/** Reads which actions run: those that a workspace's live version switches on. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'

/** One statement. No version switches an action on under a connector that is off: publishing refuses that. */
export async function readRunningActions(
  db: Pick<PrismaClient, '$queryRaw'>,
  workspaceIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db.$queryRaw<readonly { readonly id: string }[]>`
    SELECT entry.id
    FROM workspace AS w
    JOIN version AS v ON v.workspace_id = w.id AND v.number = w.live_version
    CROSS JOIN LATERAL jsonb_to_recordset(v.manifest) AS entry(kind text, id text, hash text)
    JOIN document AS d ON d.workspace_id = w.id AND d.hash = entry.hash
    WHERE w.id = ANY(${[...workspaceIds]}::uuid[]) AND entry.kind = 'action' AND d.body -> 'isEnabled' = 'true'`
  return new Set(rows.map(({ id }) => id))
}

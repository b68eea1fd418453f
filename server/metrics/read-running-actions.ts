/** Reads which actions run: those that a workspace's live version has on, with a connector and a data source that are on. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'

export async function readRunningActions(
  db: Pick<PrismaClient, '$queryRaw'>,
  workspaceIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db.$queryRaw<readonly { readonly id: string }[]>`
    SELECT id FROM action WHERE workspace_id = ANY(${[...workspaceIds]}::uuid[]) AND is_live`
  return new Set(rows.map(({ id }) => id))
}

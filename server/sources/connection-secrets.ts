/** The secrets of a published connection: those that it has now, sealed. Versions hold none. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'

/** Also where it has been deleted in the working copy since; null where it has none. */
export async function connectionSecrets(
  db: Pick<PrismaClient, 'dataSourceConnection'>,
  workspaceId: string,
  connectionId: string,
): Promise<Uint8Array | null> {
  const row = await db.dataSourceConnection.findUnique({
    where: { workspaceId_id: { workspaceId, id: connectionId } },
    select: { secrets: true },
  })
  return row?.secrets ?? null
}

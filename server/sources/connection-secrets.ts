/** The secrets of a published connection: those that it has now, sealed. Versions hold none. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'

/** Null where it has none, or has been deleted since: then connecting tells what is missing. */
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

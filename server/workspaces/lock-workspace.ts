/** One change at a time of what a workspace has as a whole: its version, its people, its attributes, its switches. */
import type { Prisma } from '../../prisma/generated/client/client.ts'

/** Until the transaction ends. */
export async function lockWorkspace(tx: Prisma.TransactionClient, workspaceId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM workspace WHERE id = ${workspaceId}::uuid FOR UPDATE`
}

/** Keeps documents, each once: what versions and drafts share is stored only once. */
import type { Prisma } from '../../prisma/generated/client/client.ts'
import type { NewEntry } from './documents.ts'

/** One statement, however many there are. */
export async function saveDocuments(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  entries: readonly NewEntry[],
): Promise<void> {
  if (entries.length === 0) return
  const documents = JSON.stringify(entries.map(({ kind, hash, body }) => ({ kind, hash, body })))
  await tx.$executeRaw`
    INSERT INTO document (workspace_id, kind, hash, body)
    SELECT ${workspaceId}::uuid, kind, hash, body
    FROM jsonb_to_recordset(${documents}::jsonb) AS entry(kind text, hash text, body jsonb)
    ON CONFLICT DO NOTHING`
}

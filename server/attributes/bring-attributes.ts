/** Sources that a whole configuration brings have their attributes: those that are missing come back. */
import type { SourceDocument } from '../../engine/documents.ts'
import type { Prisma } from '../../prisma/generated/client/client.ts'

/**
 * To be called where all sources are replaced at once: they agree about types, as they did when they were published, and
 * nothing else feeds an attribute. Nothing is refused for the number of attributes: what was published must load.
 */
export async function bringAttributes(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  sources: readonly SourceDocument[],
): Promise<void> {
  const columns = sources.flatMap((source) => source.columns.map(({ name, type }) => ({ name, type })))
  await tx.$executeRaw`
    INSERT INTO attribute AS present (id, workspace_id, name, type, updated_at)
    SELECT DISTINCT ON (name) gen_random_uuid(), ${workspaceId}::uuid, name, type::attribute_type, now()
    FROM jsonb_to_recordset(${JSON.stringify(columns)}::jsonb) AS wanted (name text, type text)
    ON CONFLICT (workspace_id, name) DO UPDATE
    SET type = excluded.type, revision = present.revision + 1, updated_at = now()
    WHERE present.type <> excluded.type`
}

/** Data sources as they last ran: positions that are kept of them have this meaning. */
import { type SourceDocument, sourceDocumentSchema } from '../../engine/documents.ts'
import type { Context } from '../context.ts'

type Db = Pick<Context['db'], '$queryRaw'>

/** By id. The version that runs has nearly all of them; older ones are asked for those that were deleted since. */
export async function publishedSources(
  db: Db,
  workspaceId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SourceDocument>> {
  const live = await lastOf(db, workspaceId, ids, true)
  const others = ids.filter((id) => !live.has(id))
  return others.length === 0 ? live : new Map([...live, ...(await lastOf(db, workspaceId, others, false))])
}

async function lastOf(
  db: Db,
  workspaceId: string,
  ids: readonly string[],
  isLiveOnly: boolean,
): Promise<ReadonlyMap<string, SourceDocument>> {
  const rows = await db.$queryRaw<readonly { readonly id: string; readonly body: unknown }[]>`
    SELECT DISTINCT ON (entry.id) entry.id, document.body
    FROM version
    JOIN workspace ON workspace.id = version.workspace_id
    CROSS JOIN LATERAL jsonb_to_recordset(version.manifest) AS entry(kind text, id text, hash text)
    JOIN document ON document.workspace_id = version.workspace_id AND document.hash = entry.hash
    WHERE version.workspace_id = ${workspaceId}::uuid AND entry.kind = 'source'
      AND entry.id = ANY(${[...ids]}::text[])
      AND (NOT ${isLiveOnly}::boolean OR version.number = workspace.live_version)
    ORDER BY entry.id, version.number DESC`
  return new Map(rows.map(({ id, body }) => [id, sourceDocumentSchema.parse(body)]))
}

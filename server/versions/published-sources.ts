/** Data sources as they last ran: positions that are kept of them have this meaning. */
import { sourceDocumentSchema } from '../../engine/documents.ts'
import type { Context } from '../context.ts'
import type { TypedSource } from './cursor-change.ts'
import { sourceWithout } from './earlier-documents.ts'

type Db = Pick<Context['db'], '$queryRaw'>

interface Row {
  readonly id: string
  readonly body: unknown
  /** Of its connection. */
  readonly type: string | null
}

/** By id. The version that runs has nearly all of them; older ones are asked for those that were deleted since. */
export async function publishedSources(
  db: Db,
  workspaceId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, TypedSource>> {
  const live = await lastOf(db, workspaceId, ids, true)
  const others = ids.filter((id) => !live.has(id))
  return others.length === 0 ? live : new Map([...live, ...(await lastOf(db, workspaceId, others, false))])
}

async function lastOf(
  db: Db,
  workspaceId: string,
  ids: readonly string[],
  isLiveOnly: boolean,
): Promise<ReadonlyMap<string, TypedSource>> {
  const rows = await db.$queryRaw<readonly Row[]>`
    SELECT DISTINCT ON (entry.id) entry.id, document.body, coalesce(document.body ->> 'type', (
      SELECT connection.body ->> 'type'
      FROM jsonb_to_recordset(version.manifest) AS other(kind text, id text, hash text)
      JOIN document AS connection
        ON connection.workspace_id = version.workspace_id AND connection.hash = other.hash
      WHERE other.kind = 'connection' AND other.id = document.body ->> 'connectionId'
    )) AS type
    FROM version
    JOIN workspace ON workspace.id = version.workspace_id
    CROSS JOIN LATERAL jsonb_to_recordset(version.manifest) AS entry(kind text, id text, hash text)
    JOIN document ON document.workspace_id = version.workspace_id AND document.hash = entry.hash
    WHERE version.workspace_id = ${workspaceId}::uuid AND entry.kind = 'source'
      AND entry.id = ANY(${[...ids]}::text[])
      AND (NOT ${isLiveOnly}::boolean OR version.number = workspace.live_version)
    ORDER BY entry.id, version.number DESC`
  return new Map(
    rows.map(({ id, body, type }) => [
      id,
      { type: type ?? undefined, source: sourceDocumentSchema.parse(sourceWithout(body)) },
    ]),
  )
}

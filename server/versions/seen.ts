/** What a configuration is like at a moment: changes with every edit and every publish. */
import { Prisma } from '../../prisma/generated/client/client.ts'
import type { Context } from '../context.ts'
import { type DocumentKind, documentKinds, type Seen } from './rules.ts'

/** Where the rows of a kind are. */
export const tableOfKind: Readonly<Record<DocumentKind, string>> = {
  connection: 'data_source_connection',
  source: 'data_source',
  segment: 'segment',
  connector: 'connector',
  action: 'action',
}

/** One statement, which reads ids and revisions only. */
export async function readSeen(db: Pick<Context['db'], '$queryRaw'>, workspaceId: string): Promise<Seen> {
  const rowsOfKinds = documentKinds.map(
    (kind) => Prisma.sql`
      SELECT id, revision FROM ${Prisma.raw(tableOfKind[kind])}
      WHERE workspace_id = ${workspaceId}::uuid AND deleted_at IS NULL`,
  )
  const [row] = await db.$queryRaw<readonly Seen[]>`
    SELECT live_version AS "liveVersion", (
      SELECT md5(coalesce(string_agg(id || ':' || revision, ',' ORDER BY id), '')) FROM (
        ${Prisma.join(rowsOfKinds, ' UNION ALL ')}
        UNION ALL
        SELECT template.id, template.revision FROM template
        JOIN action ON action.id = template.action_id AND action.deleted_at IS NULL
        WHERE template.workspace_id = ${workspaceId}::uuid
      ) AS piece
    ) AS fingerprint
    FROM workspace WHERE id = ${workspaceId}::uuid`
  if (row === undefined) throw new Error('The workspace is gone.')
  return row
}

/** As clients get it and give it back. */
export function seenText({ liveVersion, fingerprint }: Seen): string {
  return `${liveVersion ?? 0}-${fingerprint}`
}

export function parseSeen(text: string): Seen | undefined {
  const { version, fingerprint } =
    /^(?<version>\d{1,9})-(?<fingerprint>[0-9a-f]{32})$/.exec(text)?.groups ?? {}
  if (version === undefined || fingerprint === undefined) return undefined
  return { liveVersion: version === '0' ? null : Number(version), fingerprint }
}

/** Looking for segments: by name, label and whether they are active. */
import type { Prisma, PrismaClient } from '../../prisma/generated/client/client.ts'
import { runningActions } from '../versions/running-actions.ts'
import { present } from '../workspaces/present.ts'
import { literally } from '../workspaces/search-words.ts'

export interface SegmentFilter {
  readonly nameContains?: string | null | undefined
  readonly labelIds?: readonly string[] | null | undefined
  readonly isActive?: boolean | null | undefined
}

export async function segmentsWhere(
  db: Pick<PrismaClient, '$queryRaw'>,
  workspaceId: string,
  { isActive, labelIds, nameContains }: SegmentFilter,
): Promise<Prisma.SegmentWhereInput> {
  const active = typeof isActive === 'boolean' ? await readActiveSegments(db, workspaceId) : []
  return {
    workspaceId,
    ...present,
    ...(nameContains ? { name: { contains: literally(nameContains), mode: 'insensitive' } } : {}),
    ...(labelIds ? { labels: { some: { labelId: { in: [...labelIds] } } } } : {}),
    ...(typeof isActive === 'boolean' ? { id: isActive ? { in: active } : { notIn: active } } : {}),
  }
}

/** Those of which a chain works (flow.ts), in one statement. */
async function readActiveSegments(
  db: Pick<PrismaClient, '$queryRaw'>,
  workspaceId: string,
): Promise<string[]> {
  const rows = await db.$queryRaw<readonly { readonly id: string }[]>`
    SELECT DISTINCT a.segment_id::text AS id
    FROM ${runningActions}
    JOIN workspace AS w ON w.id = running.workspace_id
    JOIN action AS a ON a.workspace_id = w.id AND a.id = running.action_id
      AND a.segment_id = running.segment_id AND a.data_source_id = running.data_source_id
    LEFT JOIN source_progress AS p ON p.workspace_id = w.id AND p.data_source_id = a.data_source_id
    WHERE w.id = ${workspaceId}::uuid AND a.paused_at IS NULL AND p.error_code IS NULL AND w.halted_at IS NULL`
  return rows.map(({ id }) => id)
}

/** Rows of a source that cannot be read, by class: how many there are, and since when. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import { groupBy } from '../deliveries/group-by.ts'
import type { LiveSource } from './live-source.ts'

/** A row without a key is counted as that alone. */
const classes = ['key_null', 'cursor_null'] as const
export type RowErrorCounts = Readonly<Record<(typeof classes)[number], bigint>>

/** A class that no row has any more goes; one that comes again is seen first anew. */
export async function recordRowErrors(
  db: PrismaClient,
  { source, workspaceId }: Pick<LiveSource, 'source' | 'workspaceId'>,
  counts: RowErrorCounts,
  seenAt: Date,
): Promise<void> {
  const dataSourceId = source.id
  const found = classes.filter((code) => counts[code] > 0n)
  await db.$transaction([
    db.sourceRowError.deleteMany({ where: { dataSourceId, code: { notIn: found } } }),
    ...found.map((code) =>
      db.sourceRowError.upsert({
        where: { dataSourceId_code: { dataSourceId, code } },
        create: {
          dataSourceId,
          workspaceId,
          code,
          count: counts[code],
          firstSeenAt: seenAt,
          lastSeenAt: seenAt,
        },
        update: { count: counts[code], lastSeenAt: seenAt },
      }),
    ),
  ])
}

export interface RowErrorClass {
  readonly code: string
  readonly count: bigint
  readonly firstSeenAt: Date
  readonly lastSeenAt: Date
}

/** With the rows that their actions have rejected, which are dead letters: one statement. In the order of the ids. */
export async function rowErrorsOf(
  db: Pick<PrismaClient, '$queryRaw'>,
  dataSourceIds: readonly string[],
): Promise<(readonly RowErrorClass[])[]> {
  const ids = [...dataSourceIds]
  const rows = await db.$queryRaw<readonly (RowErrorClass & { readonly dataSourceId: string })[]>`
    SELECT data_source_id AS "dataSourceId", code, count, first_seen_at AS "firstSeenAt", last_seen_at AS "lastSeenAt"
    FROM source_row_error WHERE data_source_id = ANY(${ids}::uuid[])
    UNION ALL
    SELECT l.data_source_id, e.code, sum(e.count)::bigint, min(e.created_at), max(e.created_at)
    FROM delivery_exception AS e JOIN lane AS l ON l.id = e.lane_id
    WHERE l.data_source_id = ANY(${ids}::uuid[]) AND e.state = 'DEAD' AND e.outcome = 'REJECTED'
    GROUP BY l.data_source_id, e.code
    ORDER BY code`
  const bySource = groupBy(rows, ({ dataSourceId }) => dataSourceId)
  return ids.map((id) => bySource.get(id) ?? [])
}

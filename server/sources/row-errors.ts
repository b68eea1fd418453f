/** Rows of a source that cannot be read, by class: how many there are, and since when. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
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

/** With the rows that its actions have rejected, which are dead letters: one statement. */
export function rowErrorClasses(db: PrismaClient, dataSourceId: string): Promise<RowErrorClass[]> {
  return db.$queryRaw<RowErrorClass[]>`
    SELECT code, count, first_seen_at AS "firstSeenAt", last_seen_at AS "lastSeenAt"
    FROM source_row_error WHERE data_source_id = ${dataSourceId}::uuid
    UNION ALL
    SELECT e.code, sum(e.count)::bigint, min(e.created_at), max(e.created_at)
    FROM delivery_exception AS e JOIN lane AS l ON l.id = e.lane_id
    WHERE l.data_source_id = ${dataSourceId}::uuid AND e.state = 'DEAD' AND e.outcome = 'REJECTED'
    GROUP BY e.code
    ORDER BY code`
}

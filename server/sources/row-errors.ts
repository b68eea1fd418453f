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
        create: { dataSourceId, workspaceId, code, count: counts[code], firstSeenAt: seenAt, lastSeenAt: seenAt },
        update: { count: counts[code], lastSeenAt: seenAt },
      }),
    ),
  ])
}

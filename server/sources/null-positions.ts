/** Counts the rows that can never be read, for want of a value in cursor or key: nobody shall miss them unawares. */
import { SourceError } from '@sluice/connector-sdk'
import { nullPositionsStatement } from '../../engine/reading/statements.ts'
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import type { Registry } from '../registry/registry.ts'
import type { ConnectSource, SourceChangeToken } from './connect.ts'
import { installedDialect } from './installed-dialect.ts'
import { type LiveSource, toConnectLive } from './live-source.ts'
import type { Look } from './look-once.ts'
import { type RowErrorCounts, recordRowErrors } from './row-errors.ts'

interface Deps {
  readonly db: PrismaClient
  readonly registry: Registry
  readonly connectSource: ConnectSource
  readonly changeToken: SourceChangeToken
  readonly now: () => number
}

/** Counting reads the whole table. */
const countEveryMs = 60_000

export type CountNullPositions = (live: LiveSource, look: Look) => Promise<void>

/**
 * To be called after each look. Counts at most once a minute a source, and only where something has changed since:
 * rows were found, or the source tells it by its token. A process that has just begun counts in any case.
 */
export function createCountNullPositions(deps: Deps): CountNullPositions {
  const { db, now } = deps
  const triedAt = new Map<string, number>()
  /** The token of what was counted. Without an entry a count is owed. */
  const counted = new Map<string, string | null>()

  return async function countNullPositions(live, look) {
    const { id } = live.source
    if (look === 'failed' || look === 'outdated') return
    if (look === 'news') counted.delete(id)
    if (now() < (triedAt.get(id) ?? Number.NEGATIVE_INFINITY) + countEveryMs) return
    try {
      // Asked before counting: what is written meanwhile is counted the next time.
      const token = await deps.changeToken(live.connection)
      if (counted.get(id) === token) return
      const progress = await db.sourceProgress.findUnique({ where: { dataSourceId: id } })
      const countedBefore = progress?.nullPositionsAt?.getTime() ?? Number.NEGATIVE_INFINITY
      if (now() < countedBefore + countEveryMs) return
      triedAt.set(id, now())
      const counts = await count(deps, live)
      const countedAt = new Date(now())
      await recordRowErrors(db, live, counts, countedAt)
      await db.sourceProgress.updateMany({
        where: { dataSourceId: id },
        data: { nullPositions: counts.key_null + counts.cursor_null, nullPositionsAt: countedAt },
      })
      counted.set(id, token)
    } catch (error) {
      // The source could be read a moment ago. The next look says what is wrong; the count stays owed.
      if (!(error instanceof SourceError)) throw error
    }
  }
}

async function count({ registry, connectSource }: Deps, live: LiveSource): Promise<RowErrorCounts> {
  const dialect = installedDialect(registry, live.connection)
  const connection = await connectSource(toConnectLive(live))
  try {
    const { columns } = await connection.query(nullPositionsStatement(live.source, dialect))
    const [keys = 0n, cursors = 0n] = columns.map(([value]) => BigInt(String(value ?? 0)))
    return { key_null: keys, cursor_null: cursors }
  } finally {
    await connection.close()
  }
}

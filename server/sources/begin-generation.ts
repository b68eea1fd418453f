/** Begins a full resync: every lane reads the source from its beginning to the row that is the last one now. */
import { LaneNotRunnableError } from '../../engine/compile.ts'
import type { Position } from '../../engine/reading/position.ts'
import { countStatement } from '../../engine/reading/statements.ts'
import type { PrismaClient, SourceProgress } from '../../prisma/generated/client/client.ts'
import type { CompiledLanes } from '../deliveries/compiled-lanes.ts'
import type { Registry } from '../registry/registry.ts'
import type { ConnectSource } from './connect.ts'
import { overLimitCode, resyncLimitOf } from './full-resync.ts'
import { installedDialect } from './installed-dialect.ts'
import { isAtBound } from './lane-place.ts'
import { lastPosition } from './last-position.ts'
import { type LiveSource, toConnectLive } from './live-source.ts'
import { asSeen, type Look, orFailed, tellNews } from './look-once.ts'
import { sealPosition } from './sealed-position.ts'
import { watchColumns } from './watch-columns.ts'

export interface GenerationDeps {
  readonly db: PrismaClient
  readonly registry: Registry
  readonly connectSource: ConnectSource
  readonly compiledLanes: CompiledLanes
  readonly now: () => number
  sharedNow(): Promise<number>
}

/** While the one before is still read, nothing begins: that is counted, and the next time is awaited. */
export async function beginGeneration(
  deps: GenerationDeps,
  live: LiveSource,
  progress: SourceProgress,
): Promise<Look> {
  const { db } = deps
  const { source } = live
  if (await isStillRead(deps, live, progress)) {
    await db.sourceProgress.updateMany({
      where: { dataSourceId: source.id },
      data: { skippedRuns: { increment: 1 }, lastSkippedAt: new Date(await deps.sharedNow()) },
    })
    return 'nothing'
  }
  return orFailed(db, live, async () => {
    const { last, rows } = await extentOf(deps, live, progress)
    const now = new Date(await deps.sharedNow())
    // What is too much is read not at all: half a source would look like all of it.
    const isTooMuch = rows > resyncLimitOf(source, now)
    const begun = {
      bound: last === null ? null : sealPosition(live.key, last),
      sequence: { increment: 1 },
      generation: { increment: 1 },
      generationStartedAt: now,
      generationRows: rows,
      candidates: null,
    }
    const { count } = await db.sourceProgress.updateMany({
      where: asSeen(live, progress),
      data: { polledAt: now, errorCode: isTooMuch ? overLimitCode : null, ...(isTooMuch ? {} : begun) },
    })
    if (count === 0) return 'outdated'
    return isTooMuch ? 'nothing' : tellNews(db, live)
  })
}

/** The last row of the source as it is now, and how many there are. */
async function extentOf(
  deps: GenerationDeps,
  live: LiveSource,
  progress: SourceProgress,
): Promise<{ readonly last: Position | null; readonly rows: number }> {
  const { source } = live
  const dialect = installedDialect(deps.registry, live.connection)
  const connection = await deps.connectSource(toConnectLive(live))
  try {
    if ((await watchColumns(deps, live, progress, connection)) === 'empty') return { last: null, rows: 0 }
    const last = await lastPosition(connection, dialect, source)
    if (last === null) return { last, rows: 0 }
    const { columns } = await connection.query(countStatement(source, dialect, { after: null, until: last }))
    return { last, rows: Number(columns[0]?.[0] ?? 0) }
  } finally {
    await connection.close()
  }
}

/**
 * Whether a lane has not yet been given all of the generation before. One that is paused, or cannot run, is not
 * waited for: it goes on with the newest, which has every row of the one it missed.
 */
async function isStillRead(
  { compiledLanes, db }: GenerationDeps,
  { key, laneIds, versionNumber, workspaceId }: LiveSource,
  progress: SourceProgress,
): Promise<boolean> {
  if (progress.generation === 0) return false
  const lanes = await db.lane.findMany({
    where: { id: { in: [...laneIds] }, action: { pausedAt: null } },
    select: {
      actionId: true,
      position: true,
      generation: true,
      deliveries: {
        where: { isFirstPassDone: false, state: { notIn: ['COMPLETED', 'CANCELLED'] } },
        select: { id: true },
        take: 1,
      },
    },
  })
  for (const lane of lanes) {
    if (isAtBound(key, lane, progress) && lane.deliveries.length === 0) continue
    try {
      await compiledLanes(workspaceId, versionNumber, lane.actionId)
      return true
    } catch (error) {
      if (!(error instanceof LaneNotRunnableError)) throw error
    }
  }
  return false
}

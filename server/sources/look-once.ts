/** One look at a source: moves the bound that is announced to the lanes as far as its rows are settled. */
import { type SourceConnection, SourceError } from '@sluice/connector-sdk'
import { columnNamed, type Position } from '../../engine/reading/position.ts'
import type { PrismaClient, SourceProgress } from '../../prisma/generated/client/client.ts'
import type { CompiledLanes } from '../deliveries/compiled-lanes.ts'
import { announceActions } from '../metrics/progress-channel.ts'
import type { Registry } from '../registry/registry.ts'
import type { ConnectSource } from './connect.ts'
import { installedDialect } from './installed-dialect.ts'
import { lastPosition } from './last-position.ts'
import { type LiveSource, toConnectLive } from './live-source.ts'
import { openPosition, sealPosition } from './sealed-position.ts'
import { type SeenId, seenIdsSchema, settledId } from './settled-ids.ts'
import { ColumnsBroken, watchColumns } from './watch-columns.ts'

interface Deps {
  readonly db: PrismaClient
  readonly registry: Registry
  readonly connectSource: ConnectSource
  readonly compiledLanes: CompiledLanes
  readonly now: () => number
  /** One clock for all workers, whichever of them saw an id. */
  sharedNow(): Promise<number>
}

/** News is that the bound moved; outdated, that another poll or a publish was faster, so that nothing was written. */
export type Look = 'news' | 'nothing' | 'failed' | 'outdated'

/** All that it knows of earlier looks is in the database: any worker may take the next one. */
export async function lookOnce(deps: Deps, live: LiveSource): Promise<Look> {
  const { db } = deps
  const progress = await progressOf(deps, live)
  return orFailed(db, live, async () => {
    const found = await look(deps, live, progress)
    const { count } = await db.sourceProgress.updateMany({
      where: asSeen(live, progress),
      data: {
        polledAt: new Date(deps.now()),
        errorCode: null,
        candidates: found.candidates,
        ...(found.bound === null ? {} : { bound: found.bound, sequence: { increment: 1 } }),
      },
    })
    if (count === 0) return 'outdated'
    return found.bound === null ? 'nothing' : tellNews(db, live)
  })
}

/** A source that cannot be read, or not as it was published, says so until a look works again. */
export async function orFailed(
  db: PrismaClient,
  { source }: LiveSource,
  look: () => Promise<Look>,
): Promise<Look> {
  try {
    return await look()
  } catch (error) {
    if (!(error instanceof SourceError || error instanceof ColumnsBroken)) throw error
    await db.sourceProgress.updateMany({
      where: { dataSourceId: source.id },
      data: { errorCode: error.code },
    })
    return 'failed'
  }
}

/** Whoever watches a lane sees that there is something new for it. */
export async function tellNews(db: PrismaClient, { actionIds, workspaceId }: LiveSource): Promise<'news'> {
  await announceActions(db, workspaceId, actionIds)
  return 'news'
}

export function progressOf(
  { db }: Pick<Deps, 'db'>,
  { source, workspaceId }: LiveSource,
): Promise<SourceProgress> {
  return db.sourceProgress.upsert({
    where: { dataSourceId: source.id },
    create: { workspaceId, dataSourceId: source.id },
    update: {},
  })
}

/**
 * Another poll may have moved the bound meanwhile, and it must never go back; and a bound by the cursor of a version
 * that runs no more means nothing.
 */
export function asSeen({ source, versionNumber }: LiveSource, { sequence }: SourceProgress) {
  return { dataSourceId: source.id, sequence, dataSource: { workspace: { liveVersion: versionNumber } } }
}

interface Found {
  readonly bound: Uint8Array<ArrayBuffer> | null
  readonly candidates: Uint8Array<ArrayBuffer> | null
}

async function look(deps: Deps, live: LiveSource, progress: SourceProgress): Promise<Found> {
  const { key, source } = live
  const announced = progress.bound === null ? null : openPosition(key, progress.bound)
  const connection = await deps.connectSource(toConnectLive(live))
  try {
    const found = await watchColumns(deps, live, progress, connection)
    if (found === 'empty') return { bound: null, candidates: progress.candidates }
    if (source.timestampColumn !== null || source.settleMs === 0) {
      const last = await settledPosition(deps, connection, live, announced)
      return { bound: last === null ? null : sealPosition(key, last), candidates: null }
    }
    const seen = openSeen(live, progress)
    // After the newest one, so that they ascend: were its row deleted, a smaller one would lead the bound back.
    const last = await settledPosition(deps, connection, live, seen.at(-1)?.position ?? announced)
    const { bound, waiting } = settledId(seen, last, {
      now: await deps.sharedNow(),
      settleMs: source.settleMs,
    })
    return {
      bound: bound === null ? null : sealPosition(key, bound),
      candidates: waiting.length === 0 ? null : key.seal('candidates', JSON.stringify(waiting)),
    }
  } finally {
    await connection.close()
  }
}

function openSeen({ key }: LiveSource, { candidates }: SourceProgress): readonly SeenId[] {
  return candidates === null ? [] : seenIdsSchema.parse(JSON.parse(key.open('candidates', candidates)))
}

/**
 * The last row after a position that is old enough by the source's own clock. A source that knows its open
 * transactions has to answer `now` with a time below the start of the oldest one.
 */
async function settledPosition(
  { registry }: Deps,
  connection: SourceConnection,
  { source, connection: { type } }: LiveSource,
  after: Position | null,
): Promise<Position | null> {
  const dialect = installedDialect(registry, { type })
  let limit: string | null = null
  if (source.timestampColumn !== null) {
    const { nativeType } = columnNamed(source, source.timestampColumn)
    limit = await connection.now({ nativeType, timeZone: source.timeZone, minusMs: source.settleMs })
  }
  return lastPosition(connection, dialect, source, { after, limit })
}

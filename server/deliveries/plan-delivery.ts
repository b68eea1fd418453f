/** The activity `planDelivery`: decides whether a lane's next delivery is due, and writes it once. */
import { SourceError } from '@sluice/connector-sdk'
import { LaneNotRunnableError, type VersionLane } from '../../engine/compile.ts'
import { isSamePosition, type Position, positionSchema, type Stretch } from '../../engine/reading/position.ts'
import {
  type ConditionBuilder,
  countStatement,
  everyNthPositionStatement,
  isWithinStatement,
} from '../../engine/reading/statements.ts'
import type { Lane, PrismaClient } from '../../prisma/generated/client/client.ts'
import type { PlanResult } from '../../workflows/activities/ports.ts'
import { announce } from '../metrics/progress-channel.ts'
import type { Registry } from '../registry/registry.ts'
import type { ConnectSource } from '../sources/connect.ts'
import { connectionSecrets } from '../sources/connection-secrets.ts'
import { overLimitCode } from '../sources/full-resync.ts'
import { openPosition, sealPosition } from '../sources/sealed-position.ts'
import type { WorkspaceKeys } from '../workspaces/workspace-keys.ts'
import type { CompiledLanes } from './compiled-lanes.ts'
import { isRescanDue, planRescan } from './plan-rescan.ts'
import { waitingOf } from './rules.ts'

interface Deps {
  readonly db: PrismaClient
  readonly compiledLanes: CompiledLanes
  readonly connectSource: ConnectSource
  readonly registry: Registry
  readonly workspaceKeys: WorkspaceKeys
  readonly now?: () => number
}

/** The most rows one delivery covers: what a pass may have to read again. */
const mostRows = 1_000_000

/** With so many items waiting, a lane plans nothing new. */
const mostWaiting = 100_000

/** Makes the activity. Safe to repeat: an open first pass is returned, never planned a second time. */
export function createPlanDelivery(deps: Deps) {
  const { db, now: clock = Date.now } = deps
  return async function planDelivery(laneId: string): Promise<PlanResult> {
    const lane = await db.lane.findUnique({ where: { id: laneId }, include: { action: true } })
    if (lane === null) return { kind: 'idle' }
    const open = await db.delivery.findFirst({
      where: { laneId, isFirstPassDone: false, state: { notIn: ['COMPLETED', 'CANCELLED'] } },
      select: { id: true },
    })
    if (open !== null) return { kind: 'deliver', deliveryId: open.id }
    if (lane.action.pausedAt !== null) return { kind: 'idle' }
    // A vendor that takes nothing must not fill the tables: the next pass that gets rid of some wakes the lane.
    if (waitingOf(lane) >= mostWaiting) return { kind: 'idle' }
    const compiled = await runnable(deps, lane)
    if (compiled === null) return { kind: 'idle' }
    // What is now to the segment's conditions: here, and in every pass of the delivery.
    const now = new Date(clock())
    if (isRescanDue(lane, compiled, now)) return planRescan(deps, lane, compiled, now)
    return plan(deps, lane, compiled, now)
  }
}

/** The lane under the live version; null when that version does not run it, or nothing is delivered. */
async function runnable({ db, compiledLanes }: Deps, lane: Lane): Promise<VersionLane | null> {
  const { liveVersion, haltedAt } = await db.workspace.findUniqueOrThrow({ where: { id: lane.workspaceId } })
  if (liveVersion === null || haltedAt !== null) return null
  try {
    const compiled = await compiledLanes(lane.workspaceId, liveVersion, lane.actionId)
    const isActive = [compiled.action, compiled.connector, compiled.source].every(
      ({ isEnabled }) => isEnabled,
    )
    return isActive && compiled.source.id === lane.dataSourceId ? compiled : null
  } catch (error) {
    // The lane is kept as it is: publishing or installing the plugin again lets it go on.
    if (error instanceof LaneNotRunnableError) return null
    throw error
  }
}

async function plan(deps: Deps, lane: Lane, compiled: VersionLane, createdAt: Date): Promise<PlanResult> {
  const { db } = deps
  const { workspaceId, id: laneId, actionId } = lane
  const key = await deps.workspaceKeys.of(workspaceId)
  const progress = await db.sourceProgress.findUnique({ where: { dataSourceId: lane.dataSourceId } })
  if (progress === null || progress.bound === null) return { kind: 'idle' }
  const { generation } = progress
  // Each full resync begins anew.
  const isAnew = compiled.source.cursorMode === 'FULL_RESYNC' && lane.generation < generation
  const from = isAnew ? null : lane.position
  const after = from === null ? null : openPosition(key, from)
  const bound = openPosition(key, progress.bound)
  if (after !== null && isSamePosition(after, bound)) return { kind: 'idle' }

  const prefilter = compiled.prefilterAt(createdAt.getTime())
  const found = await findEnd(deps, lane, { ...compiled, prefilter }, { after, until: bound }).catch(
    (error: unknown) => tellFailure(deps, lane, error),
  )
  if (compiled.source.schedule.kind !== 'CONTINUOUS') await tellMended(deps, lane)
  if (found === null) return { kind: 'idle' }
  const position = sealPosition(key, found.until)
  return db.$transaction(async (tx): Promise<PlanResult> => {
    const { count } = await tx.lane.updateMany({
      where: { id: laneId, sequence: lane.sequence, starts: lane.starts },
      data: { position, generation, ...(found.isEmpty ? {} : { sequence: { increment: 1 } }) },
    })
    // Somebody else planned meanwhile, or people set where to start: look again at what there is now.
    if (count === 0) return { kind: 'again' }
    await announce(tx, { workspaceId, actionId })
    if (found.isEmpty) return { kind: 'again' }
    const delivery = await tx.delivery.create({
      data: {
        workspaceId,
        laneId,
        actionId,
        sequence: lane.sequence + 1,
        versionNumber: compiled.versionNumber,
        pluginVersion: deps.registry.connector(compiled.connector.type)?.packageVersion ?? 'unknown',
        after: from,
        until: position,
        createdAt,
      },
      select: { id: true },
    })
    return { kind: 'deliver', deliveryId: delivery.id }
  })
}

/**
 * The end of the next stretch, and whether the source has nothing in it that could match; null while the bound
 * has not yet come to where the lane started.
 */
async function findEnd(
  deps: Deps,
  lane: Lane,
  compiled: VersionLane & { readonly prefilter: ConditionBuilder },
  stretch: Stretch,
): Promise<{ readonly until: Position; readonly isEmpty: boolean } | null> {
  const { workspaceId } = lane
  const connection = await deps.connectSource({
    ...compiled.connection,
    workspaceId,
    secrets: await connectionSecrets(deps.db, workspaceId, compiled.connection.id),
  })
  const { source, dialect, prefilter } = compiled
  const { after, until: bound } = stretch
  try {
    if (after !== null) {
      const { columns } = await connection.query(isWithinStatement(source, dialect, after, bound))
      if (columns[0]?.[0] !== 1) return null
    }
    const { columns } = await connection.query(countStatement(source, dialect, stretch, prefilter))
    const rows = Number(columns[0]?.[0] ?? 0)
    if (rows <= mostRows) return { until: bound, isEmpty: rows === 0 }
    // Only a stretch that is too long is worth the sort that finds where to cut it.
    const last = await connection.query(
      everyNthPositionStatement(source, dialect, stretch, mostRows, prefilter),
    )
    // Rows may have gone between the two questions.
    if (last.length === 0) return { until: bound, isEmpty: false }
    return { until: positionSchema.parse(last.columns.map(([value]) => value)), isEmpty: false }
  } finally {
    await connection.close()
  }
}

/** A poll reads nothing but key and cursor: what is wrong with other columns shows here, and stands at the source. */
async function tellFailure({ db }: Deps, { dataSourceId }: Lane, error: unknown): Promise<never> {
  if (error instanceof SourceError) {
    await db.sourceProgress.updateMany({ where: { dataSourceId }, data: { errorCode: error.code } })
  }
  throw error
}

/** What only a poll finds, only a poll takes back. */
const ofPolls: readonly string[] = [overLimitCode, 'column_missing', 'column_changed']

/** Where the next poll is hours away, the failure of a plan does not stand until then. */
async function tellMended({ db }: Deps, { dataSourceId }: Lane): Promise<void> {
  await db.sourceProgress.updateMany({
    where: { dataSourceId, errorCode: { not: null }, NOT: { errorCode: { in: [...ofPolls] } } },
    data: { errorCode: null },
  })
}

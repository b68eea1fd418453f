/** Reads counts: of actions, of whole workspaces, and the trend by minute. */
import type { MetricMinute, PrismaClient } from '../../prisma/generated/client/client.ts'
import { groupBy } from '../deliveries/group-by.ts'
import { openPosition } from '../sources/sealed-position.ts'
import { readRunningActions } from '../versions/running-actions.ts'
import type { WorkspaceKeys } from '../workspaces/workspace-keys.ts'
import { type LanePlace, type LanesOf, readLanes } from './read-lanes.ts'
import { type ActionMetrics, isAtEnd, totalOf, type WorkspaceMetrics } from './rules.ts'

interface Deps {
  readonly db: Pick<PrismaClient, '$queryRaw'>
  readonly workspaceKeys: WorkspaceKeys
}

/** The counts of several actions, in one statement. */
export async function readActionMetrics(
  deps: Deps,
  actionIds: readonly string[],
): Promise<ReadonlyMap<string, ActionMetrics>> {
  const { places, atEnd } = await lookAtLanes(deps, { actionIds })
  const byAction = groupBy(places, ({ action }) => action?.id)
  const metrics = actionIds.flatMap((actionId): [string, ActionMetrics][] => {
    const own = byAction.get(actionId) ?? []
    const [first] = own
    if (first === undefined) return []
    const isAtSourceEnd = atEnd.has(actionId)
    return [[actionId, { ...totalOf(countsOf(own)), isAtSourceEnd, updatedAt: first.readAt }]]
  })
  return new Map(metrics)
}

/** The counts of several workspaces, in two statements however many actions they have. */
export async function readWorkspaceMetrics(
  deps: Deps,
  workspaceIds: readonly string[],
): Promise<ReadonlyMap<string, WorkspaceMetrics>> {
  const [{ places, atEnd }, running] = await Promise.all([
    lookAtLanes(deps, { workspaceIds }),
    readRunningActions(deps.db, { workspaceIds }),
  ])
  const byWorkspace = groupBy(places, ({ workspaceId }) => workspaceId)
  const metrics = workspaceIds.flatMap((workspaceId): [string, WorkspaceMetrics][] => {
    const own = byWorkspace.get(workspaceId) ?? []
    const [first] = own
    if (first === undefined) return []
    const actions = new Map(own.flatMap(({ action }) => (action === null ? [] : [[action.id, action]])))
    const live = [...actions.values()].filter(({ id }) => running.has(id))
    const value: WorkspaceMetrics = {
      ...totalOf(countsOf(own)),
      actions: live.length,
      pausedActions: live.filter(({ isPaused }) => isPaused).length,
      actionsAtSourceEnd: live.filter(({ id }) => atEnd.has(id)).length,
      updatedAt: first.readAt,
    }
    return [[workspaceId, value]]
  })
  return new Map(metrics)
}

export interface Period {
  readonly actionId: string
  readonly from: Date
  readonly to: Date
}

/** The minutes in which something happened, oldest first. */
export function readTrend(db: PrismaClient, { actionId, from, to }: Period): Promise<MetricMinute[]> {
  return db.metricMinute.findMany({
    where: { actionId, minute: { gte: from, lt: to } },
    orderBy: { minute: 'asc' },
  })
}

/** The lanes, and the actions that have tried all that their source has announced. */
async function lookAtLanes({ db, workspaceKeys }: Deps, of: LanesOf) {
  const places = await readLanes(db, of)
  const atEnd = new Set<string>()
  for (const { workspaceId, action, lane } of places) {
    if (action === null || lane === null || !lane.isCurrent) continue
    const key = await workspaceKeys.of(workspaceId)
    const open = (sealed: Uint8Array | null) => (sealed === null ? null : openPosition(key, sealed))
    if (isAtEnd({ ...lane, position: open(lane.position), bound: open(lane.bound) })) atEnd.add(action.id)
  }
  return { places, atEnd }
}

function countsOf(places: readonly LanePlace[]) {
  return places.flatMap(({ lane }) => (lane === null ? [] : [lane.counts]))
}

/** Reads the counts of all time: of actions, connectors and whole workspaces. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import { groupBy } from '../deliveries/group-by.ts'
import { openPosition } from '../sources/sealed-position.ts'
import type { WorkspaceKeys } from '../workspaces/workspace-keys.ts'
import { idsOf, type MetricsOf, type SummariesOf } from './metrics-of.ts'
import { type LanePlace, readLanes } from './read-lanes.ts'
import { type ActionMetrics, isAtEnd, type SummaryMetrics, totalOf } from './rules.ts'

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

/** The counts of several connectors or workspaces, in one statement however many actions they have. */
export async function readSummaries(
  deps: Deps,
  of: SummariesOf,
): Promise<ReadonlyMap<string, SummaryMetrics>> {
  const { places, atEnd } = await lookAtLanes(deps, of)
  const byOwner = groupBy(places, ({ connectorId, workspaceId }) =>
    'connectorIds' in of ? connectorId : workspaceId,
  )
  const metrics = idsOf(of).flatMap((id): [string, SummaryMetrics][] => {
    const own = byOwner.get(id) ?? []
    const [first] = own
    if (first === undefined) return []
    const actions = new Map(own.flatMap(({ action }) => (action === null ? [] : [[action.id, action]])))
    const live = [...actions.values()].filter(({ isLive }) => isLive)
    const value: SummaryMetrics = {
      ...totalOf(countsOf(own)),
      workspaceId: first.workspaceId,
      actions: live.length,
      pausedActions: live.filter(({ isPaused }) => isPaused).length,
      actionsAtSourceEnd: live.filter((action) => atEnd.has(action.id)).length,
      updatedAt: first.readAt,
    }
    return [[id, value]]
  })
  return new Map(metrics)
}

/** The lanes, and the actions that have tried all that their source has announced. */
async function lookAtLanes({ db, workspaceKeys }: Deps, of: MetricsOf) {
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

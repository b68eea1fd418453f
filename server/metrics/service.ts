/** Reads the counts of actions: totals from their lanes, and the trend by minute. */
import type { MetricMinute, PrismaClient } from '../../prisma/generated/client/client.ts'
import { openPosition } from '../sources/sealed-position.ts'
import type { WorkspaceKeys } from '../workspaces/workspace-keys.ts'
import { type ActionMetrics, isAtEnd, type LaneCounts, totalOf } from './rules.ts'

interface Deps {
  readonly db: PrismaClient
  readonly workspaceKeys: WorkspaceKeys
}

/** A lane of an action; all its columns are null where the action has none yet. */
interface LaneRow {
  readonly actionId: string
  readonly workspaceId: string
  readonly isCurrent: boolean | null
  readonly position: Uint8Array | null
  readonly bound: Uint8Array | null
  readonly isPolled: boolean
  readonly hasOpenDelivery: boolean
  readonly counts: LaneCounts | null
  readonly readAt: Date
}

/** The counts of several actions in one statement, so that those of one action fit together. */
export async function readActionMetrics(
  { db, workspaceKeys }: Deps,
  actionIds: readonly string[],
): Promise<ReadonlyMap<string, ActionMetrics>> {
  const rows = await readLanes(db, actionIds)
  const metrics = actionIds.map(async (actionId) => {
    const own = rows.filter((row) => row.actionId === actionId)
    const [first] = own
    if (first === undefined) return undefined
    const key = await workspaceKeys.of(first.workspaceId)
    const open = (sealed: Uint8Array | null) => (sealed === null ? null : openPosition(key, sealed))
    // A lane of a source that the action no longer reads stays where it is.
    const current = own.find((row) => row.isCurrent === true)
    const value: ActionMetrics = {
      ...totalOf(own.flatMap(({ counts }) => (counts === null ? [] : [counts]))),
      isAtSourceEnd:
        current !== undefined &&
        isAtEnd({ ...current, position: open(current.position), bound: open(current.bound) }),
      updatedAt: first.readAt,
    }
    return [actionId, value] as const
  })
  return new Map((await Promise.all(metrics)).filter((entry) => entry !== undefined))
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

/** First passes of a lane go in order, so only its last delivery can still have its own before it. */
async function readLanes(db: PrismaClient, actionIds: readonly string[]): Promise<readonly LaneRow[]> {
  const rows = await db.$queryRaw<
    readonly (LaneCounts & Omit<LaneRow, 'counts'> & { laneId: string | null })[]
  >`
    SELECT a.id AS "actionId", a.workspace_id AS "workspaceId", l.id AS "laneId",
      l.data_source_id = a.data_source_id AS "isCurrent", l.position, p.bound,
      p.polled_at IS NOT NULL AS "isPolled",
      coalesce(NOT last.is_first_pass_done AND last.state NOT IN ('COMPLETED', 'CANCELLED'), false) AS "hasOpenDelivery",
      l.matched, l.delivered, l.warned, l.saved, l.rejected, l.refused, l.exhausted, l.unknown, l.superseded,
      l.gone, l.cancelled, l.retries, l.requests, now() AS "readAt"
    FROM action AS a
    LEFT JOIN lane AS l ON l.action_id = a.id
    LEFT JOIN source_progress AS p ON p.data_source_id = l.data_source_id
    LEFT JOIN LATERAL (
      SELECT d.is_first_pass_done, d.state FROM delivery AS d
      WHERE d.lane_id = l.id ORDER BY d.sequence DESC LIMIT 1
    ) AS last ON true
    WHERE a.id = ANY(${[...actionIds]}::uuid[])`
  return rows.map(({ laneId, ...row }) => ({ ...row, counts: laneId === null ? null : row }))
}

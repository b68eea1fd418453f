/** Reads the lanes of actions: their counts, and how far each is behind its source. */
import { Prisma, type PrismaClient } from '../../prisma/generated/client/client.ts'
import { idsOf, type MetricsOf } from './metrics-of.ts'
import type { LaneCounts } from './rules.ts'

/** Positions are sealed. */
export interface LaneRow {
  readonly id: string
  /** Whether the action reads this source still: a lane of a former one stays where it is. */
  readonly isCurrent: boolean
  /** Null also where it is in an earlier full resync than the bound. */
  readonly position: Uint8Array | null
  readonly bound: Uint8Array | null
  readonly isPolled: boolean
  readonly hasOpenDelivery: boolean
  readonly counts: LaneCounts
}

/** A lane beside its action, connector and workspace: nulls where one of them has none. */
export interface LanePlace {
  readonly workspaceId: string
  readonly connectorId: string | null
  readonly action: { readonly id: string; readonly isPaused: boolean; readonly isLive: boolean } | null
  readonly lane: LaneRow | null
  readonly readAt: Date
}

type Row = LaneCounts &
  Omit<LaneRow, 'id' | 'counts'> & {
    readonly workspaceId: string
    readonly connectorId: string | null
    readonly actionId: string | null
    readonly isPaused: boolean
    readonly isLive: boolean
    readonly laneId: string | null
    readonly readAt: Date
  }

/** All in one statement, so that counts that belong together are of one moment. */
export async function readLanes(
  db: Pick<PrismaClient, '$queryRaw'>,
  of: MetricsOf,
): Promise<readonly LanePlace[]> {
  // First passes of a lane go in order, so only its last delivery can still have its own before it.
  const rows = await db.$queryRaw<readonly Row[]>`
    SELECT w.id AS "workspaceId", c.id AS "connectorId", a.id AS "actionId", a.paused_at IS NOT NULL AS "isPaused",
      a.is_live AS "isLive", l.id AS "laneId",
      l.data_source_id = a.data_source_id AS "isCurrent",
      CASE WHEN l.generation = p.generation THEN l.position END AS position, p.bound,
      p.polled_at IS NOT NULL AS "isPolled",
      coalesce(NOT last.is_first_pass_done AND last.state NOT IN ('COMPLETED', 'CANCELLED'), false) AS "hasOpenDelivery",
      l.matched, l.delivered, l.warned, l.saved, l.rejected, l.refused, l.exhausted, l.unknown, l.superseded,
      l.gone, l.cancelled, l.retries, l.requests, now() AS "readAt"
    FROM workspace AS w
    LEFT JOIN connector AS c ON c.workspace_id = w.id
    LEFT JOIN action AS a ON a.workspace_id = c.workspace_id AND a.connector_id = c.id
    LEFT JOIN lane AS l ON l.action_id = a.id
    LEFT JOIN source_progress AS p ON p.data_source_id = l.data_source_id
    LEFT JOIN LATERAL (
      SELECT d.is_first_pass_done, d.state FROM delivery AS d
      WHERE d.lane_id = l.id ORDER BY d.sequence DESC LIMIT 1
    ) AS last ON true
    WHERE ${idColumnOf(of)} = ANY(${[...idsOf(of)]}::uuid[])`
  return rows.map(({ workspaceId, connectorId, actionId, isLive, isPaused, laneId, readAt, ...row }) => ({
    workspaceId,
    connectorId,
    action: actionId === null ? null : { id: actionId, isPaused, isLive },
    lane: laneId === null ? null : { ...row, id: laneId, counts: row },
    readAt,
  }))
}

function idColumnOf(of: MetricsOf): Prisma.Sql {
  if ('actionIds' in of) return Prisma.sql`a.id`
  return 'connectorIds' in of ? Prisma.sql`c.id` : Prisma.sql`w.id`
}

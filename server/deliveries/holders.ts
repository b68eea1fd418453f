/** Open items of a lane that hold back later ones of their recipients, and what becomes of them. */
import type { Holder } from '../../engine/delivering/progress.ts'
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import { deliveryNotice } from '../metrics/progress-channel.ts'
import { againWhenInterlocked } from './again-when-interlocked.ts'
import { bytesAsText } from './bytes-as-text.ts'

interface Place {
  readonly deliveryId: string
  readonly laneId: string
  /** The delivery's place in the lane. */
  readonly laneSequence: number
}

/** What is open in the delivery and in those before it. */
export async function readHolders(
  db: PrismaClient,
  { deliveryId, laneId, laneSequence }: Place,
  now: Date,
): Promise<readonly Holder[]> {
  const rows = await db.deliveryException.findMany({
    where: {
      laneId,
      laneSequence: { lte: laneSequence },
      recipientHash: { not: null },
      OR: [{ state: { in: ['WAITING', 'TRYING'] } }, { quarantinedUntil: { gt: now } }],
    },
    select: { id: true, deliveryId: true, recipientHash: true, rowHash: true },
  })
  return rows.map((row) => ({
    id: row.id,
    recipient: row.recipientHash === null ? '' : bytesAsText(row.recipientHash),
    row: row.rowHash === null ? null : bytesAsText(row.rowHash),
    isOwn: row.deliveryId === deliveryId,
  }))
}

/**
 * Supersedes the waiting ones whose rows have come again, except in quarantine: those become due when it ends, and
 * then find their rows changed. Returns which of all still stand. Safe to repeat: what is superseded is gone.
 */
export async function stillHolding(
  db: PrismaClient,
  { deliveryId }: Place,
  met: readonly { readonly id: string; readonly isSameRow: boolean }[],
  now: Date,
): Promise<ReadonlySet<string>> {
  const all = met.map(({ id }) => id)
  const same = met.flatMap(({ id, isSameRow }) => (isSameRow ? [id] : []))
  const rows = await againWhenInterlocked(
    () => db.$queryRaw<readonly { readonly id: string }[]>`
    WITH superseded AS (
      DELETE FROM delivery_exception AS e
      WHERE e.id = ANY(${same}::uuid[]) AND e.delivery_id <> ${deliveryId}::uuid AND e.state = 'WAITING'
        AND (e.quarantined_until IS NULL OR e.quarantined_until <= ${now})
      RETURNING e.id, e.delivery_id
    ), sooner AS (
      UPDATE delivery_exception AS e SET due_at = least(e.due_at, e.quarantined_until)
      WHERE e.id = ANY(${same}::uuid[]) AND e.delivery_id <> ${deliveryId}::uuid AND e.state = 'WAITING'
        AND e.quarantined_until > ${now}
    ), counted AS (
      UPDATE delivery AS d SET superseded = d.superseded + s.n
      FROM (SELECT delivery_id, count(*) AS n FROM superseded GROUP BY delivery_id) AS s
      WHERE d.id = s.delivery_id
      RETURNING d.id, d.workspace_id, d.lane_id, d.action_id, s.n
    ), lane_total AS (
      UPDATE lane SET superseded = lane.superseded + t.n
      FROM (SELECT lane_id, sum(n)::bigint AS n FROM counted GROUP BY lane_id) AS t
      WHERE lane.id = t.lane_id
    ), minute AS (
      INSERT INTO metric_minute AS m (workspace_id, action_id, minute, superseded)
      SELECT workspace_id, action_id, date_trunc('minute', now()), sum(n)::bigint
      FROM counted GROUP BY workspace_id, action_id
      ON CONFLICT (action_id, minute) DO UPDATE SET superseded = m.superseded + excluded.superseded
    ), told AS (
      SELECT ${deliveryNotice} FROM counted
    )
    SELECT e.id, (SELECT count(*) FROM told) AS told
    FROM delivery_exception AS e
    WHERE e.id = ANY(${all}::uuid[]) AND e.id NOT IN (SELECT id FROM superseded)
      AND (e.state IN ('WAITING', 'TRYING') OR e.quarantined_until > ${now})`,
  )
  return new Set(rows.map(({ id }) => id))
}

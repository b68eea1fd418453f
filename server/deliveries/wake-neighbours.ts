/** After a pass: wakes the deliveries of its lane that it has cleared the way for. */
import type { Delivery, PrismaClient } from '../../prisma/generated/client/client.ts'

interface Deps {
  readonly db: PrismaClient
  wakeDelivery(deliveryId: string): Promise<void>
}

/** What a pass did that others may wait for. Only that is told, or neighbours would wake one another for ever. */
export interface Cleared {
  /** Waiting items of earlier deliveries were superseded, or became due sooner. */
  readonly earlier: boolean
  /** Items of its own that later ones wait behind have moved on. */
  readonly later: boolean
}

/** One that is just sending is told too: it may have looked a moment ago. */
export async function wakeNeighbours(
  { db, wakeDelivery }: Deps,
  { laneId, sequence }: Pick<Delivery, 'laneId' | 'sequence'>,
  cleared: Cleared,
): Promise<void> {
  if (!cleared.earlier && !cleared.later) return
  const neighbours = await db.$queryRaw<readonly { readonly id: string }[]>`
    SELECT d.id FROM delivery AS d
    WHERE d.lane_id = ${laneId}::uuid AND d.state IN ('WAITING', 'RUNNING')
      AND (
        (${cleared.later} AND d.sequence > ${sequence} OR ${cleared.earlier} AND d.sequence < ${sequence}) AND EXISTS (
          SELECT FROM delivery_exception AS e
          WHERE e.delivery_id = d.id AND e.state = 'WAITING' AND e.code = 'held'
        )
        OR ${cleared.earlier} AND d.sequence < ${sequence} AND (
          NOT EXISTS (
            SELECT FROM delivery_exception AS e
            WHERE e.delivery_id = d.id AND e.state IN ('WAITING', 'TRYING')
          )
          OR EXISTS (
            SELECT FROM delivery_exception AS e
            WHERE e.delivery_id = d.id AND e.state = 'WAITING' AND e.due_at < d.waiting_until
          )
        )
      )`
  for (const { id } of neighbours) await wakeDelivery(id)
}

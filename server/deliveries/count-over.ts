/** Counts waiting items that are over without another pass, in the statement that takes them out of the database. */
import { Prisma } from '../../prisma/generated/client/client.ts'
import { bucketsOfNow } from '../metrics/buckets.ts'
import { deliveryNotice } from '../metrics/progress-channel.ts'

/**
 * Common table expressions: `counted` with the deliveries, `told` with the word of it that has to be selected. `items`
 * is a query of the items' `delivery_id`. The delivery, its lane and its buckets count alike, so that counts add up.
 */
export function countOver(outcome: 'cancelled' | 'superseded', items: Prisma.Sql): Prisma.Sql {
  const column = Prisma.raw(outcome)
  return Prisma.sql`
    counted AS (
      UPDATE delivery AS d SET ${column} = d.${column} + s.n
      FROM (SELECT delivery_id, count(*) AS n FROM (${items}) AS item GROUP BY delivery_id) AS s
      WHERE d.id = s.delivery_id
      RETURNING d.id, d.workspace_id, d.lane_id, d.action_id, s.n
    ), lane_total AS (
      UPDATE lane SET ${column} = lane.${column} + t.n
      FROM (SELECT lane_id, sum(n)::bigint AS n FROM counted GROUP BY lane_id) AS t
      WHERE lane.id = t.lane_id
    ), bucket AS (
      INSERT INTO metric_bucket AS m (workspace_id, action_id, grain, start, ${column})
      SELECT workspace_id, action_id, grain, start, sum(n)::bigint
      FROM counted CROSS JOIN ${bucketsOfNow} GROUP BY workspace_id, action_id, grain, start
      ORDER BY action_id, grain
      ON CONFLICT (action_id, grain, start) DO UPDATE SET ${column} = m.${column} + excluded.${column}
    ), told AS (
      SELECT ${deliveryNotice} FROM counted
    )`
}

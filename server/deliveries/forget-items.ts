/** Takes what is kept of items out of the database, as far as nothing is under way for them. */
import { Prisma } from '../../prisma/generated/client/client.ts'
import { countOver } from './count-over.ts'

export interface ForgottenItems {
  /** Records whose dead letters are gone. */
  readonly deadLetters: number
  /** Records that waited, and are given up. */
  readonly waiting: number
  /** Records that are being sent, or that the vendor may still apply: they stay. */
  readonly underWay: number
}

const isUnderWay = Prisma.sql`(e.state = 'TRYING' OR coalesce(e.quarantined_until > now(), false))`

const waitingChosen = Prisma.sql`SELECT delivery_id FROM chosen WHERE state = 'WAITING' AND NOT is_under_way`

/** A dead letter has been counted; what waited is counted as cancelled, so that counts go on adding up. */
export async function forgetItems(
  tx: Prisma.TransactionClient,
  ids: readonly string[],
): Promise<ForgottenItems> {
  const [forgotten] = await tx.$queryRaw<readonly ForgottenItems[]>`
    WITH chosen AS (
      SELECT e.id, e.count, e.delivery_id, e.state, ${isUnderWay} AS is_under_way
      FROM delivery_exception AS e WHERE e.id = ANY(${[...ids]}::uuid[])
      ORDER BY e.id FOR UPDATE
    ), deleted AS (
      DELETE FROM delivery_exception AS e USING chosen AS c WHERE e.id = c.id AND NOT c.is_under_way
    ), ${countOver('cancelled', waitingChosen)}
    SELECT
      coalesce(sum(count) FILTER (WHERE state = 'DEAD' AND NOT is_under_way), 0)::int AS "deadLetters",
      (count(*) FILTER (WHERE state = 'WAITING' AND NOT is_under_way))::int AS waiting,
      coalesce(sum(count) FILTER (WHERE is_under_way), 0)::int AS "underWay",
      (SELECT count(*) FROM told) AS told
    FROM chosen`
  const { deadLetters = 0, underWay = 0, waiting = 0 } = forgotten ?? {}
  return { deadLetters, underWay, waiting }
}

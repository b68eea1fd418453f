/** Open items of a lane that hold back later ones of their recipients, and what becomes of them. */
import type { Holder } from '../../engine/delivering/progress.ts'
import { Prisma, type PrismaClient } from '../../prisma/generated/client/client.ts'
import { againWhenInterlocked } from './again-when-interlocked.ts'
import { bytesAsText } from './bytes-as-text.ts'
import { countOver } from './count-over.ts'

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

const ofSuperseded = Prisma.sql`SELECT delivery_id FROM superseded`

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
    ), ${countOver('superseded', ofSuperseded)}
    SELECT e.id, (SELECT count(*) FROM told) AS told
    FROM delivery_exception AS e
    WHERE e.id = ANY(${all}::uuid[]) AND e.id NOT IN (SELECT id FROM superseded)
      AND (e.state IN ('WAITING', 'TRYING') OR e.quarantined_until > ${now})`,
  )
  return new Set(rows.map(({ id }) => id))
}

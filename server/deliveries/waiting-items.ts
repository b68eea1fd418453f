/** The items of a delivery that wait: which may be tried now, and when the next one may. */
import type { NextDue, WaitingItem } from '../../engine/delivering/progress.ts'
import { Prisma, type PrismaClient } from '../../prisma/generated/client/client.ts'
import { openPosition } from '../sources/sealed-position.ts'
import type { WorkspaceKey } from '../workspaces/keys.ts'
import { againWhenInterlocked } from './again-when-interlocked.ts'
import { bytesAsText } from './bytes-as-text.ts'
import { openJob } from './sealed-job.ts'

interface Claim {
  readonly deliveryId: string
  readonly pass: number
  readonly now: Date
  readonly limit: number
}

/** An item `b` of the lane that stands before `e` and has the same recipient. */
const isBefore = Prisma.raw(`b.lane_id = e.lane_id AND b.recipient_hash = e.recipient_hash
  AND (b.lane_sequence, b.slice, b.ordinal) < (e.lane_sequence, e.slice, e.ordinal)`)

/**
 * Claims what is due and stands behind nothing, for as long as the pass is the delivery's last. What an earlier pass
 * had claimed and never settled stays claimed until now: until its lease is over, it may be under way.
 */
export async function claimDue(
  db: PrismaClient,
  key: WorkspaceKey,
  { deliveryId, limit, now, pass }: Claim,
): Promise<readonly WaitingItem[]> {
  const rows = await againWhenInterlocked(
    () => db.$queryRaw<
      readonly {
        id: string
        slice: number
        ordinal: number
        position: Uint8Array
        attempts: number
        first_at: Date | null
        recipient_hash: Uint8Array
        started_at: Date | null
        stage: number
        job: Uint8Array | null
      }[]
    >`
    UPDATE delivery_exception AS claimed SET state = 'TRYING', claim_pass = ${pass}
    FROM (
      SELECT e.id FROM delivery_exception AS e JOIN delivery AS d ON d.id = e.delivery_id
      WHERE e.delivery_id = ${deliveryId}::uuid AND e.due_at <= ${now} AND d.pass = ${pass}
        AND (e.state = 'WAITING' OR e.state = 'TRYING' AND e.claim_pass <> ${pass})
        AND NOT EXISTS (
          SELECT FROM delivery_exception AS b WHERE ${isBefore} AND b.state IN ('WAITING', 'TRYING')
        )
        AND NOT EXISTS (
          SELECT FROM delivery_exception AS b WHERE ${isBefore} AND b.state = 'DEAD' AND b.quarantined_until > ${now}
        )
      ORDER BY e.slice, e.ordinal LIMIT ${limit}
      -- A pass that takes over at this moment is waited for, and then finds this one fenced.
      FOR SHARE OF d
    ) AS due
    WHERE claimed.id = due.id AND (claimed.state = 'WAITING' OR claimed.claim_pass <> ${pass})
    RETURNING claimed.id, claimed.slice, claimed.ordinal, claimed.position, claimed.attempts, claimed.first_at,
      claimed.recipient_hash, claimed.started_at, claimed.stage, claimed.job`,
  )
  return rows
    .map(({ attempts, first_at, id, job, ordinal, position, recipient_hash, slice, stage, started_at }) => ({
      id,
      slice,
      ordinal,
      attempts,
      position: openPosition(key, position),
      firstAt: first_at?.getTime() ?? null,
      recipient: bytesAsText(recipient_hash),
      isStarted: started_at !== null,
      stage,
      job: job === null ? null : openJob(key, job),
    }))
    .sort((a, b) => a.slice - b.slice || a.ordinal - b.ordinal)
}

/** A claimed item that was not sent counts as waiting: it does, in the next pass. */
export async function findNextDue(db: PrismaClient, deliveryId: string, now: Date): Promise<NextDue> {
  const [found] = await db.$queryRaw<readonly { due_at: Date | null; waiting: bigint }[]>`
    SELECT min(greatest(due_at, quarantined_until)) FILTER (WHERE NOT is_behind) AS due_at, count(*) AS waiting
    FROM (
      SELECT e.due_at,
        EXISTS (
          SELECT FROM delivery_exception AS b WHERE ${isBefore} AND b.state IN ('WAITING', 'TRYING')
        ) AS is_behind,
        (
          SELECT max(b.quarantined_until) FROM delivery_exception AS b
          WHERE ${isBefore} AND b.state = 'DEAD' AND b.quarantined_until > ${now}
        ) AS quarantined_until
      FROM delivery_exception AS e
      WHERE e.delivery_id = ${deliveryId}::uuid AND e.state IN ('WAITING', 'TRYING')
    ) AS open`
  if (found === undefined || found.waiting === 0n) return { kind: 'never' }
  return found.due_at === null ? { kind: 'behind' } : { kind: 'at', dueAt: found.due_at.getTime() }
}

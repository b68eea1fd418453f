/** Watches over a pass while it runs: sees stops and take-overs, and keeps its lease while nothing is committed. */
import { FencedError } from '../../engine/delivering/progress.ts'
import type { Delivery, PrismaClient } from '../../prisma/generated/client/client.ts'
import { type Lease, leaseSeconds } from './lease.ts'

export interface PassWatch {
  isStopped(): boolean
  /** FencedError when another pass has taken over. */
  renewLease(): Promise<void>
  close(): void
}

const lookMs = 500

export async function watchPass(db: PrismaClient, { id, pass }: Delivery, lease: Lease): Promise<PassWatch> {
  let isStopped = false
  let isLooking = false
  // A delivery may be woken while its action is paused: nothing is sent before the first look.
  await look()
  const timer = setInterval(() => void look(), lookMs)

  async function look(): Promise<void> {
    if (isLooking) return
    isLooking = true
    try {
      if (lease.isShort()) await renewLease()
      const [row] = await db.$queryRaw<readonly { readonly mayGoOn: boolean }[]>`
        SELECT d.pass = ${pass} AND d.state <> 'CANCELLED' AND a.paused_at IS NULL AND w.halted_at IS NULL
          AS "mayGoOn"
        FROM delivery AS d JOIN action AS a ON a.id = d.action_id JOIN workspace AS w ON w.id = d.workspace_id
        WHERE d.id = ${id}::uuid`
      isStopped = row?.mayGoOn !== true
    } catch (error) {
      if (error instanceof FencedError) isStopped = true
      // Otherwise the database is away: the next write says so, loudly; the next look tells about the pause.
    }
    isLooking = false
  }

  async function renewLease(): Promise<void> {
    const begunAt = performance.now()
    const renewed = await db.$executeRaw`
      UPDATE delivery
      SET lease_until = now() + make_interval(secs => ${leaseSeconds}::int), last_commit_at = now()
      WHERE id = ${id}::uuid AND pass = ${pass} AND state NOT IN ('COMPLETED', 'CANCELLED')`
    if (renewed === 0) throw new FencedError()
    lease.extend(begunAt)
  }

  return { isStopped: () => isStopped, renewLease, close: () => clearInterval(timer) }
}

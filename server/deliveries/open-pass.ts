/** Opens a pass over a delivery and gives the engine its progress: PostgreSQL behind the engine's port. */
import { FencedError, type PassEnd, type PassProgress } from '../../engine/delivering/progress.ts'
import type { Delivery, Prisma, PrismaClient } from '../../prisma/generated/client/client.ts'
import { announce, announceActions } from '../metrics/progress-channel.ts'
import type { WorkspaceKey } from '../workspaces/keys.ts'
import { assertNothingWaits } from './assert-nothing-waits.ts'
import { beginPass, loadStart } from './begin-pass.ts'
import { bytesAsText } from './bytes-as-text.ts'
import type { Committer, Fence } from './committer.ts'
import { readHolders, stillHolding } from './holders.ts'
import { createLease } from './lease.ts'
import { sealWrite } from './seal-write.ts'
import { claimDue, findNextDue } from './waiting-items.ts'
import type { Cleared } from './wake-neighbours.ts'
import { watchPass } from './watch-pass.ts'

interface Deps {
  readonly db: PrismaClient
  readonly committer: Committer
  workspaceKey(workspaceId: string): Promise<WorkspaceKey>
  readonly now: () => number
}

export interface OpenPass {
  readonly delivery: Delivery
  readonly progress: PassProgress
  /** What it has done so far that other deliveries of the lane may wait for. */
  readonly cleared: Cleared
  /** Tells people why the delivery stands; a zombie's failure is nobody's business and touches no row. */
  noteFailure(code: string): Promise<void>
  /** Ends a pass that cannot begin, until the delivery is woken. Its lease is left alone. */
  standStill(code: string): Promise<void>
  /** Stops watching for pauses and renewing the lease. */
  close(): void
}

/** Null when the delivery is over or gone. The number of the pass is taken from the database here. */
export async function openPass(deps: Deps, deliveryId: string): Promise<OpenPass | null> {
  const { db } = deps
  const lease = createLease(performance.now())
  const begun = await beginPass(db, deliveryId)
  if (begun === null) return null
  const { delivery } = begun
  const { actionId, laneId, pass, sequence: laneSequence, workspaceId } = delivery
  const key = await deps.workspaceKey(workspaceId)
  const place = { deliveryId, laneId, laneSequence }
  const fence: Fence = {
    workspaceId,
    deliveryId,
    laneId,
    actionId,
    pass,
    lease,
    sequence: delivery.commitSequence,
    failure: null,
  }
  const start = await loadStart(db, key, begun)
  const watch = await watchPass(db, delivery, lease)
  const isOurs = { id: deliveryId, pass, state: { notIn: ['COMPLETED', 'CANCELLED'] } } satisfies Where
  const now = () => new Date(deps.now())
  const cleared = { earlier: false, later: false }

  /** A change of the delivery's own row, outside the committer: fenced by the pass all the same. */
  async function change(data: Prisma.DeliveryUncheckedUpdateManyInput, slices?: 'forget'): Promise<void> {
    const isChanged = await db.$transaction(async (tx) => {
      const { count } = await tx.delivery.updateMany({
        where: isOurs,
        data: { ...data, lastCommitAt: new Date() },
      })
      if (count === 1 && slices === 'forget') await tx.slice.deleteMany({ where: { deliveryId } })
      if (count === 1) await announce(tx, fence)
      return count === 1
    })
    if (!isChanged) throw new FencedError()
  }

  async function end(end: PassEnd): Promise<void> {
    const over = { isReleased: true, waitingUntil: null, errorCode: null }
    switch (end.kind) {
      case 'completed':
        await assertNothingWaits(db, deliveryId)
        return change({ ...over, state: 'COMPLETED', completedAt: new Date() }, 'forget')
      case 'waiting': {
        const waitingUntil = end.dueAt === null ? null : new Date(end.dueAt)
        const errorCode = await firstCode(db, deliveryId)
        return change({ ...over, state: 'WAITING', waitingUntil, errorCode })
      }
      case 'paused':
        return change({ ...over, state: 'PAUSED' })
    }
  }

  const progress: PassProgress = {
    start,
    write(write) {
      if (write.exceptionChanges !== undefined) cleared.later = true
      return deps.committer.commit(fence, sealWrite(write, key))
    },
    hurry: deps.committer.hurry,
    claimDue: (limit) => claimDue(db, key, { deliveryId, pass, now: now(), limit }),
    nextDue: () => findNextDue(db, deliveryId, now()),
    holders: () => readHolders(db, place, now()),
    stillHolding(met) {
      if (met.some(({ isSameRow }) => isSameRow)) cleared.earlier = true
      return stillHolding(db, place, met, now())
    },
    hashOf: (text) => bytesAsText(key.hash(text)),
    isLeased: lease.holds,
    renewLease: watch.renewLease,
    async releaseLease() {
      lease.giveBack()
      // It runs out by itself where the database is away; the next pass waits that long.
      await db.delivery.updateMany({ where: isOurs, data: { isReleased: true } }).catch(() => undefined)
    },
    markFirstPassDone: () => change({ isFirstPassDone: true }),
    isStopped: watch.isStopped,
    pauseCredential: (reason) => pauseCredential(db, fence, reason, now()),
    end,
  }
  return {
    delivery,
    progress,
    cleared,
    async noteFailure(errorCode) {
      await db.delivery.updateMany({ where: isOurs, data: { errorCode } })
      await announce(db, fence)
    },
    standStill: (errorCode) => change({ state: 'PAUSED', waitingUntil: null, errorCode }),
    close: watch.close,
  }
}

type Where = Prisma.DeliveryWhereInput

/** Why the item that is due first waits. */
async function firstCode(db: PrismaClient, deliveryId: string): Promise<string | null> {
  const first = await db.deliveryException.findFirst({
    where: { deliveryId, state: 'WAITING' },
    orderBy: { dueAt: 'asc' },
    select: { code: true },
  })
  return first?.code ?? null
}

/** What does not work for one action works for none with the same credential. */
async function pauseCredential(
  db: PrismaClient,
  { actionId, workspaceId }: Fence,
  reason: string,
  pausedAt: Date,
): Promise<void> {
  await db.$transaction(async (tx) => {
    const { connectorId } = await tx.action.findFirstOrThrow({ where: { id: actionId, workspaceId } })
    const where = { connectorId, workspaceId, pausedAt: null }
    const paused = await tx.action.findMany({ where, select: { id: true } })
    await tx.action.updateMany({ where, data: { pausedAt, pauseReason: reason } })
    await announceActions(
      tx,
      workspaceId,
      paused.map(({ id }) => id),
    )
  })
}

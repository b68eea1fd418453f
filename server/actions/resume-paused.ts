/** Lets what stands go on: from where it stopped, as if no time had passed. */
import type { Prisma } from '../../prisma/generated/client/client.ts'
import type { Context } from '../context.ts'
import { announceActions } from '../metrics/progress-channel.ts'
import { findWork, wakeWork } from './wake.ts'

interface Paused {
  readonly workspaceId: string
  readonly actionIds: readonly string[]
}

/** Safe to repeat: what goes on already is woken once more. `record` runs in the transaction of the change. */
export async function resumePaused(
  { db, deps }: Context,
  { workspaceId, actionIds }: Paused,
  record: (tx: Prisma.TransactionClient) => Promise<void>,
): Promise<void> {
  const actionId = { in: [...actionIds] }
  await db.$transaction(async (tx) => {
    await forgetPausedTime(tx, actionIds, deps.clock())
    await tx.action.updateMany({
      where: { id: actionId, workspaceId },
      data: { pausedAt: null, pauseReason: null },
    })
    await announceActions(tx, workspaceId, actionIds)
    await record(tx)
  })
  await wakeWork(deps, await findWork(db, { workspaceId, actionId }), 'What was paused is resumed.')
}

/** The hours in which an item is retried stand still while its action is paused; a halt counts for itself. */
async function forgetPausedTime(
  tx: Prisma.TransactionClient,
  actionIds: readonly string[],
  now: Date,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE delivery_exception AS e
    SET first_at = e.first_at + (least(${now}::timestamptz, w.halted_at) - greatest(a.paused_at, e.first_at))
    FROM delivery AS d
    JOIN action AS a ON a.id = d.action_id JOIN workspace AS w ON w.id = d.workspace_id
    WHERE e.delivery_id = d.id AND a.id = ANY(${[...actionIds]}::uuid[]) AND a.paused_at IS NOT NULL
      AND e.state IN ('WAITING', 'TRYING')
      AND greatest(a.paused_at, e.first_at) < least(${now}::timestamptz, w.halted_at)`
}

/** The same where the whole workspace was halted; the pause of an action that lasts on counts for itself. */
export async function forgetHaltedTime(
  tx: Prisma.TransactionClient,
  { workspaceId, haltedAt }: { readonly workspaceId: string; readonly haltedAt: Date },
  now: Date,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE delivery_exception AS e
    SET first_at = e.first_at + (least(${now}::timestamptz, a.paused_at) - greatest(${haltedAt}::timestamptz, e.first_at))
    FROM delivery AS d JOIN action AS a ON a.id = d.action_id
    WHERE e.delivery_id = d.id AND d.workspace_id = ${workspaceId}::uuid AND e.state IN ('WAITING', 'TRYING')
      AND greatest(${haltedAt}::timestamptz, e.first_at) < least(${now}::timestamptz, a.paused_at)`
}

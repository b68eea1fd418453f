/** Lets paused actions go on: from where they stopped, as if no time had passed. */
import type { Prisma } from '../../prisma/generated/client/client.ts'
import type { Context } from '../context.ts'
import { announce } from '../metrics/progress-channel.ts'
import { wakeWorkflows } from './wake.ts'

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
  const { lanes, deliveries } = await db.$transaction(async (tx) => {
    await forgetPausedTime(tx, actionIds, deps.clock())
    await tx.action.updateMany({
      where: { id: actionId, workspaceId },
      data: { pausedAt: null, pauseReason: null },
    })
    for (const id of actionIds) await announce(tx, { workspaceId, actionId: id })
    await record(tx)
    return {
      lanes: await tx.lane.findMany({
        where: { workspaceId, actionId },
        select: { id: true, dataSourceId: true },
      }),
      deliveries: await tx.delivery.findMany({
        where: { workspaceId, actionId, state: { notIn: ['COMPLETED', 'CANCELLED'] } },
        select: { id: true },
      }),
    }
  })
  const { workflows } = deps
  const sources = new Set(lanes.map(({ dataSourceId }) => dataSourceId))
  const wakings = [
    // The source's workflow ends when no lane needs it, and all may have been paused.
    ...[...sources].map((id) => () => workflows.syncSource(id)),
    ...lanes.map((lane) => () => workflows.runLane(lane.id)),
    ...deliveries.map((delivery) => () => workflows.wakeDelivery(delivery.id)),
  ]
  await wakeWorkflows(deps, wakings, 'What was paused is resumed.')
}

/** The hours in which an item is retried stand still while its action is paused. */
async function forgetPausedTime(
  tx: Prisma.TransactionClient,
  actionIds: readonly string[],
  now: Date,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE delivery_exception AS e
    SET first_at = e.first_at + (${now}::timestamptz - greatest(a.paused_at, e.first_at))
    FROM delivery AS d JOIN action AS a ON a.id = d.action_id
    WHERE e.delivery_id = d.id AND a.id = ANY(${[...actionIds]}::uuid[]) AND a.paused_at IS NOT NULL
      AND e.state IN ('WAITING', 'TRYING') AND e.first_at < ${now}`
}

/** Starts or wakes workflows after a commit: all are tried, and who asked learns if any could not be. */
import type { Context } from '../context.ts'
import { WorkflowsUnavailable } from './rules.ts'

/** `saved` says what holds although the workflows could not be reached. */
export async function wakeWorkflows(
  { log }: Pick<Context['deps'], 'log'>,
  wakings: readonly (() => Promise<void>)[],
  saved: string,
): Promise<void> {
  const results = await Promise.allSettled(wakings.map((wake) => wake()))
  const failures = results.filter((result) => result.status === 'rejected')
  const [first] = failures
  if (first === undefined) return
  log.error(
    { err: first.reason, failed: failures.length, of: wakings.length },
    'workflows could not be woken',
  )
  throw new WorkflowsUnavailable(saved)
}

/** Wakes all that these actions have to do. */
export async function wakeActions(
  { db, deps }: Pick<Context, 'db' | 'deps'>,
  where: { readonly workspaceId: string; readonly actionId?: { readonly in: string[] } },
  saved: string,
): Promise<void> {
  const { workflows } = deps
  const lanes = await db.lane.findMany({ where, select: { id: true, dataSourceId: true } })
  const deliveries = await db.delivery.findMany({
    where: { ...where, state: { notIn: ['COMPLETED', 'CANCELLED'] } },
    select: { id: true },
  })
  const sources = new Set(lanes.map(({ dataSourceId }) => dataSourceId))
  const wakings = [
    // The source's workflow ends when no lane needs it, and all may have stood still.
    ...[...sources].map((id) => () => workflows.syncSource(id)),
    ...lanes.map((lane) => () => workflows.runLane(lane.id)),
    ...deliveries.map((delivery) => () => workflows.wakeDelivery(delivery.id)),
  ]
  await wakeWorkflows(deps, wakings, saved)
}

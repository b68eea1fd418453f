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

/** What actions have to do: their lanes, and the deliveries that are not over. */
export interface Work {
  readonly lanes: readonly { readonly id: string; readonly dataSourceId: string }[]
  readonly deliveries: readonly { readonly id: string }[]
}

export async function findWork(
  db: Pick<Context['db'], 'delivery' | 'lane'>,
  where: { readonly workspaceId: string; readonly actionId?: { readonly in: string[] } },
): Promise<Work> {
  const lanes = await db.lane.findMany({ where, select: { id: true, dataSourceId: true } })
  const deliveries = await db.delivery.findMany({
    where: { ...where, state: { notIn: ['COMPLETED', 'CANCELLED'] } },
    select: { id: true },
  })
  return { lanes, deliveries }
}

export async function wakeWork(
  { log, workflows }: Pick<Context['deps'], 'log' | 'workflows'>,
  { deliveries, lanes }: Work,
  saved: string,
): Promise<void> {
  const sources = new Set(lanes.map(({ dataSourceId }) => dataSourceId))
  const wakings = [
    // The source's workflow ends when no lane needs it, and all may have stood still.
    ...[...sources].map((id) => () => workflows.syncSource(id)),
    ...lanes.map((lane) => () => workflows.runLane(lane.id)),
    ...deliveries.map((delivery) => () => workflows.wakeDelivery(delivery.id)),
  ]
  await wakeWorkflows({ log }, wakings, saved)
}

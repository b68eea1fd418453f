/** Starts what should be under way and is not, whatever Temporal still knows: at a worker's start, then every minute. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import type { WorkflowStarter } from '../../workflows/client.ts'
import type { Logger } from '../logger.ts'

interface Deps {
  readonly db: PrismaClient
  readonly workflows: WorkflowStarter
  readonly log: Logger
  /** How long without a commit a delivery is taken as under way, in milliseconds. */
  readonly quietMs?: number
  readonly everyMs?: number
}

export interface Sweep {
  stop(): void
}

const pageSize = 500

/**
 * The first sweep is over when it resolves, and is repeated until one succeeds: it wakes all, whether under way or not.
 * Later ones restart what is quiet: a pass that lives renews its lease every few seconds, so one that has not for
 * minutes is dead or hangs, even where Temporal waits for it.
 */
export async function startSweep(deps: Deps): Promise<Sweep> {
  const { everyMs = 60_000, log, quietMs = 120_000, workflows } = deps
  let isSweeping = false
  let hasSwept = false

  async function sweepOnce(): Promise<void> {
    if (isSweeping) return
    isSweeping = true
    try {
      if (hasSwept) await sweep(deps, quietMs, workflows.restartDelivery)
      else await sweep(deps, 0, workflows.wakeDelivery)
      hasSwept = true
    } catch (error) {
      log.warn(
        { err: error },
        'What should be under way could not be looked for; it is tried again in a minute',
      )
    }
    isSweeping = false
  }

  await sweepOnce()
  const timer = setInterval(() => void sweepOnce(), everyMs)
  return { stop: () => clearInterval(timer) }
}

/** Sources wake their lanes, but for re-scans, which are due when nothing has changed; deliveries go on by themselves. */
async function sweep(
  { db, workflows }: Deps,
  quietMs: number,
  goOn: (deliveryId: string) => Promise<void>,
): Promise<void> {
  const sources = await db.lane.findMany({
    distinct: ['dataSourceId'],
    where: { dataSource: { workspace: { liveVersion: { not: null } } } },
    select: { dataSourceId: true },
  })
  for (const { dataSourceId } of sources) await workflows.syncSource(dataSourceId)
  const lanes = await db.lane.findMany({
    where: { nextRescanAt: { lte: new Date() }, action: { pausedAt: null, workspace: { haltedAt: null } } },
    select: { id: true },
  })
  for (const { id } of lanes) await workflows.runLane(id)

  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const deliveries = await findQuiet(db, after, quietMs)
    for (const { id } of deliveries) await goOn(id)
    after = deliveries.at(-1)?.id ?? after
    if (deliveries.length < pageSize) return
  }
}

/** Unfinished, without a commit for so long, and with something to do now. */
function findQuiet(db: PrismaClient, after: string, quietMs: number): Promise<readonly { id: string }[]> {
  return db.$queryRaw`
    SELECT d.id FROM delivery AS d
    JOIN action AS a ON a.id = d.action_id JOIN workspace AS w ON w.id = d.workspace_id
    WHERE d.state NOT IN ('COMPLETED', 'CANCELLED') AND d.id > ${after}::uuid
      AND a.paused_at IS NULL AND w.halted_at IS NULL
      AND d.last_commit_at <= now() - make_interval(secs => ${quietMs / 1000}::float8)
      AND (d.waiting_until IS NULL OR d.waiting_until <= now())
    ORDER BY d.id LIMIT ${pageSize}`
}

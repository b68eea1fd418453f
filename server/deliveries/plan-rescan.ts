/** Plans a re-scan: a delivery of rows that did not change and meet the segment now, as they did not before. */
import type { VersionLane } from '../../engine/compile.ts'
import { nextRescan } from '../../engine/rules/rescan.ts'
import type { Lane, PrismaClient } from '../../prisma/generated/client/client.ts'
import type { PlanResult } from '../../workflows/activities/ports.ts'
import { announce } from '../metrics/progress-channel.ts'
import type { Registry } from '../registry/registry.ts'

interface Deps {
  readonly db: PrismaClient
  readonly registry: Registry
}

/** Whether rows that did not change are to be asked again. */
export function isRescanDue({ nextRescanAt }: Lane, { rescan }: VersionLane, now: Date): boolean {
  return rescan !== null && nextRescanAt !== null && nextRescanAt <= now
}

/** The whole of what the lane has read, up to its position, which stays. Like every delivery it is planned once. */
export async function planRescan(
  { db, registry }: Deps,
  lane: Lane,
  { connector, rescan, versionNumber }: VersionLane,
  now: Date,
): Promise<PlanResult> {
  const { actionId, id: laneId, position, sequence, workspaceId } = lane
  const nextRescanAt = rescan === null ? null : new Date(nextRescan(rescan, now.getTime()))
  return db.$transaction(async (tx): Promise<PlanResult> => {
    const { count } = await tx.lane.updateMany({
      where: { id: laneId, sequence, starts: lane.starts, nextRescanAt: lane.nextRescanAt },
      // Of a lane that has read nothing there is nothing to ask again.
      data: { nextRescanAt, ...(position === null ? {} : { sequence: { increment: 1 } }) },
    })
    // Somebody else planned meanwhile: look again at what there is now.
    if (count === 0 || position === null) return { kind: 'again' }
    const last = await tx.delivery.findFirst({
      where: { laneId, rescanSince: { not: null } },
      orderBy: { sequence: 'desc' },
      select: { createdAt: true },
    })
    await announce(tx, { workspaceId, actionId })
    const delivery = await tx.delivery.create({
      data: {
        workspaceId,
        laneId,
        actionId,
        sequence: sequence + 1,
        versionNumber,
        pluginVersion: registry.connector(connector.type)?.packageVersion ?? 'unknown',
        after: null,
        until: position,
        createdAt: now,
        rescanSince: last?.createdAt ?? lane.createdAt,
      },
      select: { id: true },
    })
    return { kind: 'deliver', deliveryId: delivery.id }
  })
}

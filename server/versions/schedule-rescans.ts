/** Tells the lanes of a version when rows that did not change are asked again: those whose conditions depend on now. */
import { runningActions, type VersionDocuments } from '../../engine/documents.ts'
import { dependsOnNow } from '../../engine/rules/conditions.ts'
import { nextRescan } from '../../engine/rules/rescan.ts'
import type { Prisma } from '../../prisma/generated/client/client.ts'

/** In the publish's own transaction; a statement for each time, of which there are 25 at most. */
export async function scheduleRescans(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  documents: Omit<VersionDocuments, 'number'>,
  now: Date,
): Promise<void> {
  const running = runningActions(documents)
  const actionsAt = new Map<number, string[]>()
  for (const { conditions, id, rescan } of documents.segments) {
    if (rescan === undefined || !dependsOnNow(conditions)) continue
    const actionIds = running.filter(({ segmentId }) => segmentId === id).map((action) => action.id)
    const due = nextRescan(rescan, now.getTime())
    actionsAt.set(due, [...(actionsAt.get(due) ?? []), ...actionIds])
  }
  const scheduled = [...actionsAt.values()].flat()
  await tx.lane.updateMany({
    where: { workspaceId, actionId: { notIn: scheduled }, nextRescanAt: { not: null } },
    data: { nextRescanAt: null },
  })
  for (const [due, actionIds] of actionsAt) {
    await tx.lane.updateMany({
      where: { workspaceId, actionId: { in: actionIds } },
      data: { nextRescanAt: new Date(due) },
    })
  }
}

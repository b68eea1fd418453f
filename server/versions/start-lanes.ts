/** Writes where the lanes of a new version start, in its transaction. */
import type { Prisma } from '../../prisma/generated/client/client.ts'
import { assertStopped } from '../actions/assert-stopped.ts'
import type { CheckedCopy } from './check-working-copy.ts'
import { createLanes } from './create-lanes.ts'

/** A lane that exists keeps its place, whatever its action says, unless people have said where it starts now. */
export async function startLanes(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  { changedSources, lanes, runningBefore }: Pick<CheckedCopy, 'changedSources' | 'lanes' | 'runningBefore'>,
): Promise<void> {
  const moved = await lockLanes(tx, workspaceId, lanes)
  if (moved.length > 0) {
    const actionIds = moved.map(({ actionId }) => actionId)
    await assertStopped(tx, { actionIds, running: runningBefore })
  }
  await createLanes(tx, workspaceId, lanes)
  for (const { actionId, dataSourceId, position } of moved) {
    await tx.lane.update({
      where: { actionId_dataSourceId: { actionId, dataSourceId } },
      data: { position, generation: 0, starts: { increment: 1 } },
    })
  }
  await tx.sourceProgress.updateMany({
    where: { workspaceId, dataSourceId: { in: [...changedSources] } },
    data: {
      bound: null,
      candidates: null,
      sequence: { increment: 1 },
      generation: 0,
      nextRunAt: null,
      runStartedAt: null,
      errorCode: null,
    },
  })
}

/** Kept beside the version, so that lists of sources and actions can tell what runs without reading versions. */
export async function markRunning(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  { actionIds, sourceIds }: Pick<CheckedCopy, 'actionIds' | 'sourceIds'>,
): Promise<void> {
  // Nobody has edited them: neither revision nor time of change moves.
  await tx.$executeRaw`
    UPDATE data_source SET is_read = NOT is_read
    WHERE workspace_id = ${workspaceId}::uuid AND is_read <> (id IN (SELECT unnest(${[...sourceIds]}::uuid[])))`
  await tx.$executeRaw`
    UPDATE action SET is_live = NOT is_live
    WHERE workspace_id = ${workspaceId}::uuid AND is_live <> (id IN (SELECT unnest(${[...actionIds]}::uuid[])))`
}

/** Those of the lanes that exist. A delivery that is being planned is written before this, or not at all. */
async function lockLanes(tx: Prisma.TransactionClient, workspaceId: string, lanes: CheckedCopy['lanes']) {
  const found = await tx.$queryRaw<readonly { readonly actionId: string; readonly dataSourceId: string }[]>`
    SELECT action_id AS "actionId", data_source_id AS "dataSourceId" FROM lane
    WHERE workspace_id = ${workspaceId}::uuid AND action_id = ANY(${lanes.map(({ actionId }) => actionId)}::uuid[])
    ORDER BY id FOR UPDATE`
  const names = new Set(found.map(({ actionId, dataSourceId }) => `${actionId}/${dataSourceId}`))
  return lanes.filter(({ actionId, dataSourceId }) => names.has(`${actionId}/${dataSourceId}`))
}

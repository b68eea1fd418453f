/** Gives actions that run for the first time the lanes that they read along. */
import type { Prisma } from '../../prisma/generated/client/client.ts'
import type { StartedLane } from './check-working-copy.ts'

/** One statement, however many there are. A lane that exists keeps its place, wherever the action says to start. */
export async function createLanes(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  lanes: readonly StartedLane[],
): Promise<void> {
  if (lanes.length === 0) return
  const rows = lanes.map(({ actionId, dataSourceId, position }) => ({
    action: actionId,
    source: dataSourceId,
    position: position === null ? null : Buffer.from(position).toString('hex'),
  }))
  await tx.$executeRaw`
    INSERT INTO lane (id, workspace_id, action_id, data_source_id, position)
    SELECT gen_random_uuid(), ${workspaceId}::uuid, action, source, decode(position, 'hex')
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS wanted(action uuid, source uuid, position text)
    ON CONFLICT DO NOTHING`
}

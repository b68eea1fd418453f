/** The record of changes in the database: written in the transaction of the change, so that neither is without the other. */
import { v7 as uuidv7 } from 'uuid'
import type { Prisma } from '../../prisma/generated/client/client.ts'
import type { Context } from '../context.ts'
import { rememberDone } from '../idempotency/service.ts'
import { configurationNotice } from '../metrics/progress-channel.ts'
import { actorKinds, type Change } from './rules.ts'

export async function recordChange(
  tx: Prisma.TransactionClient,
  { access, keyed }: Pick<Context, 'access' | 'keyed'>,
  change: Change,
): Promise<void> {
  await recordConsequences(tx, { access }, [change])
  if (keyed !== undefined) await rememberDone(tx, keyed, change)
}

/** The changes of several entities by one mutation: one statement for all of them. */
export async function recordChanges(
  tx: Prisma.TransactionClient,
  context: Pick<Context, 'access' | 'keyed'>,
  changes: readonly Change[],
): Promise<void> {
  await recordConsequences(tx, context, changes)
  const last = changes.at(-1)
  if (context.keyed !== undefined && last !== undefined) await rememberDone(tx, context.keyed, last)
}

/** What a change of one entity has changed in others: one statement for all of them, and for the word of it. */
export async function recordConsequences(
  tx: Prisma.TransactionClient,
  { access }: Pick<Context, 'access'>,
  changes: readonly Change[],
): Promise<void> {
  const { actorKind, actorId, actorName } = actorColumns(access)
  const entries = changes.map(({ workspaceId, verb, entity, entityId }) => {
    return { id: uuidv7(), workspace_id: workspaceId, verb, entity, entity_id: entityId }
  })
  await tx.$executeRaw`
    WITH entry AS (
      INSERT INTO audit_entry (id, workspace_id, actor_kind, actor_id, actor_name, verb, entity, entity_id)
      SELECT id, workspace_id, ${actorKind}::actor_kind, ${actorId}, ${actorName}, verb, entity, entity_id
      FROM jsonb_to_recordset(${JSON.stringify(entries)}::jsonb)
        AS e(id uuid, workspace_id uuid, verb text, entity text, entity_id uuid)
      RETURNING workspace_id
    )
    SELECT ${configurationNotice} FROM (SELECT DISTINCT workspace_id FROM entry) AS changed`
}

/** Who acts, as tables keep it. */
export function actorColumns({ actor: { kind, id, name } }: Context['access']) {
  return { actorKind: actorKinds[kind], actorId: id, actorName: name }
}

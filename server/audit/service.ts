/** The record of changes in the database: written in the transaction of the change, so that neither is without the other. */
import type { Prisma } from '../../prisma/generated/client/client.ts'
import type { Context } from '../context.ts'
import { rememberDone } from '../idempotency/service.ts'
import { actorKinds, type Change } from './rules.ts'

export async function recordChange(
  tx: Prisma.TransactionClient,
  { access, keyed }: Pick<Context, 'access' | 'keyed'>,
  change: Change,
): Promise<void> {
  const { workspaceId, verb, entity, entityId } = change
  await tx.auditEntry.create({ data: { workspaceId, verb, entity, entityId, ...actorColumns(access) } })
  if (keyed !== undefined) await rememberDone(tx, keyed, change)
}

/** Who acts, as tables keep it. */
export function actorColumns({ actor: { kind, id, name } }: Context['access']) {
  return { actorKind: actorKinds[kind], actorId: id, actorName: name }
}

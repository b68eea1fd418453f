/** The record of changes in the database: written in the transaction of the change, so that neither is without the other. */
import type { Prisma } from '../../prisma/generated/client/client.ts'
import type { Context } from '../context.ts'
import { rememberDone } from '../idempotency/service.ts'
import type { Change } from './rules.ts'

const kinds = { user: 'USER', token: 'TOKEN', installation: 'INSTALLATION' } as const

export async function recordChange(
  tx: Prisma.TransactionClient,
  { access, keyed }: Pick<Context, 'access' | 'keyed'>,
  change: Change,
): Promise<void> {
  const { workspaceId, verb, entity, entityId } = change
  const { kind, id, name } = access.actor
  await tx.auditEntry.create({
    data: { workspaceId, verb, entity, entityId, actorKind: kinds[kind], actorId: id, actorName: name },
  })
  if (keyed !== undefined) await rememberDone(tx, keyed, change)
}

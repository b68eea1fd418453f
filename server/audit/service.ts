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

/** What a change of one entity has changed in others: one statement for all of them. */
export async function recordConsequences(
  tx: Prisma.TransactionClient,
  { access }: Pick<Context, 'access'>,
  changes: readonly Change[],
): Promise<void> {
  const actor = actorColumns(access)
  await tx.auditEntry.createMany({
    data: changes.map(({ workspaceId, verb, entity, entityId }) => {
      return { workspaceId, verb, entity, entityId, ...actor }
    }),
  })
}

/** Who acts, as tables keep it. */
export function actorColumns({ actor: { kind, id, name } }: Context['access']) {
  return { actorKind: actorKinds[kind], actorId: id, actorName: name }
}

/** Connectors that somebody wants at hand: each person has their own, also the owner of the installation. */
import type { Access } from '../access/rules.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { findConnector } from './service.ts'

/** Whose favourites they are: a token's are its maker's. Null: the owner of the installation. */
export function personOf(access: Access): string | null {
  return access.kind === 'member' ? access.userId : null
}

/** What is one already stays one. */
export async function favouriteConnector(context: Context, { id }: { readonly id: string }): Promise<string> {
  const { workspaceId } = await findConnector(context, id, 'read')
  const userId = personOf(context.access)
  await context.db.$transaction(async (tx) => {
    const { count } = await tx.favouriteConnector.createMany({
      data: { workspaceId, connectorId: id, userId },
      skipDuplicates: true,
    })
    if (count === 0) return
    await recordChange(tx, context, {
      workspaceId,
      verb: 'favouriteConnector',
      entity: 'Connector',
      entityId: id,
    })
  })
  return id
}

export async function unfavouriteConnector(
  context: Context,
  { id }: { readonly id: string },
): Promise<string> {
  const { workspaceId } = await findConnector(context, id, 'read')
  const userId = personOf(context.access)
  await context.db.$transaction(async (tx) => {
    const { count } = await tx.favouriteConnector.deleteMany({
      where: { workspaceId, connectorId: id, userId },
    })
    if (count === 0) return
    await recordChange(tx, context, {
      workspaceId,
      verb: 'unfavouriteConnector',
      entity: 'Connector',
      entityId: id,
    })
  })
  return id
}

/** Those of them that are somebody's favourites, in one statement. */
export async function favouritesAmong(
  { access, db }: Pick<Context, 'access' | 'db'>,
  connectorIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db.favouriteConnector.findMany({
    where: { connectorId: { in: [...connectorIds] }, userId: personOf(access) },
    select: { connectorId: true },
  })
  return new Set(rows.map(({ connectorId }) => connectorId))
}

/** The actions of the working copy that use something, by name: what keeps it from being deleted. */
import type { Prisma } from '../../prisma/generated/client/client.ts'
import type { Context } from '../context.ts'
import type { User } from '../problems/rules.ts'
import { present } from '../workspaces/present.ts'

export async function actionsUsing(
  db: Pick<Context['db'], 'action'>,
  where: Pick<Prisma.ActionWhereInput, 'connectorId' | 'dataSourceId' | 'segmentId'> & {
    readonly workspaceId: string
  },
): Promise<readonly User[]> {
  const actions = await db.action.findMany({
    where: { ...where, ...present },
    select: { id: true, name: true },
    orderBy: { name: 'asc' },
  })
  return actions.map((action) => ({ entity: 'Action', ...action }))
}

/** Deletes connectors in the working copy, with their actions where that is asked. What runs keeps them until the next publish. */
import type { Prisma } from '../../prisma/generated/client/client.ts'
import { actionsUsing } from '../actions/users-of.ts'
import { recordConsequences } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { groupBy } from '../deliveries/group-by.ts'
import { describeUsers, InUse, type Issue, RevisionConflict } from '../problems/rules.ts'
import { present } from '../workspaces/present.ts'
import { changeSeveral, type Named } from '../workspaces/several.ts'
import { findConnector, save } from './service.ts'

type Tx = Prisma.TransactionClient

interface WithActions {
  /** Whether what sends through it goes too; else it must be nothing. */
  readonly withActions: boolean
}

export type DeleteConnector = Named & WithActions
export interface DeleteConnectors extends WithActions {
  readonly connectors: readonly Named[]
}

const whatToDo = 'Delete them too with `withActions`, or give them another connector first.'

export async function deleteConnector(
  context: Context,
  { id, revision, withActions }: DeleteConnector,
): Promise<string> {
  const current = await findConnector(context, id, 'edit')
  if (current.revision !== revision) throw new RevisionConflict('Connector', id, current.revision)
  const { workspaceId } = current
  const users = withActions ? [] : await actionsUsing(context.db, { workspaceId, connectorId: id })
  if (users.length > 0) throw new InUse('Connector', users, whatToDo)
  const deletedAt = context.deps.clock()
  await save(context, current, 'deleteConnector', { deletedAt }, async (tx) => {
    if (withActions) await deleteActions(tx, context, { workspaceId, ids: [id], verb: 'deleteConnector' })
  })
  return id
}

/** Returns their ids. */
export function deleteConnectors(
  context: Context,
  { connectors, withActions }: DeleteConnectors,
): Promise<readonly string[]> {
  const verb = 'deleteConnectors'
  return changeSeveral(context, {
    entity: 'Connector',
    named: connectors,
    verb,
    problemsOf: async (tx, workspaceId, rows) => (withActions ? new Map() : inUse(tx, workspaceId, rows)),
    async change(tx, workspaceId, ids) {
      await tx.connector.updateMany({
        where: { workspaceId, id: { in: ids } },
        data: { deletedAt: context.deps.clock(), revision: { increment: 1 } },
      })
      if (withActions) await deleteActions(tx, context, { workspaceId, ids, verb })
    },
  })
}

async function inUse(
  tx: Tx,
  workspaceId: string,
  rows: readonly { readonly id: string; readonly name: string }[],
): Promise<ReadonlyMap<string, Omit<Issue, 'path'>>> {
  const actions = await tx.action.findMany({
    where: { workspaceId, connectorId: { in: rows.map(({ id }) => id) }, ...present },
    select: { id: true, name: true, connectorId: true },
    orderBy: { name: 'asc' },
  })
  const users = groupBy(actions, ({ connectorId }) => connectorId)
  return new Map(
    rows.flatMap(({ id, name }) => {
      const own = users.get(id)
      if (own === undefined) return []
      const by = describeUsers(own.map((action) => ({ entity: 'Action', ...action })))
      const message = `The connector "${name}" is used by ${by}. ${whatToDo}`
      return [[id, { code: 'in_use', message }] as const]
    }),
  )
}

async function deleteActions(
  tx: Tx,
  context: Context,
  { workspaceId, ids, verb }: { readonly workspaceId: string; readonly ids: string[]; readonly verb: string },
): Promise<void> {
  const actions = await tx.action.updateManyAndReturn({
    where: { workspaceId, connectorId: { in: ids }, ...present },
    data: { deletedAt: context.deps.clock(), revision: { increment: 1 } },
    select: { id: true },
  })
  await recordConsequences(
    tx,
    context,
    actions.map(({ id }) => ({ workspaceId, verb, entity: 'Action', entityId: id })),
  )
}

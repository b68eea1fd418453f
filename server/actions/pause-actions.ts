/** Pauses and resumes actions, one or several: at once, and whatever the working copy says. No edit: revisions stay. */
import { requireRight, within } from '../access/rules.ts'
import { recordChange, recordChanges } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { announceActions } from '../metrics/progress-channel.ts'
import { NotFound } from '../problems/rules.ts'
import { requireSeveral } from '../workspaces/several.ts'
import { resumePaused } from './resume-paused.ts'

export interface ActionsById {
  readonly actionIds: readonly string[]
}

/** Stops it at once; requests in flight finish, its position stays. */
export async function pauseAction(context: Context, { id }: { readonly id: string }): Promise<string> {
  await pause(context, [id], 'pauseAction')
  return id
}

/** Returns the actions' ids. */
export function pauseActions(context: Context, { actionIds }: ActionsById): Promise<readonly string[]> {
  return pause(context, actionIds, 'pauseActions')
}

/** Lets it go on at once. Repeating it wakes its work again, whatever became of the first time. */
export async function resumeAction(context: Context, { id }: { readonly id: string }): Promise<string> {
  await resume(context, [id], 'resumeAction')
  return id
}

/** Returns the actions' ids. */
export function resumeActions(context: Context, { actionIds }: ActionsById): Promise<readonly string[]> {
  return resume(context, actionIds, 'resumeActions')
}

/** Lets those of its actions go on that a failure of the credential or the configuration had paused. */
export async function resumeConnector(context: Context, { id }: { readonly id: string }): Promise<string> {
  const { db, access } = context
  const connector = await db.connector.findUnique({
    where: { id, ...within(access) },
    include: { actions: { where: { OR: [{ pauseReason: null }, { pauseReason: { not: 'command' } }] } } },
  })
  if (connector === null) throw new NotFound('Connector', id)
  const { actions, workspaceId } = connector
  requireRight(access, workspaceId, 'operate')
  await resumePaused(context, { workspaceId, actionIds: actions.map((action) => action.id) }, (tx) =>
    recordChange(tx, context, { workspaceId, verb: 'resumeConnector', entity: 'Connector', entityId: id }),
  )
  return id
}

async function pause(context: Context, named: readonly string[], verb: string): Promise<readonly string[]> {
  const { ids, workspaceId } = await findAll(context, named)
  await context.db.$transaction(async (tx) => {
    await tx.action.updateMany({
      where: { id: { in: [...ids] }, workspaceId, pausedAt: null },
      data: { pausedAt: context.deps.clock(), pauseReason: 'command' },
    })
    await announceActions(tx, workspaceId, ids)
    await recordChanges(tx, context, changesOf(workspaceId, ids, verb))
  })
  return ids
}

async function resume(context: Context, named: readonly string[], verb: string): Promise<readonly string[]> {
  const { ids, workspaceId } = await findAll(context, named)
  await resumePaused(context, { workspaceId, actionIds: ids }, (tx) =>
    recordChanges(tx, context, changesOf(workspaceId, ids, verb)),
  )
  return ids
}

/** Also those that are deleted in the working copy: they may run. */
async function findAll(context: Context, named: readonly string[]) {
  const ids = [...new Set(named)]
  const workspaceId = await requireSeveral(context, {
    ...{ entity: 'Action', ids, right: 'operate', field: 'actionIds' },
    isDeletedToo: true,
  })
  return { ids, workspaceId }
}

function changesOf(workspaceId: string, ids: readonly string[], verb: string) {
  return ids.map((entityId) => ({ workspaceId, verb, entity: 'Action' as const, entityId }))
}

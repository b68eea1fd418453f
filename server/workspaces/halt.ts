/** The switches of a whole workspace, by which nothing is delivered: they act at once, in every process. */
import type { Right } from '../access/rules.ts'
import { forgetHaltedTime } from '../actions/resume-paused.ts'
import { findWork, wakeWork } from '../actions/wake.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { RevisionConflict } from '../problems/rules.ts'
import { lockWorkspace } from './lock-workspace.ts'
import { coveredWorkspace } from './service.ts'

export interface SwitchConnectors {
  readonly id: string
  readonly revision: number
}

/** What of a workspace keeps it from delivering. */
interface Switches {
  readonly connectorsEnabled: boolean
  readonly isStopped: boolean
}

export function enableConnectors(context: Context, input: SwitchConnectors): Promise<string> {
  return change(context, input, 'administer', 'enableConnectors', { connectorsEnabled: true })
}

/** Nothing is delivered any more, and no segment is created. */
export function disableConnectors(context: Context, input: SwitchConnectors): Promise<string> {
  return change(context, input, 'administer', 'disableConnectors', { connectorsEnabled: false })
}

/** Every delivery stops at its next commit; requests in flight finish, positions stay. */
export function stopAll(context: Context, input: { readonly id: string }): Promise<string> {
  return change(context, input, 'operate', 'stopAll', { isStopped: true })
}

/** Lets all go on at once that is not paused by itself. Repeating it wakes the work again. */
export function resumeAll(context: Context, input: { readonly id: string }): Promise<string> {
  return change(context, input, 'operate', 'resumeAll', { isStopped: false })
}

/** With a revision it is an edit; what is as wanted needs none. */
async function change(
  context: Context,
  input: { readonly id: string; readonly revision?: number },
  right: Right,
  verb: string,
  wanted: Partial<Switches>,
): Promise<string> {
  const { db, deps } = context
  const id = await coveredWorkspace(context, input.id, right)
  const mayDeliver = await db.$transaction(async (tx) => {
    await lockWorkspace(tx, id)
    const current = await tx.workspace.findUniqueOrThrow({ where: { id } })
    const { connectorsEnabled, isStopped } = { ...current, ...wanted }
    const mayDeliver = connectorsEnabled && !isStopped
    if (connectorsEnabled === current.connectorsEnabled && isStopped === current.isStopped) return mayDeliver
    const { revision = current.revision } = input
    if (revision !== current.revision) throw new RevisionConflict('Workspace', id, current.revision)
    const now = deps.clock()
    const { haltedAt } = current
    if (mayDeliver && haltedAt !== null) await forgetHaltedTime(tx, { workspaceId: id, haltedAt }, now)
    await tx.workspace.update({
      where: { id },
      data: {
        ...{ connectorsEnabled, isStopped, haltedAt: mayDeliver ? null : (haltedAt ?? now) },
        revision: input.revision === undefined ? revision : { increment: 1 },
      },
    })
    await recordChange(tx, context, { workspaceId: id, verb, entity: 'Workspace', entityId: id })
    return mayDeliver
  })
  if (mayDeliver) await wakeWork(deps, await findWork(db, { workspaceId: id }), 'What was stopped goes on.')
  return id
}

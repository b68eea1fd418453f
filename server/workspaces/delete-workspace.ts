/** Deletes a workspace: its key first, and with it the meaning of all that was sealed; then who has access. */
import { findWork, wakeWork } from '../actions/wake.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { InvalidInput, type Issue, NotFound } from '../problems/rules.ts'
import { fingerprintOf } from './deleted-workspaces.ts'
import { lockWorkspace } from './lock-workspace.ts'
import { coveredWorkspace } from './service.ts'

export interface DeleteWorkspace {
  readonly id: string
  /** Repeated, so that nobody deletes the wrong one. */
  readonly name: string
}

/** Returns its id. The rows go afterwards, see purge-deleted.ts; nothing of them can be asked for any more. */
export async function deleteWorkspace(context: Context, input: DeleteWorkspace): Promise<string> {
  const { db, deps } = context
  const id = await coveredWorkspace(context, input.id, 'administer')
  const key = await deps.workspaceKeys.of(id)
  const now = deps.clock()
  const work = await db.$transaction(async (tx) => {
    await lockWorkspace(tx, id)
    const { name, wrappedKey } = await tx.workspace.findUniqueOrThrow({ where: { id } })
    if (wrappedKey === null) throw new NotFound('Workspace', id)
    if (name !== input.name) throw new InvalidInput([otherName])
    const found = await findWork(tx, { workspaceId: id })
    await tx.workspace.update({
      where: { id },
      // Its name may be given to another.
      data: { wrappedKey: null, name: id, liveVersion: null, isStopped: true, haltedAt: now },
    })
    await tx.invitation.deleteMany({ where: { workspaceId: id } })
    await tx.member.deleteMany({ where: { workspaceId: id } })
    await tx.apiToken.deleteMany({ where: { workspaceId: id } })
    await tx.delivery.updateMany({
      where: { workspaceId: id, state: { notIn: ['COMPLETED', 'CANCELLED'] } },
      data: { state: 'CANCELLED', completedAt: now, waitingUntil: null },
    })
    await tx.deletedWorkspace.create({
      data: { id, keyFingerprint: fingerprintOf(key), keyDestroyedAt: now },
    })
    await recordChange(tx, context, {
      workspaceId: id,
      verb: 'deleteWorkspace',
      entity: 'DeletedWorkspace',
      entityId: id,
    })
    return found
  })
  deps.workspaceKeys.forget(id)
  // They see that there is nothing to do any more, and end.
  await wakeWork(deps, work, 'The workspace is deleted and its key destroyed.')
  return id
}

const otherName: Issue = {
  path: ['name'],
  code: 'name_mismatch',
  message: 'This is not the name of the workspace. Repeat its name exactly to delete it.',
}

/** Deletes a segment in the working copy, unless an action reads it. What runs keeps it until the next publish. */
import { actionsUsing } from '../actions/users-of.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { InUse, RevisionConflict } from '../problems/rules.ts'
import { present } from '../workspaces/present.ts'
import { findSegment } from './service.ts'

export interface DeleteSegment {
  readonly id: string
  readonly revision: number
}

export async function deleteSegment(context: Context, { id, revision }: DeleteSegment): Promise<string> {
  const { workspaceId, revision: currentRevision } = await findSegment(context, id, 'edit')
  if (currentRevision !== revision) throw new RevisionConflict('Segment', id, currentRevision)
  const users = await actionsUsing(context.db, { workspaceId, segmentId: id })
  if (users.length > 0) throw new InUse('Segment', users)
  await context.db.$transaction(async (tx) => {
    const { count } = await tx.segment.updateMany({
      where: { id, workspaceId, revision, ...present },
      data: { deletedAt: context.deps.clock(), revision: { increment: 1 } },
    })
    if (count === 0) {
      const changed = await tx.segment.findUniqueOrThrow({ where: { id } })
      throw new RevisionConflict('Segment', id, changed.revision)
    }
    await recordChange(tx, context, { workspaceId, verb: 'deleteSegment', entity: 'Segment', entityId: id })
  })
  return id
}

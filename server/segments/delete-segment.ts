/** Takes a segment out of the working copy, unless an action reads it. Published versions keep theirs. */
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { InUse, NotFound, RevisionConflict } from '../problems/rules.ts'
import { present } from '../workspaces/present.ts'
import { findSegment } from './service.ts'

export interface DeleteSegment {
  readonly id: string
  readonly revision: number
}

/** Returns the id of its workspace. */
export async function deleteSegment(context: Context, { id, revision }: DeleteSegment): Promise<string> {
  const { workspaceId, revision: currentRevision } = await findSegment(context, id, 'edit')
  if (currentRevision !== revision) throw new RevisionConflict('Segment', id, currentRevision)
  await context.db.$transaction(async (tx) => {
    // Locked, so that no action takes it between the question who uses it and its end.
    await tx.$queryRaw`SELECT 1 FROM segment WHERE id = ${id}::uuid FOR UPDATE`
    const actions = await tx.action.findMany({
      where: { workspaceId, segmentId: id, ...present },
      select: { id: true, name: true },
      orderBy: { name: 'asc' },
    })
    if (actions.length > 0) {
      throw new InUse(
        'Segment',
        actions.map((action) => ({ entity: 'Action', ...action })),
      )
    }
    const { count } = await tx.segment.updateMany({
      where: { id, workspaceId, revision },
      data: { deletedAt: context.deps.clock(), revision: { increment: 1 } },
    })
    if (count === 0) {
      const changed = await tx.segment.findUnique({ where: { id } })
      if (changed === null) throw new NotFound('Segment', id)
      throw new RevisionConflict('Segment', id, changed.revision)
    }
    await recordChange(tx, context, { workspaceId, verb: 'deleteSegment', entity: 'Segment', entityId: id })
  })
  return workspaceId
}

/** Copies a segment with its data sources, notes and labels; not the actions that read it. */
import { conditionsSchema } from '../../engine/rules/conditions.ts'
import { Prisma } from '../../prisma/generated/client/client.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { copyLabels } from '../labels/bearers.ts'
import { rejectIssues } from '../problems/rules.ts'
import { copyName } from '../workspaces/copy-name.ts'
import { copyNamesTaken } from '../workspaces/copy-names-taken.ts'
import { asJsonObject } from '../workspaces/json.ts'
import { nameIssues } from '../workspaces/name-issues.ts'
import { requireConnectors } from '../workspaces/service.ts'
import { namedOnce } from '../workspaces/taken-name.ts'
import { findSegment } from './service.ts'

export interface DuplicateSegment {
  readonly id: string
  readonly name?: string
}

/** Returns the id of the copy. */
export async function duplicateSegment(context: Context, input: DuplicateSegment): Promise<string> {
  const { db } = context
  const original = await findSegment(context, input.id, 'edit')
  const { notes, workspaceId } = original
  await requireConnectors(context, workspaceId)
  const name = input.name ?? copyName(original.name, await copyNamesTaken(db, 'segment', workspaceId))
  rejectIssues(nameIssues(name))
  const conditions = asJsonObject(conditionsSchema.parse(original.conditions))
  return namedOnce('Segment', name, () =>
    db.$transaction(async (tx) => {
      const { id } = await tx.segment.create({
        data: { workspaceId, name, conditions, notes, rescan: original.rescan ?? Prisma.DbNull },
      })
      await tx.segmentSource.createMany({
        data: original.sources.map(({ dataSourceId }) => ({ workspaceId, segmentId: id, dataSourceId })),
      })
      await copyLabels(tx, 'Segment', { workspaceId, from: original.id, to: id })
      await recordChange(tx, context, {
        workspaceId,
        verb: 'duplicateSegment',
        entity: 'Segment',
        entityId: id,
      })
      return id
    }),
  )
}

/** Copies a segment with its data sources, notes and labels; not the actions that read it. */
import { conditionsSchema } from '../../engine/rules/conditions.ts'
import { Prisma } from '../../prisma/generated/client/client.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { rejectIssues } from '../problems/rules.ts'
import { asJsonObject } from '../workspaces/json.ts'
import { nameIssues } from '../workspaces/name-issues.ts'
import { present } from '../workspaces/present.ts'
import { requireConnectors } from '../workspaces/service.ts'
import { namedOnce } from '../workspaces/taken-name.ts'
import { copyName } from './copy-name.ts'
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
  const name = input.name ?? (await freeName(context, original))
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
      const labels = await tx.segmentLabel.findMany({ where: { workspaceId, segmentId: original.id } })
      await tx.segmentLabel.createMany({
        data: labels.map(({ labelId }) => ({ workspaceId, segmentId: id, labelId })),
      })
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

/** Two copies at the same moment: the database decides, and the second one is told. */
async function freeName(
  { db }: Context,
  { name, workspaceId }: { readonly name: string; readonly workspaceId: string },
): Promise<string> {
  const rows = await db.segment.findMany({
    where: { workspaceId, name: { contains: ' - copy' }, ...present },
    select: { name: true },
  })
  return copyName(name, new Set(rows.map((row) => row.name)))
}

/** Labels on segments: put on several and taken off several at once. */
import { requireRight, within } from '../access/rules.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { assertLabels } from '../labels/service.ts'
import { InvalidInput, NotFound } from '../problems/rules.ts'
import { present } from '../workspaces/present.ts'

export interface LabelSegments {
  readonly segmentIds: readonly string[]
  readonly labelIds: readonly string[]
}

/** Returns the segments' ids. */
export async function labelSegments(context: Context, input: LabelSegments): Promise<readonly string[]> {
  const { labelIds, segmentIds, workspaceId } = await readInput(context, input)
  await context.db.$transaction(async (tx) => {
    await tx.segmentLabel.createMany({
      data: segmentIds.flatMap((segmentId) =>
        labelIds.map((labelId) => ({ workspaceId, segmentId, labelId })),
      ),
      skipDuplicates: true,
    })
    for (const entityId of labelIds) {
      await recordChange(tx, context, { workspaceId, verb: 'labelSegments', entity: 'Label', entityId })
    }
  })
  return segmentIds
}

/** Returns the segments' ids. */
export async function unlabelSegments(context: Context, input: LabelSegments): Promise<readonly string[]> {
  const { labelIds, segmentIds, workspaceId } = await readInput(context, input)
  await context.db.$transaction(async (tx) => {
    await tx.segmentLabel.deleteMany({
      where: { workspaceId, segmentId: { in: segmentIds }, labelId: { in: labelIds } },
    })
    for (const entityId of labelIds) {
      await recordChange(tx, context, { workspaceId, verb: 'unlabelSegments', entity: 'Label', entityId })
    }
  })
  return segmentIds
}

/** All of them are of one workspace. */
async function readInput(context: Context, input: LabelSegments) {
  const { access, db } = context
  const segmentIds = [...new Set(input.segmentIds)]
  const labelIds = [...new Set(input.labelIds)]
  const found = await db.segment.findMany({
    where: { id: { in: segmentIds }, ...within(access), ...present },
    select: { id: true, workspaceId: true },
  })
  const missing = segmentIds.find((id) => !found.some((segment) => segment.id === id))
  if (missing !== undefined) throw new NotFound('Segment', missing)
  const [workspaceId = '', ...others] = new Set(found.map((segment) => segment.workspaceId))
  if (others.length > 0) {
    const message = 'These segments are of several workspaces: label those of one at a time.'
    throw new InvalidInput([{ path: ['segmentIds'], code: 'several_workspaces', message }])
  }
  requireRight(access, workspaceId, 'edit')
  await assertLabels(context, workspaceId, labelIds)
  return { labelIds, segmentIds, workspaceId }
}

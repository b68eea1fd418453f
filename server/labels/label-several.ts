/** Labels put on several things at once, and taken off: the same whatever bears them. The things keep their revisions. */
import { recordChanges } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { requireSeveral } from '../workspaces/several.ts'
import { type Bearer, type LabelLinks, putLabels, takeLabels } from './bearers.ts'
import { assertLabels } from './service.ts'

export interface LabelSeveral {
  readonly entity: Bearer
  readonly ids: readonly string[]
  readonly labelIds: readonly string[]
  /** The mutation's name. */
  readonly verb: string
}

export function labelSeveral(context: Context, input: LabelSeveral): Promise<readonly string[]> {
  return changeLabels(context, input, putLabels)
}

export function unlabelSeveral(context: Context, input: LabelSeveral): Promise<readonly string[]> {
  return changeLabels(context, input, takeLabels)
}

/** Returns the ids of the things. All is of one workspace. */
async function changeLabels(
  context: Context,
  { entity, verb, ...input }: LabelSeveral,
  change: typeof putLabels,
): Promise<readonly string[]> {
  const links: Omit<LabelLinks, 'workspaceId'> = {
    ids: [...new Set(input.ids)],
    labelIds: [...new Set(input.labelIds)],
  }
  const field = `${entity.toLowerCase()}Ids`
  const workspaceId = await requireSeveral(context, { entity, ids: links.ids, field, right: 'edit' })
  await assertLabels(context, workspaceId, links.labelIds)
  await context.db.$transaction(async (tx) => {
    await change(tx, entity, { workspaceId, ...links })
    await recordChanges(
      tx,
      context,
      links.labelIds.map((entityId) => ({ workspaceId, verb, entity: 'Label', entityId })),
    )
  })
  return links.ids
}

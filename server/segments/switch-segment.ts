/** Switches all activations of a segment at once: the actions that read it, in the working copy. */
import { connectorNotActive } from '../actions/rules.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { type Issue, rejectIssues } from '../problems/rules.ts'
import { present } from '../workspaces/present.ts'
import { findSegment } from './service.ts'

/** Lets all its actions run, with the next publish. All or none: every connector must be active. */
export async function activateSegment(context: Context, { id }: { readonly id: string }): Promise<string> {
  const { workspaceId } = await findSegment(context, id, 'edit')
  const actions = await context.db.action.findMany({
    where: { workspaceId, segmentId: id, isEnabled: false, connector: { isEnabled: false }, ...present },
    select: { name: true, connector: { select: { name: true } } },
    orderBy: { name: 'asc' },
  })
  const issues: readonly Issue[] = actions.map(({ name, connector }) => ({
    path: ['id'],
    ...connectorNotActive(name, connector.name),
  }))
  rejectIssues(issues)
  await switchActions(context, { id, workspaceId, isEnabled: true, verb: 'activateSegment' })
  return id
}

/** Ends all its actions, with the next publish. */
export async function deactivateSegment(context: Context, { id }: { readonly id: string }): Promise<string> {
  const { workspaceId } = await findSegment(context, id, 'edit')
  await switchActions(context, { id, workspaceId, isEnabled: false, verb: 'deactivateSegment' })
  return id
}

interface Switch {
  readonly id: string
  readonly workspaceId: string
  readonly isEnabled: boolean
  readonly verb: 'activateSegment' | 'deactivateSegment'
}

async function switchActions(context: Context, { id, workspaceId, isEnabled, verb }: Switch): Promise<void> {
  await context.db.$transaction(async (tx) => {
    const { count } = await tx.action.updateMany({
      where: { workspaceId, segmentId: id, isEnabled: !isEnabled, ...present },
      data: { isEnabled, revision: { increment: 1 } },
    })
    if (count > 0) await recordChange(tx, context, { workspaceId, verb, entity: 'Segment', entityId: id })
  })
}

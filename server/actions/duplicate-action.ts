/** Copies an action within its connector, with its templates, notes and labels. The copy is switched off. */
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { rejectIssues } from '../problems/rules.ts'
import { copyName } from '../workspaces/copy-name.ts'
import { copyNamesTaken } from '../workspaces/copy-names-taken.ts'
import { nameIssues } from '../workspaces/name-issues.ts'
import { namedOnce } from '../workspaces/taken-name.ts'
import { copiedParts, copyActions } from './copy-action.ts'
import { findAction } from './service.ts'

export interface DuplicateAction {
  readonly id: string
  readonly name?: string
}

/** Returns the id of the copy. */
export async function duplicateAction(context: Context, input: DuplicateAction): Promise<string> {
  const { db } = context
  const { connectorId, id, workspaceId, ...current } = await findAction(context, input.id, 'edit')
  const name = input.name ?? copyName(current.name, await copyNamesTaken(db, 'action', workspaceId))
  rejectIssues(nameIssues(name))
  return namedOnce('Action', name, () =>
    db.$transaction(async (tx) => {
      const original = await tx.action.findUniqueOrThrow({ where: { id }, include: copiedParts })
      const [copy = ''] = await copyActions(tx, [{ original, name, connectorId }])
      await recordChange(tx, context, {
        workspaceId,
        verb: 'duplicateAction',
        entity: 'Action',
        entityId: copy,
      })
      return copy
    }),
  )
}

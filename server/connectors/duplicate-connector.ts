/** Copies a connector with its actions, all inactive; not what a user has allowed at the vendor or actions have created there. */
import { copiedParts, copyActions } from '../actions/copy-action.ts'
import { recordChange, recordConsequences } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { copyLabels } from '../labels/bearers.ts'
import { type Issue, rejectIssues } from '../problems/rules.ts'
import { copyName } from '../workspaces/copy-name.ts'
import { copyNamesTaken } from '../workspaces/copy-names-taken.ts'
import { asJsonObject, isRecord } from '../workspaces/json.ts'
import { nameIssues } from '../workspaces/name-issues.ts'
import { present } from '../workspaces/present.ts'
import { namedOnce } from '../workspaces/taken-name.ts'
import { findConnector } from './service.ts'

export interface DuplicateConnector {
  readonly id: string
  readonly name?: string
}

/** More are no copy of a connector, but of a whole configuration. */
const mostActions = 500

/** Returns the id of the copy. */
export async function duplicateConnector(context: Context, input: DuplicateConnector): Promise<string> {
  const { db } = context
  const original = await findConnector(context, input.id, 'edit')
  const { notes, secrets, type, workspaceId } = original
  const name = input.name ?? copyName(original.name, await copyNamesTaken(db, 'connector', workspaceId))
  const actions = await db.action.findMany({
    where: { workspaceId, connectorId: original.id, ...present },
    include: copiedParts,
    orderBy: { name: 'asc' },
    take: mostActions + 1,
  })
  rejectIssues([...nameIssues(name), ...(actions.length > mostActions ? [tooMany] : [])])
  const taken = new Set(await copyNamesTaken(db, 'action', workspaceId))
  const settings = asJsonObject(isRecord(original.settings) ? original.settings : {})
  return namedOnce('Connector', name, () =>
    db.$transaction(async (tx) => {
      const { id } = await tx.connector.create({
        data: { workspaceId, name, type, settings, secrets, notes },
      })
      await copyLabels(tx, 'Connector', { workspaceId, from: original.id, to: id })
      const copies = actions.map((action) => {
        const copied = copyName(action.name, taken)
        taken.add(copied)
        return { original: action, name: copied, connectorId: id }
      })
      const ids = await copyActions(tx, copies)
      const verb = 'duplicateConnector'
      await recordConsequences(
        tx,
        context,
        ids.map((entityId) => ({ workspaceId, verb, entity: 'Action', entityId })),
      )
      await recordChange(tx, context, { workspaceId, verb, entity: 'Connector', entityId: id })
      return id
    }),
  )
}

const tooMany: Issue = {
  path: ['id'],
  code: 'too_big',
  message: `The connector has more than ${mostActions} actions. Copy it without them: create a connector, and duplicate the actions that it needs.`,
}

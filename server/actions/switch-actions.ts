/** Switches several actions at once, or deletes them, in the working copy: all or none. */
import type { Context } from '../context.ts'
import { type ChangeOfSeveral, changeSeveral, type Named } from '../workspaces/several.ts'
import { connectorNotActive } from './rules.ts'

export interface SeveralActions {
  readonly actions: readonly Named[]
}

/** Lets them run, with the next publish: the connector of each must be active. Returns their ids. */
export function activateActions(context: Context, input: SeveralActions): Promise<readonly string[]> {
  return changeActions(context, input, {
    verb: 'activateActions',
    isDone: ({ isEnabled }) => isEnabled,
    problemsOf: inactiveConnectors,
    data: { isEnabled: true },
  })
}

/** Ends them, with the next publish. Returns their ids. */
export function deactivateActions(context: Context, input: SeveralActions): Promise<readonly string[]> {
  return changeActions(context, input, {
    verb: 'deactivateActions',
    isDone: ({ isEnabled }) => !isEnabled,
    data: { isEnabled: false },
  })
}

/** Ends them, with the next publish: until then they run, and can be paused. Returns their ids. */
export function deleteActions(context: Context, input: SeveralActions): Promise<readonly string[]> {
  return changeActions(context, input, {
    verb: 'deleteActions',
    data: { deletedAt: context.deps.clock() },
  })
}

interface Change extends Pick<ChangeOfSeveral, 'verb' | 'isDone' | 'problemsOf'> {
  readonly data: { readonly isEnabled: boolean } | { readonly deletedAt: Date }
}

function changeActions(
  context: Context,
  { actions }: SeveralActions,
  { data, ...change }: Change,
): Promise<readonly string[]> {
  return changeSeveral(context, {
    ...change,
    entity: 'Action',
    named: actions,
    async change(tx, workspaceId, ids) {
      await tx.action.updateMany({
        where: { workspaceId, id: { in: ids } },
        data: { ...data, revision: { increment: 1 } },
      })
    },
  })
}

const inactiveConnectors: NonNullable<ChangeOfSeveral['problemsOf']> = async (tx, workspaceId, rows) => {
  const actions = await tx.action.findMany({
    where: { workspaceId, id: { in: rows.map(({ id }) => id) }, connector: { isEnabled: false } },
    select: { id: true, name: true, connector: { select: { name: true } } },
  })
  return new Map(actions.map(({ connector, id, name }) => [id, connectorNotActive(name, connector.name)]))
}

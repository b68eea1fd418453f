/** Switches several connectors at once, in the working copy: all or none. */
import type { Context } from '../context.ts'
import { changeSeveral, type Named } from '../workspaces/several.ts'

export interface SwitchConnectors {
  readonly connectors: readonly Named[]
}

/** Lets their actions run, with the next publish. Returns their ids. */
export function activateConnectors(context: Context, input: SwitchConnectors): Promise<readonly string[]> {
  return switchConnectors(context, input, 'activateConnectors', true)
}

/** Keeps their actions from running, with the next publish. Returns their ids. */
export function deactivateConnectors(context: Context, input: SwitchConnectors): Promise<readonly string[]> {
  return switchConnectors(context, input, 'deactivateConnectors', false)
}

function switchConnectors(
  context: Context,
  { connectors }: SwitchConnectors,
  verb: string,
  isEnabled: boolean,
): Promise<readonly string[]> {
  return changeSeveral(context, {
    entity: 'Connector',
    named: connectors,
    verb,
    isDone: (row) => row.isEnabled === isEnabled,
    async change(tx, workspaceId, ids) {
      await tx.connector.updateMany({
        where: { workspaceId, id: { in: ids } },
        data: { isEnabled, revision: { increment: 1 } },
      })
    },
  })
}

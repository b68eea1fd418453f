/** Labels on connectors: put on several and taken off several at once. */
import type { Context } from '../context.ts'
import { labelSeveral, unlabelSeveral } from '../labels/label-several.ts'

export interface LabelConnectors {
  readonly connectorIds: readonly string[]
  readonly labelIds: readonly string[]
}

/** Returns the connectors' ids. */
export function labelConnectors(
  context: Context,
  { connectorIds, labelIds }: LabelConnectors,
): Promise<readonly string[]> {
  return labelSeveral(context, { entity: 'Connector', ids: connectorIds, labelIds, verb: 'labelConnectors' })
}

/** Returns the connectors' ids. */
export function unlabelConnectors(
  context: Context,
  { connectorIds, labelIds }: LabelConnectors,
): Promise<readonly string[]> {
  return unlabelSeveral(context, {
    entity: 'Connector',
    ids: connectorIds,
    labelIds,
    verb: 'unlabelConnectors',
  })
}

/** Labels on actions: put on several and taken off several at once. */
import type { Context } from '../context.ts'
import { labelSeveral, unlabelSeveral } from '../labels/label-several.ts'

export interface LabelActions {
  readonly actionIds: readonly string[]
  readonly labelIds: readonly string[]
}

/** Returns the actions' ids. */
export function labelActions(
  context: Context,
  { actionIds: ids, labelIds }: LabelActions,
): Promise<readonly string[]> {
  return labelSeveral(context, { entity: 'Action', ids, labelIds, verb: 'labelActions' })
}

/** Returns the actions' ids. */
export function unlabelActions(
  context: Context,
  { actionIds: ids, labelIds }: LabelActions,
): Promise<readonly string[]> {
  return unlabelSeveral(context, { entity: 'Action', ids, labelIds, verb: 'unlabelActions' })
}

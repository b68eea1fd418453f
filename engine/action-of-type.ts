/** The definition of a connector's action, by its type. */
import type { ActionDefinition, Connector } from '@sluice/connector-sdk'

/** Own actions only: every object has a "constructor". */
export function actionOfType(actions: Connector['actions'], type: string): ActionDefinition | undefined {
  return Object.hasOwn(actions, type) ? actions[type] : undefined
}

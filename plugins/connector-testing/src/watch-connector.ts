/** A connector whose exceptions are written down. A host drops them, since they may hold values; a test shows them. */
import type { ActionDefinition, Connector } from '@sluice/connector-sdk'

/** The same connector; what its functions throw is noted, and thrown. */
export function watchConnector(connector: Connector, note: (thrown: unknown) => void): Connector {
  function noting<Result>(run: () => Result): Result {
    try {
      return run()
    } catch (error) {
      note(error)
      throw error
    }
  }
  const actions = Object.entries(connector.actions).map(([type, action]) => [
    type,
    watchAction(action, noting),
  ])
  return {
    ...connector,
    baseUrl: (settings) => noting(() => connector.baseUrl(settings)),
    actions: Object.fromEntries(actions),
  }
}

function watchAction(
  action: ActionDefinition,
  noting: <Result>(run: () => Result) => Result,
): ActionDefinition {
  const { capture, interpret } = action
  return {
    ...action,
    limits: (settings) => noting(() => action.limits(settings)),
    weigh: (payload) => noting(() => action.weigh(payload)),
    recipient: (payload) => noting(() => action.recipient(payload)),
    plan: (items, context) => noting(() => action.plan(items, context)),
    ...(interpret === undefined
      ? {}
      : { interpret: (request, response) => noting(() => interpret.call(action, request, response)) }),
    ...(capture === undefined
      ? {}
      : { capture: (request, response) => noting(() => capture.call(action, request, response)) }),
  }
}

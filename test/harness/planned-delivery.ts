/** A delivery of a published action, planned as a lane plans it, and its passes, without Temporal. */
import { createCommitter } from '../../server/deliveries/committer.ts'
import { createCompiledLanes } from '../../server/deliveries/compiled-lanes.ts'
import { createPlanDelivery } from '../../server/deliveries/plan-delivery.ts'
import { createSendPass } from '../../server/deliveries/send-pass.ts'
import { sealPosition } from '../../server/sources/sealed-position.ts'
import type { TestApp } from './app.ts'
import { rowIdOf } from './list-scene.ts'
import { realPlugins } from './real-plugins.ts'

/** @param lastKey the key of the last row, which the source is ordered by */
export async function planDelivery({ db, deps }: TestApp, action: { readonly id: string }, lastKey: string) {
  const actionId = rowIdOf(action.id)
  const { dataSourceId, id: laneId, workspaceId } = await db.lane.findFirstOrThrow({ where: { actionId } })
  const bound = sealPosition(await deps.workspaceKeys.of(workspaceId), [lastKey])
  await db.sourceProgress.create({ data: { dataSourceId, workspaceId, bound } })
  const compiledLanes = createCompiledLanes({ db, registry: realPlugins })
  const planned = await createPlanDelivery({ ...deps, db, compiledLanes })(laneId)
  if (planned.kind !== 'deliver') throw new Error(`Nothing is delivered: ${planned.kind}.`)
  const sendPass = createSendPass({
    ...{ ...deps, db, compiledLanes, committer: createCommitter({ db }), now: Date.now },
    wakeLane: async () => {},
    wakeDelivery: async () => {},
  })
  return { actionId, send: () => sendPass(planned.deliveryId, new AbortController().signal) }
}

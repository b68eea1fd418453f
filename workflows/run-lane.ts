/** Plans the deliveries of a lane in order: the next one when the first pass of the last one is done. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import {
  condition,
  continueAsNew,
  defineSignal,
  ParentClosePolicy,
  proxyActivities,
  setHandler,
  startChild,
  WorkflowIdReusePolicy,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from './activities/create-activities.ts'
import { deliverContract, runLaneContract, wakeSignal } from './contracts.ts'
import { planning } from './profiles.ts'

const { planDelivery } = proxyActivities<Activities>(planning)

const wake = defineSignal(wakeSignal)

/** A delivery that was started tells by a signal when its first pass is done; the row is asked all the same. */
const lookAgainAfter = '1 minute'

export async function runLane(input: { readonly laneId: string }): Promise<void> {
  const { laneId } = runLaneContract.input.parse(input)
  let isWoken = false
  setHandler(wake, () => {
    isWoken = true
  })

  while (!workflowInfo().continueAsNewSuggested) {
    isWoken = false
    const plan = await planDelivery(laneId)
    switch (plan.kind) {
      case 'deliver':
        await startDeliver(plan.deliveryId)
        await condition(() => isWoken, lookAgainAfter)
        break
      case 'again':
        break
      case 'idle':
        // A signal that came while planning may be about something newer than what was planned from.
        if (!isWoken) return
    }
  }
  await continueAsNew<typeof runLane>({ laneId })
}

/** A delivery that runs already goes on; one whose workflow was lost starts again, fenced by its pass. */
async function startDeliver(deliveryId: string): Promise<void> {
  try {
    await startChild(deliverContract.name, {
      workflowId: deliverContract.workflowId({ deliveryId }),
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      args: [{ deliveryId }],
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}

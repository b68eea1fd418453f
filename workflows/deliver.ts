/** Runs the passes of a delivery: one after the other, with durable waits between them. */
import {
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from './activities/create-activities.ts'
import { deliverContract, wakeSignal } from './contracts.ts'
import { sending } from './profiles.ts'

const { sendPass } = proxyActivities<Activities>(sending)

const wake = defineSignal(wakeSignal)

/** What is paused, or waits for another delivery, is woken; should that signal be lost, it looks by itself. */
const lookAgainAfter = '1 hour'

export async function deliver(input: { readonly deliveryId: string }): Promise<void> {
  const { deliveryId } = deliverContract.input.parse(input)
  let isWoken = false
  setHandler(wake, () => {
    isWoken = true
  })

  while (!workflowInfo().continueAsNewSuggested) {
    isWoken = false
    const pass = await sendPass(deliveryId)
    switch (pass.kind) {
      case 'over':
        return
      case 'waiting':
        await condition(() => isWoken, pass.dueInMs === null ? lookAgainAfter : Math.max(1, pass.dueInMs))
        break
      case 'paused':
        await condition(() => isWoken, lookAgainAfter)
    }
  }
  await continueAsNew<typeof deliver>({ deliveryId })
}

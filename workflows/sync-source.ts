/** Reads one source for as long as a live version needs it: all the time, or when its schedule is due. */
import {
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from './activities/create-activities.ts'
import { syncSourceContract, wakeSignal } from './contracts.ts'
import { polling } from './profiles.ts'

const { pollSource } = proxyActivities<Activities>(polling)

export async function syncSource(input: { readonly dataSourceId: string }): Promise<void> {
  const { dataSourceId } = syncSourceContract.input.parse(input)
  let isWoken = false
  // A poll under way sees by itself that a version was published; one that waits for its time has to be told.
  setHandler(defineSignal(wakeSignal), () => {
    isWoken = true
  })
  while (!workflowInfo().continueAsNewSuggested) {
    isWoken = false
    const polled = await pollSource(dataSourceId)
    switch (polled.kind) {
      case 'stop':
        return
      case 'polled':
        break
      case 'scheduled':
        await condition(() => isWoken, Math.max(1, polled.dueInMs))
    }
  }
  await continueAsNew<typeof syncSource>({ dataSourceId })
}

/** Polls one source for as long as a live version reads it. */
import { continueAsNew, defineSignal, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow'
import type { Activities } from './activities/create-activities.ts'
import { syncSourceContract, wakeSignal } from './contracts.ts'
import { polling } from './profiles.ts'

const { pollSource } = proxyActivities<Activities>(polling)

export async function syncSource(input: { readonly dataSourceId: string }): Promise<void> {
  const { dataSourceId } = syncSourceContract.input.parse(input)
  // Being started is all that waking means here: a poll under way sees by itself that a version was published.
  setHandler(defineSignal(wakeSignal), () => {})
  while (!workflowInfo().continueAsNewSuggested) {
    const polled = await pollSource(dataSourceId)
    if (polled.kind === 'stop') return
  }
  await continueAsNew<typeof syncSource>({ dataSourceId })
}

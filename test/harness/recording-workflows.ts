/** The port to the workflows, as a list of what was asked of it. */
import type { WorkflowStarter } from '../../workflows/client.ts'

export interface RecordingWorkflows extends WorkflowStarter {
  /** In the order of the calls. */
  readonly calls: readonly { readonly verb: keyof WorkflowStarter; readonly id: string }[]
  /** Whether there is a worker: there is, at first. */
  setWorker(isThere: boolean): void
}

export function createRecordingWorkflows(): RecordingWorkflows {
  let hasWorker = true
  const calls: { verb: keyof WorkflowStarter; id: string }[] = []
  const record = (verb: keyof WorkflowStarter) => async (id: string) => {
    calls.push({ verb, id })
  }
  return {
    calls,
    syncSource: record('syncSource'),
    runLane: record('runLane'),
    wakeDelivery: record('wakeDelivery'),
    restartDelivery: record('restartDelivery'),
    hasWorker: async () => hasWorker,
    setWorker(isThere) {
      hasWorker = isThere
    },
  }
}

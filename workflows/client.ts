/** Starts and wakes workflows: the server's only way into them. */
import { Client, Connection } from '@temporalio/client'
import temporalProto from '@temporalio/proto'
import { deliverContract, runLaneContract, syncSourceContract, taskQueue, wakeSignal } from './contracts.ts'
import { createDataConverter } from './data-converter.ts'

/** What the server asks of the workflows. Every verb is safe to repeat. */
export interface WorkflowStarter {
  /** Sees to it that a source is polled and its lanes are woken; ends by itself when no lane needs it. */
  syncSource(dataSourceId: string): Promise<void>
  /** Wakes a lane: it plans what is due and ends when idle. */
  runLane(laneId: string): Promise<void>
  /** Wakes a delivery that waits: after a resume or a cancel. */
  wakeDelivery(deliveryId: string): Promise<void>
  /** Runs a delivery from its next pass on, whatever its workflow waits for: a pass that hangs, or is nowhere. */
  restartDelivery(deliveryId: string): Promise<void>
  /** Whether a worker takes work now. */
  hasWorker(): Promise<boolean>
}

interface Options {
  readonly address: string
  readonly namespace: string
  /** The installation's key, 32 bytes. */
  readonly masterKey: Uint8Array
}

const activityQueue = temporalProto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY
/** A worker asks for work at least once a minute. */
const workerSilenceMs = 90_000
const askedForMs = 2_000

/** Connects to Temporal. */
export async function createWorkflowStarter(
  options: Options,
): Promise<WorkflowStarter & { close(): Promise<void> }> {
  const connection = await Connection.connect({ address: options.address })
  const client = new Client({
    connection,
    namespace: options.namespace,
    dataConverter: createDataConverter(options.masterKey),
  })

  let asked: { readonly at: number; readonly answer: Promise<boolean> } | undefined

  /** Starts the workflow where none runs, and wakes it in any case. */
  async function startOrWake(name: string, workflowId: string, input: object): Promise<void> {
    await client.workflow.signalWithStart(name, {
      workflowId,
      taskQueue,
      args: [input],
      signal: wakeSignal,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    })
  }

  return {
    async syncSource(dataSourceId) {
      const input = syncSourceContract.input.parse({ dataSourceId })
      await startOrWake(syncSourceContract.name, syncSourceContract.workflowId(input), input)
    },
    async runLane(laneId) {
      const input = runLaneContract.input.parse({ laneId })
      await startOrWake(runLaneContract.name, runLaneContract.workflowId(input), input)
    },
    async wakeDelivery(deliveryId) {
      const input = deliverContract.input.parse({ deliveryId })
      await startOrWake(deliverContract.name, deliverContract.workflowId(input), input)
    },
    async restartDelivery(deliveryId) {
      const input = deliverContract.input.parse({ deliveryId })
      await client.workflow.start(deliverContract.name, {
        workflowId: deliverContract.workflowId(input),
        taskQueue,
        args: [input],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'TERMINATE_EXISTING',
      })
    },
    hasWorker() {
      // A list of sources asks once for all of them.
      if (asked === undefined || asked.at < Date.now() - askedForMs) {
        asked = { at: Date.now(), answer: askForWorker() }
      }
      return asked.answer
    },
    close: () => connection.close(),
  }

  async function askForWorker(): Promise<boolean> {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace: options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: activityQueue,
    })
    const seenAfter = Date.now() - workerSilenceMs
    return (pollers ?? []).some(({ lastAccessTime }) => {
      const seconds = Number(lastAccessTime?.seconds ?? 0)
      return seconds * 1_000 > seenAfter
    })
  }
}

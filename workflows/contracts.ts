/** What each workflow is called, takes and answers to. The same schema parses at start and on entry. */
import { z } from 'zod'

export const taskQueue = 'sluice'

/** The signal that something may be due. */
export const wakeSignal = 'wake'

/** Polls one data source while a live version reads it. */
export const syncSourceContract = {
  name: 'syncSource',
  input: z.object({ dataSourceId: z.uuid() }),
  workflowId: ({ dataSourceId }: { readonly dataSourceId: string }) => `sync-source:${dataSourceId}`,
} as const

/** Plans the deliveries of one lane, one after the other; ends when idle. */
export const runLaneContract = {
  name: 'runLane',
  input: z.object({ laneId: z.uuid() }),
  workflowId: ({ laneId }: { readonly laneId: string }) => `run-lane:${laneId}`,
} as const

/** Runs the passes of one delivery until every record has its outcome. */
export const deliverContract = {
  name: 'deliver',
  input: z.object({ deliveryId: z.uuid() }),
  workflowId: ({ deliveryId }: { readonly deliveryId: string }) => `deliver:${deliveryId}`,
} as const

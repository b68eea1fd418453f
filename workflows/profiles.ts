/** Time-outs and retries of the activities, by name. */
import type { ActivityOptions } from '@temporalio/common'

/** Activities that fail are tried again for ever: a delivery may not end because something else is down. */
const patiently = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' } as const

/** A short transaction. */
export const planning: ActivityOptions = { startToCloseTimeout: '5 minutes', retry: patiently }

/** A long poll of up to a minute. */
export const polling: ActivityOptions = {
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '30 seconds',
  retry: patiently,
}

/** As long as a million records take; the heartbeat finds a dead worker. */
export const sending: ActivityOptions = {
  startToCloseTimeout: '12 hours',
  heartbeatTimeout: '30 seconds',
  retry: patiently,
}

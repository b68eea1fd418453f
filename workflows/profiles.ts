/** Time-outs and retries of the activities, by name. */
import type { ActivityOptions } from '@temporalio/common'

/** Activities that fail are tried again for ever: a delivery may not end because something else is down. */
const patiently = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '10 seconds',
} as const

/** How soon a dead worker is noticed. */
const heartbeatTimeout = '15 seconds'

/** A question to the source and a short transaction. */
export const planning: ActivityOptions = {
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout,
  retry: patiently,
}

/** A long poll of up to a minute. */
export const polling: ActivityOptions = {
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout,
  retry: patiently,
}

/** As long as a million records take; the heartbeat finds a dead worker. */
export const sending: ActivityOptions = {
  startToCloseTimeout: '12 hours',
  heartbeatTimeout,
  retry: patiently,
}

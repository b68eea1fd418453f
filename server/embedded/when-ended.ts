// Tells when a process is gone that need not be our child, such as an adopted server.
import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning, type ProcessIdentity } from './process-identity.ts'

const pollMs = 250

/** Keeps nothing alive by itself. */
export async function whenEnded(identity: ProcessIdentity): Promise<void> {
  while (isRunning(identity)) await sleep(pollMs, undefined, { ref: false })
}

/** Of what is run elsewhere: we hear of its end by nobody. */
export function neverEnds(): Promise<void> {
  return new Promise(() => undefined)
}

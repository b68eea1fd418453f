// Ends a process that need not be our child, by ever harder signals.
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { isNodeError } from './node-error.ts'
import { isRunning, type ProcessIdentity, pidOf } from './process-identity.ts'

export interface EndStep {
  readonly signal: NodeJS.Signals
  readonly waitMs: number
}

const pollMs = 20

/** Sends each signal in turn until the process is gone; says whether it is. */
export async function endProcess(identity: ProcessIdentity, steps: readonly EndStep[]): Promise<boolean> {
  for (const { signal, waitMs } of steps) {
    if (!isRunning(identity)) return true
    sendSignal(identity, signal)
    if (await isGoneWithin(identity, waitMs)) return true
  }
  return !isRunning(identity)
}

function sendSignal(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  try {
    process.kill(pidOf(identity), signal)
  } catch (error) {
    // It ended between the look and the signal.
    if (!isNodeError(error, 'ESRCH')) throw error
  }
}

async function isGoneWithin(identity: ProcessIdentity, waitMs: number): Promise<boolean> {
  const deadline = performance.now() + waitMs
  while (isRunning(identity)) {
    if (performance.now() >= deadline) return false
    await sleep(pollMs)
  }
  return true
}

/** Waits without keeping a shutdown waiting. */
import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves after so many milliseconds, or when the signal aborts: whoever waited asks the signal. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}

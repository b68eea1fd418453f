/** Cancels a statement at the server until it has ended; where that does not help, closes its connection. */
import { setTimeout as sleep } from 'node:timers/promises'

// A cancellation is lost when the statement has not begun yet, so it is repeated.
const cancelEveryMs = 200
const cancelWithinMs = 5_000

export interface Cancellation {
  readonly cancel: () => Promise<void>
  /** Fails the statement, if it still runs. */
  readonly close: () => Promise<void>
}

export async function cancelUntilSettled(
  running: Promise<unknown>,
  { cancel, close }: Cancellation,
): Promise<void> {
  const ended = new AbortController()
  const { signal } = ended
  const end = (): void => ended.abort()
  const settled = running.then(end, end)
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal }).catch(() => undefined)
  let isLate = false
  const late = pause(cancelWithinMs).then(() => {
    isLate = true
  })
  while (!signal.aborted && !isLate) {
    // Another connection may not be to be had, or not in time.
    const cancelled = cancel().catch(() => undefined)
    await Promise.race([settled, late, cancelled.then(() => pause(cancelEveryMs))])
  }
  if (!signal.aborted) await close()
}

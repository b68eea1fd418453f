/** Bears with an API that is away for a while, because it or its database is being started again. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError } from './graphql-client.ts'

/** Runs work that may be run again from its beginning. */
export type Patience = <Result>(work: () => Promise<Result>) => Promise<Result>

/** Recovery of a database takes a while; what is away for longer has somebody to say why. */
const patientForMs = 60_000
const againEveryMs = 500

/** @param signal ends all patience */
export function createPatience(signal: AbortSignal): Patience {
  return async (work) => {
    const until = performance.now() + patientForMs
    for (;;) {
      try {
        return await work()
      } catch (error) {
        const mayPass = error instanceof ApiError && error.mayPass
        if (!mayPass || signal.aborted || performance.now() > until) throw error
      }
      await sleep(againEveryMs, undefined, { signal })
    }
  }
}

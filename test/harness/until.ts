/** Waits for something that comes by itself, and says what it waited for when it does not come. */
import { setTimeout as sleep } from 'node:timers/promises'

const pollMs = 100
/** A look at the API takes tens of milliseconds of the cores that what is waited for needs: so much rest after each. */
const restPerLook = 10
const longestRestMs = 1_000
/** Long, because tests run beside others on small machines; a test that passes never waits so long. */
const defaultWithinMs = 45_000

/** Looks again and again until `look` gives a value; undefined and false are none. */
export async function until<Value>(
  what: string,
  look: () => Promise<Value | undefined | false> | Value | undefined | false,
  withinMs = defaultWithinMs,
): Promise<Value> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const lookedAt = performance.now()
    const found = await look()
    const tookMs = performance.now() - lookedAt
    if (found !== undefined && found !== false) return found
    if (performance.now() > deadline) throw new Error(`Waited ${withinMs / 1000} s in vain until ${what}.`)
    await sleep(Math.min(Math.max(pollMs, restPerLook * tookMs), longestRestMs))
  }
}

/** What goes wrong at the vendor during a run: it fails, hangs, throttles, cuts after applying, answers late. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { BrazeSimulator, Fault } from '@sluice/connector-braze/testing'
import type { Random } from './random.ts'
import { poisonousPerson } from './world.ts'

/** How long an action waits for an answer. */
export const requestTimeoutMs = 1_000
/** L of the protocol: how long after it was sent a request may still take effect. */
export const applyWithinMs = 3_000
/** The latest effect: within L, and long after a retry that did not wait for it. */
export const latestEffectMs = 2_700

const path = '/users/track'
/** Faults that wait for their requests, the lasting ones included. */
const mostWaiting = 8
const always = Number.POSITIVE_INFINITY

/** Present all the time: one person makes the vendor refuse the whole request. */
export function addLastingFaults({ faults }: BrazeSimulator): void {
  faults.add({ kind: 'status', status: 400, path, externalId: poisonousPerson, times: always })
}

/** Adds faults until the signal, then takes back what has not happened yet; a last refusal of the key may follow. */
export async function breakVendor(braze: BrazeSimulator, random: Random, signal: AbortSignal): Promise<void> {
  addLastingFaults(braze)
  // Answers take their time, so that requests are under way when something is killed.
  braze.faults.add({ kind: 'slow', delayMs: random.between(100, 400), path, rate: 0.4, times: always })
  // A wrong key for a moment: the actions pause until somebody resumes them.
  if (random.chance(0.3)) void sleep(random.between(2_000, 8_000)).then(() => braze.faults.add(wrongKey))
  while (!signal.aborted) {
    const fault = { path, ...faultOf(random), times: random.between(1, 2) }
    // Nothing is sent while the workers are away: what waits for requests must not become a wall.
    if (braze.faults.active < mostWaiting) braze.faults.add(fault)
    await sleep(random.between(150, 900), undefined, { signal }).catch(() => undefined)
  }
  braze.faults.clear()
  addLastingFaults(braze)
  // Or once all else is quiet, and whoever resumed what was paused has gone: somebody comes back for it.
  if (random.chance(0.3)) braze.faults.add(wrongKey)
}

const wrongKey: Fault = { kind: 'status', status: 401, path, body: { message: 'Invalid API key' } }

function faultOf(random: Random): Fault {
  switch (random.between(0, 13)) {
    case 0:
      return { kind: 'status', status: 503 }
    case 1:
      return { kind: 'status', status: 500 }
    case 2:
      return { kind: 'status', status: 429, headers: { 'retry-after': '1' } }
    case 3:
      return { kind: 'status', status: 429, headers: { 'x-ratelimit-reset': inOneSecond() } }
    case 4:
      return { kind: 'hang' }
    case 5:
      return { kind: 'hang', stores: true }
    case 6:
      return { kind: 'reset' }
    case 7:
      return { kind: 'reset', stores: true }
    case 8:
      return { kind: 'garbage' }
    case 9:
      // In time.
      return { kind: 'slow', delayMs: random.between(100, requestTimeoutMs - 300) }
    default:
      // Nobody waits any more, and it takes effect all the same.
      return { kind: 'slow', delayMs: random.between(latestEffectMs - 700, latestEffectMs) }
  }
}

/** Braze tells the end of its window in epoch seconds. */
function inOneSecond(): string {
  return String(Math.ceil(Date.now() / 1000) + 1)
}

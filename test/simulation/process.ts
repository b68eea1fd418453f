/** A process that runs one pass: whatever reaches it from outside comes late while it is paused, and never once killed. */
import type { World } from './world.ts'

export interface Process {
  readonly name: string
  isDead(): boolean
  isPaused(): boolean
  /** Since when nothing has paused it. */
  awakeSince(): number
  kill(): void
  /** Nothing happens in it for so long. */
  pause(ms: number): void
  /** Something reaches it after so many milliseconds. */
  reach(ms: number, arrive: () => void): void
}

export function createProcess({ after, at, now }: World, name: string): Process {
  let isDead = false
  let pausedUntil = 0

  function arrive(event: () => void): void {
    if (isDead) return
    if (now() < pausedUntil) at(pausedUntil, () => arrive(event))
    else event()
  }

  return {
    name,
    isDead: () => isDead,
    isPaused: () => !isDead && now() < pausedUntil,
    awakeSince: () => pausedUntil,
    kill() {
      isDead = true
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, now() + ms)
    },
    reach(ms, event) {
      if (ms === 0) arrive(event)
      else after(ms, () => arrive(event))
    },
  }
}

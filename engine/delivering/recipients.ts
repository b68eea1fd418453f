/** Keeps two pieces of work that share a recipient from being under way together. */

export interface Recipients {
  /** Waits until none of them is held, then holds them all. */
  hold(recipients: readonly string[]): Promise<void>
  release(recipients: readonly string[]): void
}

/** For one consumer that holds in order: the order of holds is the order of sends. */
export function createRecipients(): Recipients {
  const held = new Set<string>()
  let wake: (() => void) | null = null

  function isAnyHeld(recipients: readonly string[]): boolean {
    if (held.size === 0) return false
    for (const recipient of recipients) if (held.has(recipient)) return true
    return false
  }

  return {
    async hold(recipients) {
      while (isAnyHeld(recipients)) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      for (const recipient of recipients) held.add(recipient)
    },
    release(recipients) {
      for (const recipient of recipients) held.delete(recipient)
      wake?.()
      wake = null
    },
  }
}

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

  /** Holds all of them, or none. */
  function holdAll(recipients: readonly string[]): boolean {
    const before = held.size
    for (const recipient of recipients) held.add(recipient)
    const added = held.size - before
    // Nearly always: looking each up first would take as long again.
    if (added === recipients.length || added === new Set(recipients).size) return true
    // A set keeps the order in which it was filled.
    for (const recipient of [...held].slice(before)) held.delete(recipient)
    return false
  }

  return {
    async hold(recipients) {
      while (!holdAll(recipients)) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    release(recipients) {
      for (const recipient of recipients) held.delete(recipient)
      wake?.()
      wake = null
    },
  }
}

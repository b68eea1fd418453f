/** Virtual time: what is to happen, in order; between two events everything that was promised comes about. */

export interface Clock {
  now(): number
  at(time: number, event: () => void): void
  after(ms: number, event: () => void): void
  /** Lets events happen until there are none, one says stop, or the time is up. */
  run(until: number, isOver: () => boolean): Promise<void>
}

interface Event {
  readonly time: number
  readonly order: number
  happen(): void
}

const startsAt = 1_000_000

export function createClock(): Clock {
  /** A binary heap, the next event first. */
  const heap: Event[] = []
  let now = startsAt
  let order = 0

  function push(event: Event): void {
    let place = heap.length
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || isBefore(parent, event)) break
      heap[place] = parent
      place = above
    }
    heap[place] = event
  }

  function pop(): Event | undefined {
    const [first] = heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return first
    let place = 0
    for (;;) {
      let below = 2 * place + 1
      let child = heap[below]
      if (child === undefined) break
      const right = heap[below + 1]
      if (right !== undefined && isBefore(right, child)) {
        below += 1
        child = right
      }
      if (isBefore(last, child)) break
      heap[place] = child
      place = below
    }
    heap[place] = last
    return first
  }

  const at = (time: number, happen: () => void) => push({ time: Math.max(now, time), order: order++, happen })

  return {
    now: () => now,
    at,
    after: (ms, happen) => at(now + ms, happen),
    async run(until, isOver) {
      for (;;) {
        const event = pop()
        if (event === undefined || event.time > until) return
        now = event.time
        event.happen()
        await settled()
        if (isOver()) return
      }
    },
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order)
}

/** Resolves when no promise has anything left to do: Node runs its tick queue when that of promises is empty. */
function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve))
}

/** Ends what was started, last first, and goes on where one of them fails. */

export interface StopList {
  add(name: string, stop: () => Promise<void>): void
  /** Safe to call twice: the second caller waits for the first. */
  run(): Promise<void>
}

export function createStopList(say: (line: string) => void): StopList {
  const stops: { readonly name: string; readonly stop: () => Promise<void> }[] = []
  let running: Promise<void> | null = null

  async function runAll(): Promise<void> {
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) {
      try {
        await next.stop()
      } catch {
        say(`The ${next.name} could not be ended properly; the next start deals with it.`)
      }
    }
  }
  return {
    add: (name, stop) => void stops.push({ name, stop }),
    run() {
      running ??= runAll()
      return running
    },
  }
}

/** Ends what was started, last first, and goes on where one of them fails. */

export interface StopList {
  /** What is added after `run` is ended too, and whoever adds it fails: nothing more is to be started. */
  add(name: string, stop: () => Promise<void>): void
  /** Safe to call twice: the second caller waits for the first, and for what was added meanwhile. */
  run(): Promise<void>
}

/** Something was started while everything is being ended. */
export class StoppingError extends Error {
  override readonly name = 'StoppingError'
  readonly code = 'stopping'
  constructor() {
    super('Everything is being ended.')
  }
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
    add(name, stop) {
      stops.push({ name, stop })
      if (running === null) return
      running = running.then(runAll)
      throw new StoppingError()
    },
    run() {
      running ??= runAll()
      return running
    },
  }
}

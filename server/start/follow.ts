/** Shows how everything gets delivered, and knows when it is, or when it can't be. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createProgressDisplay } from './progress-bar.ts'
import { type Counts, since, type Watched } from './watch.ts'

interface Options {
  look(): Promise<Watched>
  readonly stream: NodeJS.WriteStream
  readonly baseline: Counts
  /** How many records are expected; 0 when nobody knows. */
  readonly expected: number
  /** Whether to give up where a person has to act first. */
  readonly isOnce: boolean
  say(line: string): void
}

/** Nothing moves until somebody does something. */
export class StuckError extends Error {
  override readonly name = 'StuckError'
  readonly code = 'stuck'
}

const watchEveryMs = 500
/** A file may be replaced or locked for a while. */
const sourceErrorForMs = 60_000

/** Resolves with the counts of this run when all is delivered. */
export async function follow({ look, stream, baseline, expected, isOnce, say }: Options): Promise<Counts> {
  const display = createProgressDisplay(expected, stream)
  const told = new Set<string>()
  let failingSince = Number.POSITIVE_INFINITY
  try {
    for (;;) {
      const { counts, isDone, paused, sourceErrors } = await look()
      const run = since(counts, baseline)
      display.update(run)
      if (isDone) return run
      const obstacles = [
        ...sourceErrors.map((error) => `The data source "${error.name}" can't be read: ${error.code}.`),
        ...paused.map(({ name, reason }) => `The action "${name}" is paused: ${reason}.`),
      ]
      for (const obstacle of obstacles) {
        if (!told.has(obstacle)) say(`${obstacle} What to do is in docs/errors.md.`)
        told.add(obstacle)
      }
      failingSince = sourceErrors.length === 0 ? Number.POSITIVE_INFINITY : Math.min(failingSince, Date.now())
      const isStuck = paused.length > 0 || Date.now() - failingSince > sourceErrorForMs
      if (isOnce && isStuck)
        throw new StuckError(`Not everything could be delivered.\n${obstacles.join('\n')}`)
      await sleep(watchEveryMs)
    }
  } finally {
    display.end()
  }
}

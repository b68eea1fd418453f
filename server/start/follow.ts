/** Shows how everything gets delivered, and knows when it is, or when it can't be. */
import type { GraphqlClient } from './graphql-client.ts'
import { createProgressDisplay } from './progress-bar.ts'
import { type Counts, since, watch } from './watch.ts'

interface Options {
  readonly api: GraphqlClient
  readonly stream: NodeJS.WriteStream
  /** Polls before this time say nothing about this run, epoch milliseconds. */
  readonly startedAt: number
  readonly baseline: Counts
  /** How many records are expected; 0 when nobody knows. */
  readonly expected: number
  /** Resolves with a role's name when that has ended by itself. */
  readonly died: Promise<string>
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
export async function follow({
  api,
  stream,
  startedAt,
  baseline,
  expected,
  died,
  isOnce,
  say,
}: Options): Promise<Counts> {
  const display = createProgressDisplay(expected, stream)
  const told = new Set<string>()
  let failingSince = Number.POSITIVE_INFINITY
  try {
    for (;;) {
      const { counts, isDone, paused, sourceErrors } = await watch(api, startedAt)
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
      const dead = await Promise.race([died, later()])
      if (dead !== null) throw new Error(`The ${dead} has ended by itself.`)
    }
  } finally {
    display.end()
  }
}

function later(): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, watchEveryMs, null))
}

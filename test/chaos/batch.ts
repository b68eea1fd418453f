/** Some runs, each with its own seed, in one installation whose parts are killed under all of them. */
import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Findings } from './findings.ts'
import { type Installation, startInstallation } from './installation.ts'
import { type Crash, kill, planKills } from './kills.ts'
import { createRandom } from './random.ts'
import { prepareRun } from './run.ts'

export interface BatchOptions {
  readonly seeds: readonly number[]
  /** A folder that somebody cleans up however this process ends. */
  readonly within: string
  say(line: string): void
  /** Gets what is worth keeping of a run, and of the roles. */
  keep?(batch: FinishedBatch): Promise<void>
}

export interface RunFindings extends Findings {
  readonly seed: number
  /** How much went on, in words. */
  readonly traffic: string
}

export interface FinishedBatch {
  readonly runs: readonly (RunFindings & { record(): object })[]
  readonly crashes: readonly Crash[]
  keepLogs(folder: string): Promise<void>
}

/** After the last kill rows go on changing, and the vendor goes on failing. */
const aftermathMs = 3_000
/** More than all time-outs of a recovery together. */
const restWithinMs = 120_000

export async function runBatch(options: BatchOptions): Promise<readonly RunFindings[]> {
  const { seeds, within, say, keep } = options
  const installation = await startInstallation(within)
  try {
    const runs = await Promise.all(seeds.map((seed) => prepareRun(installation, seed)))
    try {
      const end = new AbortController()
      setMaxListeners(0, end.signal)
      say(`Seeds ${seeds[0]} to ${seeds.at(-1)}, with kills of:`)
      const started = performance.now()
      const [crashes] = await Promise.all([
        killAll(installation, seeds[0] ?? 0, say).finally(() => end.abort()),
        ...runs.map((run) => run.unrest(end.signal)),
      ])
      say(`  quiet after ${Math.round((performance.now() - started) / 1000)} s`)
      const found = await Promise.all(
        runs.map(async ({ seed, check, traffic, record }) => ({
          ...(await check(crashes, restWithinMs)),
          seed,
          traffic: traffic(),
          record,
        })),
      )
      say(`  at rest after ${Math.round((performance.now() - started) / 1000)} s`)
      const ownEnds = installation.ownEnds()
      if (ownEnds > 0) say(`  ${ownEnds} times a role ended although nobody had killed it`)
      await keep?.({ runs: found, crashes, keepLogs: installation.keepLogs })
      return found
    } finally {
      await Promise.all(runs.map((run) => run.end()))
    }
  } finally {
    await installation.close()
  }
}

async function killAll(
  installation: Installation,
  seed: number,
  say: (line: string) => void,
): Promise<readonly Crash[]> {
  const crashes = await kill(installation, planKills(createRandom(seed)), say)
  await sleep(aftermathMs)
  return crashes
}

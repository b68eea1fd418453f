/** Somebody who works while everything breaks: pauses and resumes actions, publishes; in the end resumes all. */
import { setTimeout as sleep } from 'node:timers/promises'
import { mutate } from '../harness/mutate.ts'
import type { Installation } from './installation.ts'
import type { Random } from './random.ts'
import { laneNames, type Scene } from './scene.ts'

/** The server, PostgreSQL or Temporal may be away. */
const againMs = 500
const resumeWithinMs = 120_000

export async function operate(
  installation: Installation,
  { actions, workspace }: Scene,
  random: Random,
  signal: AbortSignal,
): Promise<void> {
  const pause = (ms: number) => sleep(ms, undefined, { signal }).catch(() => undefined)
  /** Whether it was done; an operator who gets an error goes on with something else. */
  const tryTo = (verb: string, input: object) =>
    mutate(installation, verb, input).then(
      () => true,
      () => false,
    )

  while (!signal.aborted) {
    await pause(random.between(1_000, 6_000))
    if (signal.aborted) break
    if (random.chance(0.3)) {
      await tryTo('publishVersion', { workspaceId: workspace, notes: 'again' })
      continue
    }
    const action = { id: actions[random.pick(laneNames)] }
    if (!(await tryTo('pauseAction', action))) continue
    await pause(random.between(200, 2_000))
    await tryTo('resumeAction', action)
  }

  const deadline = performance.now() + resumeWithinMs
  for (const lane of laneNames) {
    while (!(await tryTo('resumeAction', { id: actions[lane] }))) {
      if (performance.now() > deadline) throw new Error(`The action for ${lane} could not be resumed.`)
      await sleep(againMs)
    }
  }
}

/** A delivery by `npm start` to a vendor that outlives every start, slow enough for something to happen meanwhile. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type BrazeSimulator, createBrazeSimulator } from '@sluice/connector-braze/testing'
import { inject, test as withoutScene } from 'vitest'
import type { ApiClient } from '../harness/api-client.ts'
import { createPassingFolder } from '../harness/passing-folder.ts'
import { attribute } from '../harness/scene.ts'
import { seed } from '../harness/seed.ts'
import { until } from '../harness/until.ts'
import { type StartProgram, startProgram } from './start-program.ts'

export interface StartScene {
  readonly dataFolder: string
  readonly braze: BrazeSimulator
  start(...args: readonly string[]): StartProgram
  /**
   * Publishes an action on so many rows; returns its id. Until its faults are cleared the vendor takes at most 500
   * a second, however many requests are under way: what happens meanwhile may take its time on a busy machine.
   */
  deliver(api: ApiClient, rows: number): Promise<string>
  /** Waits until the vendor has taken so many more. */
  goesOn(objects?: number): Promise<void>
  /** What the vendor should have in the end, and what it has. */
  expected(rows: number): Readonly<Record<string, unknown>>
  received(): Readonly<Record<string, unknown>>
  /** Ends everything and removes it. */
  end(): Promise<void>
}

const always = Number.POSITIVE_INFINITY
/** What a kill has cut off for good is found by the sweep: two minutes without a commit, and looked for once a minute. */
const goesOnWithinMs = 300_000
const planOf = (id: number) => `plan-${id % 7}`

/** Tests with a scene of their own. */
export const test = withoutScene.extend<{ readonly scene: StartScene }>({
  scene: async ({ onTestFinished }, use) => {
    const scene = await createStartScene()
    onTestFinished(scene.end)
    await use(scene)
  },
})

async function createStartScene(): Promise<StartScene> {
  const folder = await createPassingFolder({ prefix: 'start-', within: inject('suiteFolder') })
  const dataFolder = join(folder.path, 'data')
  const sources = join(folder.path, 'sources')
  await mkdir(sources)
  const braze = await createBrazeSimulator({ trackRequestsPerWindow: always, keepRequests: always })
  const programs: StartProgram[] = []
  return {
    dataFolder,
    braze,
    start(...args) {
      const program = startProgram({ dataFolder, sources, args })
      programs.push(program)
      return program
    },
    async deliver(api, rows) {
      braze.faults.add({ kind: 'slow', delayMs: 150, inTurn: true, times: always })
      const { action } = await seed({ ...api, folder: sources })
        .workspace()
        .csvSource(Array.from({ length: rows }, (_, index) => ({ id: index + 1, plan: planOf(index + 1) })))
        .segment()
        .connector({ endpoint: braze.url, apiKey: braze.apiKey })
        .action([attribute('externalId', 'id'), attribute('attributes', 'plan', 'plan')])
        .publish()
      return action.id
    },
    async goesOn(objects = 300) {
      const wanted = braze.objects + objects
      await until(`the vendor has taken ${wanted} in all`, () => braze.objects >= wanted, goesOnWithinMs)
    },
    expected: (rows) =>
      Object.fromEntries(Array.from({ length: rows }, (_, index) => [index + 1, planOf(index + 1)])),
    received: () =>
      Object.fromEntries(
        [...braze.profiles()].map(({ externalId, attributes }) => [externalId, attributes['plan']]),
      ),
    async end() {
      // First: they would start again what is ended next.
      for (const program of programs) await program.kill()
      await braze.close()
      await folder.remove()
    },
  }
}

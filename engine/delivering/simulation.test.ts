/** The invariants of the delivery protocol, in thousands of schedules in which everything fails that can. */
import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { keptSeeds } from '../../test/simulation/kept-seeds.ts'
import { playSchedule } from '../../test/simulation/schedule.ts'

const schedules = 5_000
const slow = 300_000

/** What is broken, and how to see it. */
async function brokenIn(seeds: readonly number[]): Promise<readonly string[]> {
  const broken: string[] = []
  for (const seed of seeds) {
    const { violations } = await playSchedule(seed)
    for (const { invariant, what } of violations)
      broken.push(`${invariant}: ${what}: npm run simulate -- --trace ${seed}`)
    // The test runner wants to hear of us now and then.
    if (seed % 100 === 0) await setImmediate()
  }
  return broken
}

it(`hold in ${schedules} schedules`, { timeout: slow }, async () => {
  const seeds = Array.from({ length: schedules }, (_, index) => index + 1)
  expect(await brokenIn(seeds)).toEqual([])
})

it('hold in the schedules that once broke them', { timeout: slow }, async () => {
  expect(await brokenIn(keptSeeds)).toEqual([])
})

it('are the same again for the same seed', async () => {
  const lines: string[][] = [[], []]
  for (const each of lines) await playSchedule(7, each)
  expect(lines[0]?.length).toBeGreaterThan(50)
  expect(lines[1]).toEqual(lines[0])
})

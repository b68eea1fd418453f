/** Two starts on one data folder: one runs, the other says who holds it and ends. */
import { expect } from 'vitest'
import { test } from './scene.ts'
import { partsIn } from './start-program.ts'

const timeout = 240_000

test('a second start says who holds the folder and what to do, fails, and does not disturb the first', {
  timeout,
}, async ({ scene }) => {
  const first = scene.start()
  const api = await first.api()
  const parts = partsIn(scene.dataFolder)
  const second = scene.start()
  expect(await second.exit).toBe(1)
  expect(second.output()).toBe(
    `The data folder ${scene.dataFolder} is in use by process ${first.pid}. End that one first, or start with another SLUICE_DATA_DIR.\n`,
  )
  expect(partsIn(scene.dataFolder)).toEqual(parts)
  expect(await api.data('{ workspaces { name } }')).toEqual({ workspaces: [{ name: 'Demo' }] })
  expect(await first.interrupt()).toBe(0)
})

test('of two that start at the same moment exactly one runs, each time', { timeout }, async ({ scene }) => {
  for (let round = 0; round < 3; round += 1) {
    const both = [scene.start(), scene.start()]
    const ended = await Promise.race(
      both.map(async (each) => {
        expect(await each.exit).toBe(1)
        return each
      }),
    )
    const [other] = both.filter((each) => each !== ended)
    expect(ended.output()).toMatch(/^The data folder \S+ is in use by process \d+\./)
    expect(ended.output()).toContain(`by process ${other?.pid}.`)
    await other?.said(/^PostgreSQL /m)
    // The next round finds whatever this one had started by then.
    await other?.kill()
  }
})

/** The table of a chaos run is what the checks take it for. */
import { expect, it } from 'vitest'
import { createRandom } from './random.ts'
import { createWorld } from './world.ts'

function changed(seed: number) {
  const world = createWorld(createRandom(seed), 300, 1_000)
  for (let change = 1; change <= 30; change += 1) world.change(1_000 + change)
  return { world, last: world.finish(1_031) }
}

it('numbers versions in the order of the cursor, equal times and microseconds included', () => {
  const { versions } = changed(1).world
  const places = versions.map(({ micros, id }) => micros * 10_000 + id)
  expect(places.slice(1).every((place, index) => place > (places[index] ?? 0))).toBe(true)
  expect(new Set(versions.map(({ micros }) => micros)).size).toBeLessThan(versions.length)
  expect(versions.some(({ micros }) => micros % 1_000 !== 0)).toBe(true)
})

it('has rows that come, change, leave the segment and go, and recipients that rows share', () => {
  const { world, last } = changed(2)
  const rows = [...world.rows.values()]
  expect(Math.max(...rows.map(({ id }) => id))).toBeGreaterThan(300)
  expect(rows.length).toBeLessThan(new Set(world.versions.map(({ id }) => id)).size)
  expect(rows.some(({ isActive }) => !isActive)).toBe(true)
  expect(new Set(rows.map(({ person }) => person)).size).toBeLessThan(rows.length)
  expect(rows.at(-1)).toEqual(last)
})

it('is the same for the same seed', () => {
  expect(changed(3).world.versions).toEqual(changed(3).world.versions)
  expect(changed(4).world.versions).not.toEqual(changed(3).world.versions)
})

/** `kill -9` of everything that `npm start` runs, again and again: the next start goes on. */
import { expect } from 'vitest'
import { settled } from '../harness/observe.ts'
import { test } from './scene.ts'
import { partsIn, signalParts } from './start-program.ts'

const rows = 30_000
/** Three starts, and twice the heartbeat of a killed worker, on a busy machine. */
const timeout = 900_000

test('everything is killed twice in the midst of a delivery: the next start finishes it', {
  timeout,
}, async ({ scene }) => {
  const { dataFolder, braze } = scene
  const first = scene.start()
  const actionId = await scene.deliver(await first.api(), rows)
  await scene.goesOn()
  signalParts(dataFolder, 'SIGKILL')
  await first.kill()

  const second = scene.start()
  // By then the vendor has taken what was under way at the kill.
  await second.api()
  await scene.goesOn()
  signalParts(dataFolder, 'SIGKILL')
  await second.kill()
  expect(braze.objects).toBeLessThan(rows)

  braze.faults.clear()
  const third = scene.start()
  const { counts, deadLetters } = await settled(await third.api(), actionId, rows, timeout)
  expect(counts).toMatchObject({ matched: rows, delivered: rows, waiting: 0 })
  expect(deadLetters).toEqual([])
  expect(scene.received()).toEqual(scene.expected(rows))
  expect(await third.interrupt()).toBe(0)
  expect(partsIn(dataFolder)).toEqual(new Map())
})

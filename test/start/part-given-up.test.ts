/** While `npm start` runs: a part that cannot be kept alive is given up, and nothing is left of the start. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../harness/until.ts'
import { createStartScene, type StartScene } from './scene.ts'
import { partsIn, signalParts } from './start-program.ts'

let scene: StartScene
beforeEach(async () => {
  scene = await createStartScene()
})
afterEach(() => scene.end())

const timeout = 900_000

test('a part that dies again and again is given up: the start says so, ends the rest and fails', {
  timeout,
}, async () => {
  const { dataFolder } = scene
  const started = scene.start()
  await started.said(/^New and changed rows follow/m)
  let isOver = false
  const exit = started.exit.finally(() => {
    isOver = true
  })
  await until(
    'the worker is given up',
    () => {
      signalParts(dataFolder, 'SIGKILL', ['worker'])
      return isOver
    },
    timeout,
  )
  expect(await exit).toBe(1)
  expect(started.output().match(/The worker has ended by itself and is started again/g)).toHaveLength(1)
  expect(started.output()).toMatch(/^The worker has ended 5 times in a row and is not started again\./m)
  expect(partsIn(dataFolder)).toEqual(new Map())
})

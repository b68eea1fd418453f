/** While `npm start` runs: a part that cannot be kept alive is given up, and nothing is left of the start. */
import { expect } from 'vitest'
import { until } from '../harness/until.ts'
import { test } from './scene.ts'
import { partsIn, signalParts } from './start-program.ts'

const timeout = 900_000

test('a part that dies again and again is given up: the start says so, ends the rest and fails', {
  timeout,
}, async ({ scene }) => {
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

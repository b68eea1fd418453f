/** While `npm start` runs: a part that dies is noticed and started again, and what it does is not disturbed. */
import { expect } from 'vitest'
import { test } from './scene.ts'
import { partsIn, signalParts } from './start-program.ts'

/** More than the vendor takes while all this happens. */
const rows = 100_000
const timeout = 900_000

test('with --once every part dies once in the midst of a delivery, which is finished all the same', {
  timeout,
}, async ({ scene }) => {
  const { dataFolder, braze } = scene
  const before = scene.start()
  await scene.deliver(await before.api(), rows)
  await scene.goesOn(1)
  expect(await before.interrupt()).toBe(0)

  const once = scene.start('--once', '--json')
  await scene.goesOn()
  const started = partsIn(dataFolder)
  for (const [part, name] of [
    ['server', 'The server'],
    ['Temporal', 'Temporal'],
    ['PostgreSQL', 'PostgreSQL'],
    ['worker', 'The worker'],
  ] as const) {
    signalParts(dataFolder, 'SIGKILL', [part])
    await once.said(new RegExp(`^${name} has ended by itself and is started again`, 'm'))
    await once.said(new RegExp(`^${name} runs again`, 'm'))
    await scene.goesOn()
  }
  for (const [name, pids] of partsIn(dataFolder)) {
    expect(pids).toHaveLength(1)
    if (name === 'simulator' || name === 'receiver') expect(pids).toEqual(started.get(name))
    else expect(pids).not.toEqual(started.get(name))
  }

  braze.faults.clear()
  expect([await once.exit, once.output()]).toEqual([0, expect.anything()])
  const { matched, delivered, waiting } = JSON.parse(once.output().trimEnd().split('\n').at(-1) ?? '')
  expect({ delivered, waiting }).toEqual({ delivered: matched, waiting: 0 })
  expect(scene.received()).toEqual(scene.expected(rows))
  expect(partsIn(dataFolder)).toEqual(new Map())
})

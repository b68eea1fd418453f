/** `kill -9` of a part of what `npm start` runs: the next start deals with what is left, and goes on. */
import { expect } from 'vitest'
import { settled } from '../harness/observe.ts'
import { test } from './scene.ts'
import { partsIn, signalParts } from './start-program.ts'

const rows = 30_000
/** Two starts, and the heartbeat of a killed worker, on a busy machine. */
const timeout = 900_000

test('what is left of a killed start and does not end by itself is ended before anything new is started', {
  timeout,
}, async ({ scene }) => {
  const { dataFolder, braze } = scene
  const first = scene.start()
  const actionId = await scene.deliver(await first.api(), rows)
  await scene.goesOn()
  const left = partsIn(dataFolder)
  // Stopped, they neither hear that their parent is gone nor let go of their ports.
  signalParts(dataFolder, 'SIGSTOP', ['worker', 'server', 'simulator', 'receiver'])
  signalParts(dataFolder, 'SIGKILL', ['PostgreSQL'])
  await first.kill()

  braze.faults.clear()
  const second = scene.start()
  const { counts } = await settled(await second.api(), actionId, rows, timeout)
  expect(counts).toMatchObject({ matched: rows, delivered: rows, waiting: 0 })
  expect(scene.received()).toEqual(scene.expected(rows))
  const now = partsIn(dataFolder)
  for (const name of ['worker', 'server', 'simulator', 'receiver', 'PostgreSQL'] as const) {
    expect(now.get(name)).toHaveLength(1)
    expect(now.get(name)).not.toEqual(left.get(name))
    expect(second.output()).toContain(
      name === 'PostgreSQL'
        ? 'embedded'
        : `The ${name} that an earlier start left running (process ${left.get(name)})`,
    )
  }
  // Nothing was wrong with it.
  expect(now.get('Temporal')).toEqual(left.get('Temporal'))
  expect(await second.interrupt()).toBe(0)
  expect(partsIn(dataFolder)).toEqual(new Map())
})

/** A worker that dies while events are on their way: nobody knows what was taken, so nothing of it is repeated. */
import { afterAll, beforeAll, expect } from 'vitest'
import { attribute, withScenes } from '../harness/scene.ts'
import type { Row } from '../harness/seed.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/until.ts'

let stack: Stack
const it = withScenes(() => stack)
beforeAll(async () => {
  stack = await startStack({ worker: 'none' })
})
afterAll(() => stack.close())

const takeOverMs = 120_000
const events = { parameter: 'events', key: 'name', from: { kind: 'constant', value: 'signed_up' } }

it('counts what was on its way as unknown, and sends the rest once', {
  timeout: 2 * takeOverMs,
}, async ({ createScene }) => {
  const worker = await stack.startWorker()
  const rows: Row[] = Array.from({ length: 3_000 }, (_, index) => ({ id: index + 1 }))
  const scene = await createScene({
    from: rows,
    mappings: [attribute('externalId', 'id'), events],
    action: { applyWithinMs: 500 },
    faults: [
      { kind: 'slow', delayMs: 20, times: 10 },
      // Taken, and never answered: in flight when the worker dies.
      { kind: 'hang', stores: true, times: Number.POSITIVE_INFINITY },
    ],
  })
  const requestsOf = (count: number) => until('requests hang', () => scene.braze.requests >= count)
  await requestsOf(18)
  await worker.kill()
  const taken = scene.braze.objects
  scene.braze.faults.clear()
  await stack.startWorker()

  const { counts, deadLetters } = await scene.settled(3_000, takeOverMs)
  expect(counts.delivered + counts.unknown).toBe(3_000)
  expect(counts.unknown).toBeGreaterThan(0)
  expect(counts.delivered).toBeGreaterThan(0)
  // What the dead worker had no answer committed for is exactly what is not believed.
  expect(counts.unknown).toBeGreaterThanOrEqual(taken - counts.delivered)
  expect(new Set(deadLetters.map(({ code }) => code))).toEqual(new Set(['interrupted']))
  const counted = [...scene.braze.profiles()].map(({ events: own }) => own.map(({ count }) => count))
  expect(counted).toEqual(rows.map(() => [1]))
})

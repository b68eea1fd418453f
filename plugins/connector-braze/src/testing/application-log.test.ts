/** What took effect, and when. */
import { expect, it, onTestFinished } from 'vitest'
import type { BrazeSimulatorOptions } from './options.ts'
import { type BrazeSimulator, createBrazeSimulator } from './simulator.ts'
import { createClient } from './test-client.ts'

async function simulator(options: BrazeSimulatorOptions = {}) {
  const braze = await createBrazeSimulator(options)
  onTestFinished(() => braze.close())
  return { braze, ...createClient(braze) }
}

const attributesOf = (...ids: readonly string[]) => ids.map((id) => ({ external_id: id, plan: 'a' }))

/** The requests that took effect, by number, with the users that they were about. */
function applied({ applications }: BrazeSimulator) {
  return applications.map(({ sequence, attributes }) => [
    sequence,
    ...attributes.map(({ external_id: id }) => id),
  ])
}

it('is logged with the objects that were taken, not with those that were refused', async () => {
  const { braze, track } = await simulator({ blockedUsers: ['blocked'] })
  const events = [{ external_id: '1', name: 'seen', time: '2026-05-28' }]
  await track({ attributes: attributesOf('1', 'blocked', '2'), events })
  expect(braze.applications).toMatchObject([
    { sequence: 1, path: '/users/track', attributes: attributesOf('1', '2'), events },
  ])
})

it('is not logged for what was faulted, refused or limited', async () => {
  const { braze, track } = await simulator({
    blockedUsers: ['blocked'],
    trackRequestsPerWindow: 2,
    now: () => 1_000_000,
  })
  braze.faults.add({ kind: 'status', status: 503 })
  const faulted = await track({ attributes: attributesOf('1') })
  const refused = await track({ attributes: attributesOf('blocked') })
  const limited = await track({ attributes: attributesOf('1') })
  expect([faulted, refused, limited].map(({ status }) => status)).toEqual([503, 400, 429])
  expect(braze.applications).toEqual([])
})

it('is logged once for a request that stored and was answered with nothing, an error or garbage', async () => {
  const { braze, track } = await simulator()
  braze.faults.add({ kind: 'reset', stores: true })
  braze.faults.add({ kind: 'status', status: 500, stores: true })
  braze.faults.add({ kind: 'garbage' })
  await expect(track({ attributes: attributesOf('1') })).rejects.toThrow()
  await track({ attributes: attributesOf('2') })
  await track({ attributes: attributesOf('3') })
  expect(applied(braze)).toEqual([
    [1, '1'],
    [2, '2'],
    [3, '3'],
  ])
})

it('stands in the order of taking effect, with both times, also when nobody waits any more', async () => {
  const { braze, track } = await simulator()
  braze.faults.add({ kind: 'slow', delayMs: 300 })
  const gone = AbortSignal.timeout(50)
  const request = fetch(`${braze.url}/users/track`, {
    method: 'POST',
    headers: { authorization: `Bearer ${braze.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ attributes: attributesOf('1') }),
    signal: gone,
  })
  await expect(request).rejects.toThrow()
  await track({ attributes: attributesOf('1', '2') })
  await expect.poll(() => braze.applications.length).toBe(2)
  expect(applied(braze)).toEqual([
    [2, '1', '2'],
    [1, '1'],
  ])
  const late = braze.applications[1]
  expect((late?.appliedAt ?? 0) - (late?.arrivedAt ?? 0)).toBeGreaterThanOrEqual(299)
  const ended = braze.log.find(({ sequence }) => sequence === 1)
  expect([ended?.at, ended?.endedAt]).toEqual([late?.arrivedAt, late?.appliedAt])
})

it('stands there when it takes effect after the answer', async () => {
  const { braze, track } = await simulator({ applyDelayMs: 100 })
  await track({ attributes: attributesOf('1') })
  expect(braze.applications).toEqual([])
  await expect.poll(() => applied(braze)).toEqual([[1, '1']])
})

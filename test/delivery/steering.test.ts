/** Steering what runs: pause and resume at once; switches and mappings with a publish. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { mutate } from '../harness/mutate.ts'
import { attribute, type Scene, withScenes } from '../harness/scene.ts'
import type { Row } from '../harness/seed.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/until.ts'

let stack: Stack
const it = withScenes(() => stack)
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

const always = Number.POSITIVE_INFINITY
const toPlan = [attribute('externalId', 'id'), attribute('attributes', 'plan', 'plan')]
const toPlanAndEmail = [...toPlan, attribute('email', 'email')]

function users(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    plan: 'free',
    email: `u${index + 1}@example.com`,
  }))
}

/** The names of what each user has at the vendor. */
function attributeNames({ braze }: Scene): Record<string, string> {
  const entries = [...braze.profiles()].map(({ externalId, attributes }) => [
    externalId,
    Object.keys(attributes).sort().join(),
  ])
  return Object.fromEntries(entries)
}

describe.concurrent('pausing an action', () => {
  it('stops sending at once, and resuming goes on without a loss or a repeat', async ({ createScene }) => {
    const scene = await createScene({
      from: users(9_000),
      mappings: toPlan,
      faults: [
        { kind: 'slow', delayMs: 50, times: 10 },
        { kind: 'slow', delayMs: 1_000, times: always },
      ],
    })
    await until('some are delivered', () => scene.braze.objects >= 750)
    await mutate(stack, 'pauseAction', { id: scene.action.id })
    await until('the delivery stands', async () => (await scene.look()).deliveries[0]?.state === 'PAUSED')
    const paused = await scene.look()
    const sent = scene.braze.objects
    expect(sent).toBeLessThan(9_000)
    // What was in flight has come home and is counted.
    expect(paused).toMatchObject({ pauseReason: 'command', counts: { delivered: sent } })
    expect(paused.deadLetters).toEqual([])
    await sleep(800)
    expect(scene.braze.objects).toBe(sent)

    scene.braze.faults.clear()
    await mutate(stack, 'resumeAction', { id: scene.action.id })
    const { counts, pausedAt } = await scene.settled(9_000)
    expect(pausedAt).toBeNull()
    expect(counts).toMatchObject({ matched: 9_000, delivered: 9_000, requests: 120, retries: 0 })
    expect(scene.braze.objects).toBe(9_000)
    expect(scene.braze.receivedUsers).toBe(9_000)
  })

  it('plans nothing new while it lasts, and what came meanwhile is delivered afterwards', async ({
    createScene,
  }) => {
    const scene = await createScene({ from: users(2), mappings: toPlan })
    await scene.settled(2)
    await mutate(stack, 'pauseAction', { id: scene.action.id })
    await scene.replaceRows(users(5))
    await sleep(1_500)
    const { counts, isAtSourceEnd } = await scene.look()
    expect(counts).toMatchObject({ matched: 2, delivered: 2 })
    expect(isAtSourceEnd).toBe(false)
    await mutate(stack, 'resumeAction', { id: scene.action.id })
    expect((await scene.settled(5)).counts).toMatchObject({ matched: 5, delivered: 5 })
    expect(scene.braze.objects).toBe(5)
  })
})

describe.concurrent('deactivating an action', () => {
  it('ends planning with the next publish, and activating goes on where it was', async ({ createScene }) => {
    const scene = await createScene({ from: users(2), mappings: toPlan })
    await scene.settled(2)
    const inactive = await mutate(stack, 'deactivateAction', scene.action)
    // Not yet published: it still runs.
    await scene.replaceRows(users(3))
    expect((await scene.settled(3)).counts).toMatchObject({ delivered: 3 })

    await scene.publish()
    await scene.replaceRows(users(6))
    await sleep(1_500)
    expect((await scene.look()).deliveries).toHaveLength(2)
    expect(scene.braze.objects).toBe(3)

    await mutate(stack, 'activateAction', inactive)
    await scene.publish()
    const { counts, deliveries } = await scene.settled(6)
    expect(counts).toMatchObject({ matched: 6, delivered: 6 })
    expect(deliveries.map(({ versionNumber }) => versionNumber)).toEqual([1, 1, 3])
    expect(scene.braze.objects).toBe(6)
  })
})

describe.concurrent('changed mappings', () => {
  it('hold from the next stretch after their publish, and every delivery names its version', async ({
    createScene,
  }) => {
    const scene = await createScene({ from: users(1), mappings: toPlan })
    await scene.settled(1)
    await mutate(stack, 'updateAction', { ...scene.action, mappings: toPlanAndEmail })
    await scene.replaceRows(users(2))
    await scene.settled(2)
    expect(await scene.publish()).toBe(2)
    await scene.replaceRows(users(3))

    const { deliveries } = await scene.settled(3)
    expect(deliveries.map(({ sequence, versionNumber }) => [sequence, versionNumber])).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
    ])
    expect(attributeNames(scene)).toEqual({ 1: 'plan', 2: 'plan', 3: 'email,plan' })
  })

  it('do not reach a delivery that waits: its retries keep its version', async ({ createScene }) => {
    const scene = await createScene({
      from: users(2),
      mappings: toPlan,
      action: { retryDelaysMs: [500] },
      faults: [{ kind: 'status', status: 503, externalId: '1', times: always }],
    })
    await until('the records wait', async () => (await scene.look()).deliveries[0]?.state === 'WAITING')
    await mutate(stack, 'updateAction', { ...scene.action, mappings: toPlanAndEmail })
    await scene.publish()
    await scene.replaceRows(users(3))
    await until('the later row is delivered', () => scene.braze.profile('3') !== undefined)
    scene.braze.faults.clear()
    const { deliveries } = await scene.settled(3)
    expect(deliveries).toMatchObject([
      { versionNumber: 1, delivered: 2 },
      { versionNumber: 2, delivered: 1 },
    ])
    expect(attributeNames(scene)).toEqual({ 1: 'plan', 2: 'plan', 3: 'email,plan' })
  })
})

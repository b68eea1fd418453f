/** What the vendor delays, throttles or refuses: nothing is lost, and every record is accounted for. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createBrazeSimulator } from '@sluice/connector-braze/testing'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { mutate } from '../harness/mutate.ts'
import { observe } from '../harness/observe.ts'
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

const toAttributes = [attribute('externalId', 'id'), attribute('email', 'email')]
const soon = { retryDelaysMs: [50] }
const always = Number.POSITIVE_INFINITY

function users(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => ({ id: index + 1, email: `u${index + 1}@example.com` }))
}

function ids({ braze }: Scene): readonly number[] {
  return [...braze.profiles()].map(({ externalId }) => Number(externalId)).sort((a, b) => a - b)
}

const allOf = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe.concurrent('a vendor that is down', () => {
  it('gets the records by a later pass, and every further attempt is counted', async ({ createScene }) => {
    const scene = await createScene({
      from: users(10),
      mappings: toAttributes,
      action: soon,
      faults: [{ kind: 'status', status: 503, times: 3 }],
    })
    const { counts, deliveries, deadLetters } = await scene.settled(10)
    expect(counts).toMatchObject({ matched: 10, delivered: 10, retries: 30, requests: 4 })
    expect(deliveries).toMatchObject([{ state: 'COMPLETED', isFirstPassDone: true, retries: 30 }])
    expect(deadLetters).toEqual([])
    expect(ids(scene)).toEqual(allOf(10))
  })

  it('does not hold up later stretches of the lane', async ({ createScene }) => {
    const scene = await createScene({
      from: users(3),
      mappings: toAttributes,
      action: { retryDelaysMs: [500] },
      faults: [{ kind: 'status', status: 500, externalId: '2', times: always }],
    })
    await until('the first records wait', async () => {
      const [first] = (await scene.look()).deliveries
      return first?.state === 'WAITING' && first.errorCode === 'http_500' && first.waitingUntil !== null
    })
    await scene.replaceRows(users(5))
    const { deliveries } = await until('the later ones are delivered', async () => {
      const observed = await scene.look()
      return observed.deliveries[1]?.delivered === 2 && observed
    })
    expect(deliveries).toMatchObject([
      { sequence: 1, waiting: 3 },
      { sequence: 2, delivered: 2 },
    ])
    expect(ids(scene)).toEqual([4, 5])
    scene.braze.faults.clear()
    expect((await scene.settled(5)).counts).toMatchObject({ matched: 5, delivered: 5 })
    expect(ids(scene)).toEqual(allOf(5))
  })

  it('is given up when the time for retries is over: the records are dead letters', async ({
    createScene,
  }) => {
    const scene = await createScene({
      from: users(4),
      mappings: toAttributes,
      // Long enough for a slow machine to come to a retry.
      action: { retryDelaysMs: [50], retryForMs: 4_000 },
      faults: [{ kind: 'status', status: 502, times: always }],
    })
    const { counts, deadLetters } = await scene.settled(4)
    expect(counts).toMatchObject({ matched: 4, exhausted: 4, delivered: 0 })
    expect(counts.retries).toBeGreaterThanOrEqual(4)
    expect(deadLetters.reduce((sum, { count }) => sum + count, 0)).toBe(4)
    expect(deadLetters[0]).toMatchObject({ outcome: 'EXHAUSTED', reporter: 'VENDOR', code: 'http_502' })
  })

  it('may be away altogether, and is found when it is back', async ({ createScene }) => {
    const scene = await createScene({ from: users(1), mappings: toAttributes, action: soon })
    await scene.settled(1)
    await scene.braze.close()
    await scene.replaceRows(users(3))
    await until(
      'the records wait',
      async () => (await scene.look()).deliveries[1]?.errorCode === 'connection_failed',
    )
    const { port } = new URL(scene.braze.url)
    const returned = await createBrazeSimulator({ port: Number(port) })
    stack.onClose(returned.close)
    expect((await scene.settled(3)).counts).toMatchObject({ matched: 3, delivered: 3 })
    expect(returned.receivedUsers).toBe(2)
  })
})

describe.concurrent('a vendor that throttles', () => {
  it('is left alone until the time it asks for', async ({ createScene }) => {
    const waitMs = 2_000
    const scene = await createScene({
      from: users(1_500),
      mappings: toAttributes,
      faults: [{ kind: 'status', status: 429, headers: { 'retry-after': String(waitMs / 1000) } }],
    })
    const { counts } = await scene.settled(1_500)
    expect(counts).toMatchObject({ matched: 1_500, delivered: 1_500 })
    expect(ids(scene)).toEqual(allOf(1_500))

    const { log } = scene.braze
    const throttledAt = log.find(({ status }) => status === 429)?.at ?? Number.NaN
    const meanwhile = log.filter(({ at }) => at > throttledAt && at < throttledAt + waitMs)
    const later = log.filter(({ at }) => at >= throttledAt + waitMs)
    // At most those that were under way together with the first one.
    expect(meanwhile.length).toBeLessThanOrEqual(7)
    expect(later.length).toBeGreaterThanOrEqual(20 - 7)
    expect(log).toHaveLength(21)
  })

  it('gets all within its windows, told by the headers of its own', async ({ createScene }) => {
    // Its first eight requests go out together: not even two windows have room for them.
    const perWindow = 3
    const scene = await createScene({
      from: users(600),
      mappings: toAttributes,
      braze: { trackRequestsPerWindow: perWindow, rateLimitHeaders: 'seconds' },
    })
    const { counts } = await scene.settled(600)
    expect(counts).toMatchObject({ matched: 600, delivered: 600 })
    expect(scene.braze.objects).toBe(600)
    expect(scene.braze.log.filter(({ status }) => status === 201)).toHaveLength(8)
    expect(scene.braze.log.some(({ status }) => status === 429)).toBe(true)
  })
})

describe.concurrent('a vendor that refuses', () => {
  it('makes a dead letter of the one bad record in a batch, and its neighbours are delivered', async ({
    createScene,
  }) => {
    const rows = users(20).map((row) => (row['id'] === 7 ? { ...row, email: 'u7@no-top-level' } : row))
    const scene = await createScene({ from: rows, mappings: toAttributes })
    const { counts, deadLetters } = await scene.settled(20)
    expect(counts).toMatchObject({ matched: 20, delivered: 19, refused: 1, requests: 1 })
    expect(deadLetters).toEqual([
      { outcome: 'REFUSED', reporter: 'VENDOR', code: 'invalid_email', parameterPath: null, count: 1 },
    ])
    expect(ids(scene)).toEqual(allOf(20).filter((id) => id !== 7))
  })

  it('is asked again by halves where one answer refuses a whole batch', async ({ createScene }) => {
    const scene = await createScene({
      from: users(64),
      mappings: toAttributes,
      faults: [{ kind: 'status', status: 400, externalId: '33', times: always }],
    })
    const { counts, deadLetters } = await scene.settled(64)
    expect(counts).toMatchObject({ matched: 64, delivered: 63, refused: 1, retries: 0 })
    expect(deadLetters).toEqual([
      { outcome: 'REFUSED', reporter: 'VENDOR', code: 'http_400', parameterPath: null, count: 1 },
    ])
    expect(ids(scene)).toEqual(allOf(64).filter((id) => id !== 33))
    // One for the whole, then two for each of the six halvings.
    expect(scene.braze.requests).toBe(13)
    expect(scene.braze.objects).toBe(63)
  })

  it('is not bothered with what Sluice rejects, which names the parameter', async ({ createScene }) => {
    const rows = [
      { id: 1, born: '1990-05-28' },
      { id: 2, born: 'long ago' },
      { id: 3, born: 'yesterday' },
    ]
    const scene = await createScene({
      from: rows,
      mappings: [attribute('externalId', 'id'), attribute('dob', 'born')],
    })
    const { counts, deadLetters } = await scene.settled(3)
    expect(counts).toMatchObject({ matched: 3, delivered: 1, rejected: 2, requests: 1 })
    expect(deadLetters).toEqual([
      { outcome: 'REJECTED', reporter: 'SLUICE', code: 'invalid_dob', parameterPath: 'dob', count: 2 },
    ])
    expect(ids(scene)).toEqual([1])
  })
})

describe.concurrent('a vendor that does not take the key', () => {
  it('pauses the action, which goes on with another key and has lost nothing', async ({ createScene }) => {
    const scene = await createScene({
      from: users(1_200),
      mappings: toAttributes,
      apiKey: 'an old key',
    })
    const paused = await until('the action is paused', async () => {
      const observed = await scene.look()
      return observed.pausedAt !== null && observed.deliveries[0]?.state === 'PAUSED' && observed
    })
    expect(paused).toMatchObject({
      pauseReason: 'invalid_api_key',
      counts: { delivered: 0 },
      deadLetters: [],
    })
    const asked = scene.braze.requests
    // Those that were under way together, and no further ones.
    expect(asked).toBeLessThanOrEqual(8)
    await sleep(1_000)
    expect(scene.braze.requests).toBe(asked)

    await mutate(stack, 'updateConnector', {
      ...scene.connector,
      settings: { endpoint: scene.braze.url, apiKey: scene.braze.apiKey },
    })
    await mutate(stack, 'resumeAction', { id: scene.action.id })
    const { counts, pausedAt } = await scene.settled(1_200)
    expect(pausedAt).toBeNull()
    expect(counts).toMatchObject({ matched: 1_200, delivered: 1_200 })
    expect(ids(scene)).toEqual(allOf(1_200))
    expect(scene.braze.objects).toBe(1_200)
  })

  it('pauses every action of the credential, and no other; resuming the connector loses nothing', async ({
    createScene,
  }) => {
    const scene = await createScene({ from: users(200), mappings: toAttributes })
    await scene.settled(200)
    const { segment, source, workspaceId } = scene
    const fields = { workspaceId, dataSourceId: source.id, segmentId: segment.id }
    const more = { ...fields, type: 'track-user', mappings: toAttributes }
    const second = await mutate(stack, 'createAction', {
      ...more,
      name: 'second',
      connectorId: scene.connector.id,
    })
    await mutate(stack, 'activateAction', second)
    const byCommand = await mutate(stack, 'createAction', {
      ...more,
      name: 'by command',
      connectorId: scene.connector.id,
    })
    await mutate(stack, 'activateAction', byCommand)
    await mutate(stack, 'pauseAction', { id: byCommand.id })
    const account = { endpoint: scene.braze.url, apiKey: scene.braze.apiKey }
    const apart = await mutate(stack, 'createConnector', {
      workspaceId,
      name: 'apart',
      type: 'braze',
      settings: account,
    })
    await mutate(stack, 'activateConnector', apart)
    const other = await mutate(stack, 'createAction', { ...more, name: 'other', connectorId: apart.id })
    await mutate(stack, 'activateAction', other)
    const changed = await mutate(stack, 'updateConnector', {
      ...scene.connector,
      settings: { ...account, apiKey: 'revoked' },
    })
    await scene.publish()

    const reasons = async (all: readonly { readonly id: string }[]) =>
      Promise.all(all.map(async ({ id }) => (await observe(stack, id)).pauseReason))
    await until('both actions of the credential stand', async () =>
      (await reasons([scene.action, second])).every((reason) => reason === 'invalid_api_key'),
    )
    await until(
      'the other one is through',
      async () => (await observe(stack, other.id)).counts.delivered === 200,
    )
    expect(await reasons([byCommand, other])).toEqual(['command', null])

    await mutate(stack, 'updateConnector', { ...changed, settings: account })
    await mutate(stack, 'resumeConnector', { id: scene.connector.id })
    await until(
      'the second is through',
      async () => (await observe(stack, second.id)).counts.delivered === 200,
    )
    expect(await reasons([scene.action, second, byCommand])).toEqual([null, null, 'command'])
    expect((await observe(stack, byCommand.id)).counts.delivered).toBe(0)
    expect((await observe(stack, scene.action.id)).counts).toMatchObject({ matched: 200, delivered: 200 })
  })
})

/** One delivery: read by its id, and watched by many until it is over, with nothing of any record in it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { encodeGlobalId } from '../../server/graphql/global-id.ts'
import type { Listening } from '../../server/http/listen.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { type Subscription, watchOverEvents, watchOverWebSocket } from '../harness/subscribe.ts'
import { seedProgress, type WatchedProgress } from '../harness/watched-progress.ts'
import { createWorkerCommits, type WorkerCommits } from '../harness/worker-commits.ts'

const canary = 'canary-4711'
const sealed = new Uint8Array(Buffer.from(canary))

interface WatchedDelivery {
  readonly state: string
  readonly matched: number
  readonly deadLetters: { readonly edges: readonly unknown[] }
  readonly action: { readonly id: string }
}

let app: TestApp
let server: Listening
let worker: WorkerCommits
let place: WatchedProgress

beforeAll(async () => {
  app = await createTestApp()
  server = await app.listen()
  worker = await createWorkerCommits(app.databaseUrl)
})
afterAll(async () => {
  await worker.close()
  await app.close()
})
beforeEach(async () => {
  place = await seedProgress(app)
  await app.db.delivery.update({ where: { id: place.deliveryId }, data: { until: sealed, after: sealed } })
})

const scalars = `id sequence versionNumber pluginVersion state isFirstPassDone matched delivered warned saved rejected
  refused exhausted unknown superseded gone cancelled retries waiting waitingUntil errorCode createdAt lastCommitAt
  completedAt`
const fields = `${scalars} action { id } deadLetters { edges { node { outcome code count } } }`

async function addDeadLetter(ordinal: number) {
  const { workspaceId, deliveryId, laneId } = place
  await app.db.deliveryException.create({
    data: {
      workspaceId,
      deliveryId,
      laneId,
      laneSequence: 1,
      slice: 0,
      ordinal,
      position: sealed,
      recipientHash: sealed,
      state: 'DEAD',
      outcome: 'REFUSED',
      reporter: 'VENDOR',
      code: 'http_400',
    },
  })
}

describe('read', () => {
  const document = `query ($id: ID!) { delivery(id: $id) { ${fields} } node(id: $id) { ... on Delivery { ${fields} } } }`

  it('is the delivery of that id, as `node` gives it', async () => {
    const { data, errors } = await app.ask(document, { id: place.ids.delivery })
    expect(errors).toBeUndefined()
    expect(data.delivery).toMatchObject({ id: place.ids.delivery, state: 'PENDING', sequence: 1 })
    expect(data.delivery).toEqual(data.node)
  })

  it('is null where there is none, and for a token of another workspace', async () => {
    const none = { id: encodeGlobalId('Delivery', place.laneId) }
    expect((await app.ask(document, none)).data).toEqual({ delivery: null, node: null })
    const other = await app.db.workspace.create({
      data: { name: `other ${place.deliveryId}`, wrappedKey: new Uint8Array(1) },
    })
    const answer = await app.ask(document, { id: place.ids.delivery }, await app.tokenFor(other.id))
    expect(answer.data).toEqual({ delivery: null, node: null })
  })
})

const transports = [
  ['WebSocket', watchOverWebSocket<WatchedDelivery>],
  ['server-sent events', watchOverEvents<WatchedDelivery>],
] as const

describe.each(transports)('watched over %s', (_name, watch) => {
  const query = `subscription ($id: ID!) { delivery(id: $id) { ${fields} } }`
  const start = (changes: Partial<Subscription> = {}) =>
    watch({ url: server.url, token: app.token, query, variables: { id: place.ids.delivery }, ...changes })

  it.each(['COMPLETED', 'CANCELLED'])(
    'comes at once, after each change, and ends when it is %s',
    async (state) => {
      const watched = await start()
      expect(await watched.next()).toMatchObject({ state: 'PENDING', matched: 0 })
      await worker.commit(place, { matched: 4, delivered: 1 })
      expect(await watched.next()).toMatchObject({ state: 'RUNNING', matched: 4, delivered: 1, waiting: 3 })
      await worker.commit(place, { matched: 4, delivered: 4, state })
      expect(await watched.next()).toMatchObject({ state, delivered: 4, waiting: 0 })
      await expect(watched.next()).rejects.toThrow('ended')
      await watched.stop()
    },
  )

  it('comes once, and ends, when it was over before', async () => {
    await worker.commit(place, { matched: 4, delivered: 4, state: 'COMPLETED' })
    const watched = await start()
    expect(await watched.next()).toMatchObject({ state: 'COMPLETED', matched: 4 })
    await expect(watched.next()).rejects.toThrow('ended')
    await watched.stop()
  })

  it('tells what it waits for', async () => {
    const watched = await start()
    await watched.next()
    const waitingUntil = new Date('2026-01-01T00:05:00Z')
    await app.db.delivery.update({
      where: { id: place.deliveryId },
      data: { waitingUntil, errorCode: 'http_503' },
    })
    await worker.commit(place, { matched: 1, delivered: 0, state: 'WAITING' })
    expect(await watched.next()).toMatchObject({
      state: 'WAITING',
      waitingUntil: waitingUntil.toISOString(),
      errorCode: 'http_503',
    })
    await watched.stop()
  })

  it('has its dead letters as they are at each change', async () => {
    const watched = await start()
    expect((await watched.next()).deadLetters.edges).toEqual([])
    for (const count of [1, 2]) {
      await addDeadLetter(count)
      await worker.commit(place, { matched: count, delivered: 0 })
      const value = await watched.next()
      expect(value.deadLetters.edges).toHaveLength(count)
      expect(value.action).toEqual({ id: place.ids.action })
    }
    await watched.stop()
  })

  it('is read once for all who watch it', async () => {
    const all = await Promise.all([start(), start(), start()])
    for (const watched of all) await watched.next()
    const plain = `subscription ($id: ID!) { delivery(id: $id) { ${scalars} } }`
    const others = await Promise.all([start({ query: plain }), start({ query: plain })])
    for (const watched of others) await watched.next()
    const reads = vi.spyOn(app.db.delivery, 'findMany')
    await worker.commit(place, { matched: 8, delivered: 8 })
    for (const watched of [...all, ...others]) expect(await watched.next()).toMatchObject({ matched: 8 })
    expect(reads).toHaveBeenCalledTimes(1)
    reads.mockRestore()
    for (const watched of [...all, ...others]) await watched.stop()
  })

  it('carries nothing of any record', async () => {
    await addDeadLetter(1)
    const watched = await start()
    const text = JSON.stringify(await watched.next())
    expect(text).toContain('http_400')
    expect(text).not.toContain(canary)
    expect(text).not.toContain(Buffer.from(canary).toString('base64'))
    expect(text).not.toContain(Buffer.from(canary).toString('hex'))
    await watched.stop()
  })

  it('ends when it is removed', async () => {
    const watched = await start()
    await watched.next()
    await app.db.delivery.delete({ where: { id: place.deliveryId } })
    await worker.commit(place, { matched: 0, delivered: 0 })
    await expect(watched.next()).rejects.toThrow('ended')
    await watched.stop()
  })
})

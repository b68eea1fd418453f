/** The counts of an action: read, and watched while another process commits. */
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { parseGlobalId } from '../../server/graphql/global-id.ts'
import type { Listening } from '../../server/http/listen.ts'
import { sealPosition } from '../../server/sources/sealed-position.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { seed } from '../harness/seed.ts'
import { type Subscription, type Watched, watchOverEvents, watchOverWebSocket } from '../harness/subscribe.ts'

interface Metrics {
  readonly matched: number
  readonly delivered: number
  readonly waiting: number
  readonly isAtSourceEnd: boolean
}

let app: TestApp
let server: Listening
/** The other process. */
let worker: Client
let actionId: string
let laneId: string
let workspaceId: string

beforeAll(async () => {
  app = await createTestApp()
  server = await app.listen()
  worker = new Client({ connectionString: app.databaseUrl })
  await worker.connect()
})
afterAll(async () => {
  await worker.end()
  await app.close()
})
beforeEach(async () => {
  const made = await seed(app).workspace().csvSource().segment().connector().action().publish()
  actionId = made.action.id
  const lane = await app.db.lane.findFirstOrThrow({ where: { actionId: uuidOf(actionId) } })
  laneId = lane.id
  workspaceId = lane.workspaceId
})

function uuidOf(id: string): string {
  return parseGlobalId(id)?.id ?? ''
}

/** Commits as a worker does: counts and notice in one transaction. */
async function commit(counts: { readonly matched: number; readonly delivered: number }, announces = true) {
  await worker.query('BEGIN')
  await worker.query('UPDATE lane SET matched = $2, delivered = $3 WHERE id = $1', [
    laneId,
    counts.matched,
    counts.delivered,
  ])
  if (announces) {
    await worker.query('SELECT pg_notify($1, $2)', [
      'sluice_progress',
      JSON.stringify({ w: workspaceId, a: uuidOf(actionId) }),
    ])
  }
  await worker.query('COMMIT')
}

const fields = 'matched delivered waiting isAtSourceEnd'
const readDocument = `query ($id: ID!) { actionMetrics(actionId: $id) { ${fields} } }`

async function read(): Promise<Metrics> {
  const { data, errors } = await app.ask(readDocument, { id: actionId })
  expect(errors).toBeUndefined()
  return data.actionMetrics
}

/** What the poll of the source and the planning of deliveries leave behind. */
async function moveTo(place: { readonly position: string | null; readonly bound: string | null }) {
  const { dataSourceId } = await app.db.lane.findUniqueOrThrow({ where: { id: laneId } })
  const key = await app.deps.workspaceKeys.of(workspaceId)
  const seal = (text: string | null) => (text === null ? null : sealPosition(key, [text]))
  await app.db.lane.update({ where: { id: laneId }, data: { position: seal(place.position) } })
  const progress = { bound: seal(place.bound), polledAt: new Date() }
  await app.db.sourceProgress.upsert({
    where: { dataSourceId },
    create: { dataSourceId, workspaceId, ...progress },
    update: progress,
  })
}

async function planDelivery(isFirstPassDone: boolean, sequence = 1) {
  const until = new Uint8Array([1])
  const delivery = { workspaceId, laneId, actionId: uuidOf(actionId), sequence, versionNumber: 1 }
  await app.db.delivery.create({ data: { ...delivery, pluginVersion: '1', until, isFirstPassDone } })
}

describe('read', () => {
  it('are zero, and not at the end, before anything was polled', async () => {
    expect(await read()).toEqual({ matched: 0, delivered: 0, waiting: 0, isAtSourceEnd: false })
  })

  it('count as waiting what was matched and has no outcome', async () => {
    await commit({ matched: 10, delivered: 7 })
    expect(await read()).toMatchObject({ matched: 10, delivered: 7, waiting: 3 })
  })

  it('add up the lanes of all sources that the action ever had', async () => {
    await commit({ matched: 10, delivered: 7 })
    const source = await app.db.dataSource.findFirstOrThrow({ where: { workspaceId } })
    const { id: _id, createdAt: _created, updatedAt: _updated, ...copied } = source
    const former = await app.db.dataSource.create({
      data: { ...copied, name: 'former', query: {}, schedule: {}, columns: [] },
    })
    await app.db.lane.create({
      data: { workspaceId, actionId: uuidOf(actionId), dataSourceId: former.id, matched: 5, delivered: 5 },
    })
    expect(await read()).toMatchObject({ matched: 15, delivered: 12, waiting: 3 })
  })

  it('are at the end of an empty source once it was polled', async () => {
    await moveTo({ position: null, bound: null })
    expect((await read()).isAtSourceEnd).toBe(true)
  })

  it('are at the end when the lane stands at the bound, however it is sealed', async () => {
    await moveTo({ position: '3', bound: '3' })
    expect((await read()).isAtSourceEnd).toBe(true)
    await moveTo({ position: '2', bound: '3' })
    expect((await read()).isAtSourceEnd).toBe(false)
    await moveTo({ position: null, bound: '3' })
    expect((await read()).isAtSourceEnd).toBe(false)
  })

  it('are not at the end while the last delivery has not tried everything once', async () => {
    await moveTo({ position: '3', bound: '3' })
    await planDelivery(true, 1)
    expect((await read()).isAtSourceEnd).toBe(true)
    await planDelivery(false, 2)
    expect((await read()).isAtSourceEnd).toBe(false)
  })

  it('are null for a token of another workspace', async () => {
    const other = await app.db.workspace.create({
      data: { name: `other ${actionId}`, wrappedKey: new Uint8Array(1) },
    })
    const token = await app.tokenFor(other.id)
    const { data } = await app.ask(readDocument, { id: actionId }, token)
    expect(data).toEqual({ actionMetrics: null })
  })
})

const transports: readonly (readonly [
  string,
  (subscription: Subscription) => Watched<Metrics> | Promise<Watched<Metrics>>,
])[] = [
  ['WebSocket', watchOverWebSocket],
  ['server-sent events', watchOverEvents],
]

describe.each(transports)('watched over %s', (_name, watch) => {
  const query = `subscription ($id: ID!) { actionMetrics(actionId: $id) { ${fields} } }`
  const start = () => watch({ url: server.url, token: app.token, query, variables: { id: actionId } })

  it('come at once, and again after each commit of another process', async () => {
    const watched = await start()
    expect(await watched.next()).toMatchObject({ matched: 0 })
    await commit({ matched: 5, delivered: 2 })
    expect(await watched.next()).toMatchObject({ matched: 5, delivered: 2, waiting: 3 })
    await commit({ matched: 5, delivered: 5 })
    expect(await watched.next()).toMatchObject({ delivered: 5, waiting: 0 })
    await watched.stop()
  })

  it('reach everybody who watches', async () => {
    const all = await Promise.all([start(), start(), start()])
    for (const watched of all) expect(await watched.next()).toMatchObject({ matched: 0 })
    await commit({ matched: 8, delivered: 8 })
    for (const watched of all) expect(await watched.next()).toMatchObject({ matched: 8 })
    for (const watched of all) await watched.stop()
  })

  it('come again although the connection that listens was cut and the notice was missed', async () => {
    const watched = await start()
    expect(await watched.next()).toMatchObject({ matched: 0 })
    const { rowCount } = await worker.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sluice-listen' AND datname = current_database()",
    )
    expect(rowCount).toBe(1)
    await commit({ matched: 3, delivered: 0 }, false)
    expect(await watched.next()).toMatchObject({ matched: 3 })
    await commit({ matched: 4, delivered: 0 })
    expect(await watched.next()).toMatchObject({ matched: 4 })
    await watched.stop()
  })

  it('are no longer read once nobody watches', async () => {
    const watch = vi.spyOn(app.deps.live.actions, 'watch')
    const watched = await start()
    await watched.next()
    const [started] = watch.mock.results
    watch.mockRestore()
    await watched.stop()
    // Nobody pushes any more: only the end of the stream can answer this.
    expect(await started?.value.next()).toEqual({ done: true, value: undefined })
  })

  it('are refused for an action that the token does not cover', async () => {
    const other = await app.db.workspace.create({
      data: { name: `other ${_name} ${actionId}`, wrappedKey: new Uint8Array(1) },
    })
    const token = await app.tokenFor(other.id)
    const refused = await watch({ url: server.url, token, query, variables: { id: actionId } })
    await expect(refused.next()).rejects.toThrow('not_found')
    await refused.stop()
  })
})

/** The totals of a workspace: over all its actions, read in as many statements for one as for many, and watched. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseGlobalId } from '../../server/graphql/global-id.ts'
import type { Listening } from '../../server/http/listen.ts'
import { readSummaries } from '../../server/metrics/service.ts'
import { sealPosition } from '../../server/sources/sealed-position.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { mutate } from '../harness/mutate.ts'
import { type Seeded, seed } from '../harness/seed.ts'
import { nextWhere, watchOverWebSocket } from '../harness/subscribe.ts'
import { createWorkerCommits, type WorkerCommits } from '../harness/worker-commits.ts'

const everything = `matched delivered warned saved rejected refused exhausted unknown superseded gone cancelled
  retries waiting requests actions pausedActions actionsAtSourceEnd`

let app: TestApp
let server: Listening
let worker: WorkerCommits
let workspace: Seeded
let source: Seeded
let segment: Seeded
let connector: Seeded
let first: Seeded
let second: Seeded

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
  const made = await seed(app).workspace().csvSource().segment().connector().action().create()
  ;({ workspace, source, segment, connector, action: first } = made)
  second = await addAction('second')
  await publish()
})

async function addAction(name: string): Promise<Seeded> {
  const created = await mutate(app, 'createAction', {
    workspaceId: workspace.id,
    name,
    connectorId: connector.id,
    dataSourceId: source.id,
    segmentId: segment.id,
    type: 'track-user',
    mappings: [{ parameter: 'externalId', from: { kind: 'attribute', attribute: 'id' } }],
  })
  return mutate(app, 'activateAction', { id: created.id, revision: created.revision })
}

const publish = () => mutate(app, 'publishVersion', { workspaceId: workspace.id, notes: 'test' })
const uuidOf = ({ id }: Seeded) => parseGlobalId(id)?.id ?? ''
const laneOf = (action: Seeded) => app.db.lane.findFirstOrThrow({ where: { actionId: uuidOf(action) } })

async function read() {
  const { data, errors } = await app.ask(
    `query ($id: ID!) { workspaceMetrics(workspaceId: $id) { ${everything} }
      workspace(id: $id) { metrics { ${everything} } } }`,
    { id: workspace.id },
  )
  expect(errors).toBeUndefined()
  expect(data.workspace.metrics).toEqual(data.workspaceMetrics)
  return data.workspaceMetrics
}

/** What polls leave behind: the source ends at 3. */
async function poll() {
  const workspaceId = uuidOf(workspace)
  const key = await app.deps.workspaceKeys.of(workspaceId)
  await app.db.sourceProgress.create({
    data: {
      workspaceId,
      dataSourceId: uuidOf(source),
      bound: sealPosition(key, ['3']),
      polledAt: new Date(),
    },
  })
}

async function moveTo(action: Seeded, position: string) {
  const key = await app.deps.workspaceKeys.of(uuidOf(workspace))
  const { id } = await laneOf(action)
  await app.db.lane.update({ where: { id }, data: { position: sealPosition(key, [position]) } })
}

describe('read', () => {
  it('adds up every count over all lanes of all actions', async () => {
    const counts = {
      delivered: 10n,
      warned: 9n,
      saved: 8n,
      rejected: 7n,
      refused: 6n,
      exhausted: 5n,
      unknown: 4n,
      superseded: 3n,
      gone: 2n,
      cancelled: 1n,
      retries: 12n,
      requests: 11n,
    }
    const lanes = await Promise.all([laneOf(first), laneOf(second)])
    await app.db.lane.update({ where: { id: lanes[0].id }, data: { matched: 100n, ...counts } })
    await app.db.lane.update({
      where: { id: lanes[1].id },
      data: { matched: 1_000n, delivered: 900n, requests: 20n },
    })
    expect(await read()).toEqual({
      matched: 1_100,
      delivered: 910,
      warned: 9,
      saved: 8,
      rejected: 7,
      refused: 6,
      exhausted: 5,
      unknown: 4,
      superseded: 3,
      gone: 2,
      cancelled: 1,
      retries: 12,
      requests: 31,
      waiting: 145,
      actions: 2,
      pausedActions: 0,
      actionsAtSourceEnd: 0,
    })
  })

  it('is zero for a workspace without actions', async () => {
    const { workspace: empty } = await seed(app).workspace().create()
    const { data } = await app.ask(
      `query ($id: ID!) { workspaceMetrics(workspaceId: $id) { ${everything} } }`,
      { id: empty.id },
    )
    expect(new Set(Object.values(data.workspaceMetrics))).toEqual(new Set([0]))
  })

  it('counts the actions that are paused, and those that have caught up', async () => {
    await poll()
    await moveTo(first, '3')
    await moveTo(second, '2')
    expect(await read()).toMatchObject({ actions: 2, pausedActions: 0, actionsAtSourceEnd: 1 })
    await moveTo(second, '3')
    await mutate(app, 'pauseAction', { id: second.id })
    expect(await read()).toMatchObject({ actions: 2, pausedActions: 1, actionsAtSourceEnd: 2 })
  })

  it('counts as running what is published, not what is being edited', async () => {
    await poll()
    await moveTo(first, '3')
    await moveTo(second, '3')
    await addAction('third')
    const { id, revision } = second
    await mutate(app, 'deactivateAction', { id, revision })
    await mutate(app, 'pauseAction', { id })
    expect(await read()).toMatchObject({ actions: 2, pausedActions: 1, actionsAtSourceEnd: 2 })
    await publish()
    // The third has a lane now, which stands at the beginning.
    expect(await read()).toMatchObject({ actions: 2, pausedActions: 0, actionsAtSourceEnd: 1 })
  })

  it('takes as many statements for many actions as for one', async () => {
    const statementsFor = async (ids: readonly string[]) => {
      let statements = 0
      const db = app.db.$extends({
        query: {
          $allOperations: ({ args, query }) => {
            statements += 1
            return query(args)
          },
        },
      })
      const metrics = await readSummaries(
        { db, workspaceKeys: app.deps.workspaceKeys },
        { workspaceIds: ids },
      )
      expect(metrics.size).toBe(ids.length)
      return statements
    }
    const before = await statementsFor([uuidOf(workspace)])
    for (const name of ['third', 'fourth', 'fifth']) await addAction(name)
    await publish()
    expect((await read()).actions).toBe(5)
    const { workspace: other } = await seed(app).workspace().create()
    expect(before).toBeGreaterThan(0)
    expect(await statementsFor([uuidOf(workspace), uuidOf(other)])).toBe(before)
  })

  it('is null for a token of another workspace', async () => {
    const { workspace: other } = await seed(app).workspace().create()
    const { data } = await app.ask(
      'query ($id: ID!) { workspaceMetrics(workspaceId: $id) { matched } }',
      { id: workspace.id },
      await app.tokenFor(uuidOf(other)),
    )
    expect(data).toEqual({ workspaceMetrics: null })
  })
})

describe('watched', () => {
  const query = `subscription ($id: ID!) { workspaceMetrics(workspaceId: $id) { matched waiting } }`

  it('follows every action of the workspace, and none of another', async () => {
    const own = watchOverWebSocket<{ readonly matched: number }>({
      url: server.url,
      token: await app.tokenFor(uuidOf(workspace)),
      query,
      variables: { id: workspace.id },
    })
    const { workspace: other } = await seed(app).workspace().create()
    const foreign = watchOverWebSocket<{ readonly matched: number }>({
      url: server.url,
      token: app.token,
      query,
      variables: { id: other.id },
    })
    expect(await own.next()).toEqual({ matched: 0, waiting: 0 })
    expect(await foreign.next()).toEqual({ matched: 0, waiting: 0 })
    const nextOfForeign = foreign.next().then(String, String)
    for (const [action, total] of [
      [first, 2],
      [second, 4],
    ] as const) {
      const { id: laneId, workspaceId, actionId } = await laneOf(action)
      const { id: deliveryId } = await app.db.delivery.create({
        data: {
          workspaceId,
          laneId,
          actionId,
          sequence: 1,
          versionNumber: 1,
          pluginVersion: '1',
          until: new Uint8Array([1]),
        },
      })
      await worker.commit({ workspaceId, actionId, laneId, deliveryId }, { matched: 2, delivered: 0 })
      expect(await nextWhere(own, ({ matched }) => matched === total)).toEqual({
        matched: total,
        waiting: total,
      })
    }
    await own.stop()
    await foreign.stop()
    expect(await nextOfForeign).toContain('ended')
  })
})

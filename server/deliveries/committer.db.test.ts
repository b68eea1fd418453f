/** Tests the committer on a real database: what a zombie writes beside its successor. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase } from '../../test/harness/database.ts'
import { createDatabase } from '../database.ts'
import { createCommitter, type Fence, type SealedWrite } from './committer.ts'

let scene: Awaited<ReturnType<typeof setUp>>
beforeAll(async () => {
  scene = await setUp()
})
afterAll(() => scene.close())

it('lets nothing of a zombie through that commits in the same moment as the pass that took over', async () => {
  const { db, fence } = scene
  const committer = createCommitter({ db })
  const zombie: Fence = { ...fence, pass: 1 }
  const successor: Fence = { ...fence, pass: 2 }
  const ends = await Promise.allSettled([
    committer.commit(successor, matching(0, 5)),
    committer.commit(zombie, matching(1, 7)),
    committer.commit(successor, matching(2, 3)),
  ])
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  const slices = await db.slice.findMany({ orderBy: { index: 'asc' } })
  expect(slices.map(({ index, matched }) => [index, matched])).toEqual([
    [0, 5],
    [2, 3],
  ])
  const delivery = await db.delivery.findUniqueOrThrow({ where: { id: fence.deliveryId } })
  expect(delivery.matched).toBe(8n)
})

function matching(index: number, matched: number): SealedWrite {
  return {
    newSlices: [{ index, boundary: new Uint8Array([index]), matched }],
    settledSlices: [],
    newExceptions: [],
    overExceptions: [],
    changedExceptions: [],
    counts: { matched },
  }
}

async function setUp() {
  const database = await createTestDatabase()
  const { close, db } = createDatabase({ url: database.url, maxConnections: 4 })
  const bytes = new Uint8Array([1])
  const { id: workspaceId } = await db.workspace.create({ data: { name: 'w', wrappedKey: bytes } })
  const named = { workspaceId, name: 'n', type: 't', settings: {} }
  const dataSource = await db.dataSource.create({
    data: {
      ...named,
      tableName: 't',
      keyColumns: ['id'],
      cursorMode: 'INCREMENTING',
      incrementColumn: 'id',
      settleMs: 0,
      columns: [],
    },
  })
  const connector = await db.connector.create({ data: named })
  const segment = await db.segment.create({ data: { workspaceId, name: 'n', conditions: {} } })
  const action = await db.action.create({
    data: {
      workspaceId,
      name: 'n',
      type: 't',
      connectorId: connector.id,
      dataSourceId: dataSource.id,
      segmentId: segment.id,
      typeVersion: 1,
      mappings: [],
      retryDelaysMs: [],
    },
  })
  const lane = await db.lane.create({
    data: { workspaceId, actionId: action.id, dataSourceId: dataSource.id },
  })
  const delivery = await db.delivery.create({
    data: {
      workspaceId,
      laneId: lane.id,
      actionId: action.id,
      sequence: 1,
      versionNumber: 1,
      pluginVersion: '1',
      until: bytes,
      pass: 2,
    },
  })
  const fence = {
    workspaceId,
    deliveryId: delivery.id,
    laneId: lane.id,
    actionId: action.id,
    pass: 2,
    sequence: 0,
  }
  const end = async () => {
    await close()
    await database.drop()
  }
  return { db, fence, close: end }
}

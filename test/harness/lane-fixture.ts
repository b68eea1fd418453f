/** A lane with its deliveries, written row by row into a database of its own: what progress is tried on, with no vendor. */
import type {
  Action,
  Delivery,
  DeliveryException,
  Lane,
  MetricBucket,
  Prisma,
  PrismaClient,
  Slice,
} from '../../prisma/generated/client/client.ts'
import { createDatabase } from '../../server/database.ts'
import type { Fence } from '../../server/deliveries/committer.ts'
import { createLease } from '../../server/deliveries/lease.ts'
import { sealPosition } from '../../server/sources/sealed-position.ts'
import { createKeyring, type WorkspaceKey } from '../../server/workspaces/keys.ts'
import { createTestDatabase } from './database.ts'
import { until } from './until.ts'

export interface LaneFixture {
  readonly db: PrismaClient
  readonly url: string
  /** A lane of a new workspace, or one beside another lane in its workspace. */
  addLane(beside?: TestLane): Promise<TestLane>
  /** Locks rows in a transaction of somebody else until it is let go. */
  lock(rows: Prisma.Sql): Promise<{ letGo(): Promise<void> }>
  /** Resolves when so many statements wait for a lock. */
  untilBlocked(statements: number): Promise<void>
  close(): Promise<void>
}

export interface TestLane {
  readonly lane: Lane
  readonly action: Action
  readonly key: WorkspaceKey
  /** The lane's next delivery. */
  addDelivery(fields?: Partial<Prisma.DeliveryUncheckedCreateInput>): Promise<Delivery>
  addSlice(delivery: Delivery, fields?: Partial<Prisma.SliceUncheckedCreateInput>): Promise<Slice>
  /** Default: the first item of the delivery, which waits for its next try and was due long ago. */
  addException(delivery: Delivery, fields?: ExceptionFields): Promise<DeliveryException>
  /** Writes as the pass that the delivery has now. */
  fenceOf(delivery: Delivery): Fence
  /** All that is kept of the lane's progress. */
  kept(): Promise<Kept>
}

export interface ExceptionFields
  extends Partial<Omit<Prisma.DeliveryExceptionUncheckedCreateInput, 'position'>> {
  /** In clear; null: it was never sent. */
  readonly recipient?: string | null
  /** The row's key, in clear. */
  readonly row?: string
  readonly position?: readonly string[]
}

export interface Kept {
  readonly lane: Lane
  readonly deliveries: readonly Delivery[]
  readonly slices: readonly Slice[]
  readonly exceptions: readonly DeliveryException[]
  readonly buckets: readonly MetricBucket[]
}

/** An item is due by then unless its fields say otherwise. */
export const longAgo = new Date('2026-01-01T00:00:00Z')

export async function createLaneFixture(): Promise<LaneFixture> {
  const database = await createTestDatabase()
  const { close, db } = createDatabase({ url: database.url, maxConnections: 10 })
  const keyring = createKeyring({ masterKey: new Uint8Array(32) })
  let lanes = 0

  return {
    db,
    url: database.url,
    async addLane(beside) {
      lanes += 1
      const workspaceId = beside?.lane.workspaceId ?? (await addWorkspace(`w${lanes}`))
      const action = await addAction(db, workspaceId, `n${lanes}`)
      const lane = await db.lane.create({
        data: { workspaceId, actionId: action.id, dataSourceId: action.dataSourceId },
      })
      const { wrappedKey } = await db.workspace.findUniqueOrThrow({ where: { id: workspaceId } })
      if (wrappedKey === null) throw new Error('The key of the workspace is destroyed.')
      return testLane(db, lane, action, keyring.unwrap(wrappedKey))
    },
    lock: (rows) => lock(db, rows),
    async untilBlocked(statements) {
      await until(`${statements} statements wait for a lock`, async () => {
        const waiting = await db.$queryRaw<readonly object[]>`
          SELECT pid FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'`
        return waiting.length === statements
      })
    },
    async close() {
      await close()
      await database.drop()
    },
  }

  async function addWorkspace(name: string): Promise<string> {
    const wrappedKey = keyring.createWrappedKey()
    return (await db.workspace.create({ data: { name, wrappedKey, liveVersion: 1 } })).id
  }
}

function testLane(db: PrismaClient, lane: Lane, action: Action, key: WorkspaceKey): TestLane {
  const { workspaceId, id: laneId, actionId } = lane
  let sequence = 0
  return {
    lane,
    action,
    key,
    addDelivery(fields = {}) {
      sequence += 1
      return db.delivery.create({
        data: {
          workspaceId,
          laneId,
          actionId,
          sequence,
          versionNumber: 1,
          pluginVersion: '1.0.0',
          until: sealPosition(key, ['9']),
          ...fields,
        },
      })
    },
    addSlice: (delivery, fields = {}) =>
      db.slice.create({
        data: {
          workspaceId,
          deliveryId: delivery.id,
          index: 0,
          boundary: sealPosition(key, ['1']),
          matched: 1,
          ...fields,
        },
      }),
    addException: (delivery, { position = ['1'], recipient = 'ann', row = '1', ...fields } = {}) =>
      db.deliveryException.create({
        data: {
          workspaceId,
          laneId,
          deliveryId: delivery.id,
          laneSequence: delivery.sequence,
          slice: 0,
          ordinal: 0,
          position: sealPosition(key, position),
          recipientHash: recipient === null ? null : key.hash(recipient),
          rowHash: key.hash(row),
          state: 'WAITING',
          reporter: 'VENDOR',
          code: 'busy',
          attempts: 1,
          firstAt: longAgo,
          dueAt: longAgo,
          ...fields,
        },
      }),
    fenceOf: ({ id, pass, commitSequence }) => ({
      workspaceId,
      deliveryId: id,
      laneId,
      actionId,
      pass,
      sequence: commitSequence,
      lease: createLease(performance.now()),
      failure: null,
    }),
    async kept() {
      const where = { laneId }
      const [ownLane, deliveries, slices, exceptions, buckets] = await Promise.all([
        db.lane.findUniqueOrThrow({ where: { id: laneId } }),
        db.delivery.findMany({ where, orderBy: { sequence: 'asc' } }),
        db.slice.findMany({ where: { delivery: where }, orderBy: [{ deliveryId: 'asc' }, { index: 'asc' }] }),
        db.deliveryException.findMany({ where, orderBy: { id: 'asc' } }),
        db.metricBucket.findMany({ where: { actionId }, orderBy: [{ grain: 'asc' }, { start: 'asc' }] }),
      ])
      return { lane: ownLane, deliveries, slices, exceptions, buckets }
    },
  }
}

async function addAction(db: PrismaClient, workspaceId: string, name: string): Promise<Action> {
  const named = { workspaceId, name, type: 'test', settings: {} }
  const connection = await db.dataSourceConnection.create({ data: named })
  const dataSource = await db.dataSource.create({
    data: {
      workspaceId,
      name,
      connectionId: connection.id,
      query: { kind: 'table', name: 'customers' },
      keyColumns: ['id'],
      cursorMode: 'INCREMENTING',
      incrementColumn: 'id',
      settleMs: 0,
      columns: [],
    },
  })
  const connector = await db.connector.create({ data: named })
  const segment = await db.segment.create({ data: { workspaceId, name, conditions: {} } })
  return db.action.create({
    data: {
      workspaceId,
      name,
      type: 'test',
      connectorId: connector.id,
      dataSourceId: dataSource.id,
      segmentId: segment.id,
      typeVersion: 1,
      mappings: [],
      retryDelaysMs: [],
    },
  })
}

async function lock(db: PrismaClient, rows: Prisma.Sql): Promise<{ letGo(): Promise<void> }> {
  const wanted = gate()
  const locked = gate()
  const ended = db.$transaction(
    async (tx) => {
      await tx.$queryRaw(rows)
      locked.open()
      await wanted.passed
    },
    { timeout: 60_000 },
  )
  await Promise.race([locked.passed, ended])
  return {
    async letGo() {
      wanted.open()
      await ended
    },
  }
}

function gate() {
  let open = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open: () => open() }
}

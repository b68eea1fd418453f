/** A data source in DuckDB with a clock that a test sets: what polling is tried on, without workflows. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { SourceConnection } from '@sluice/connector-sdk'
import { type ConnectionDocument, type SourceDocument, sourceDefaults } from '../../engine/documents.ts'
import type { Position } from '../../engine/reading/position.ts'
import type { PrismaClient, SourceProgress } from '../../prisma/generated/client/client.ts'
import { createDatabase } from '../../server/database.ts'
import { createCompiledLanes } from '../../server/deliveries/compiled-lanes.ts'
import { createConnectSource, createSourceChangeToken } from '../../server/sources/connect.ts'
import type { LiveSource } from '../../server/sources/live-source.ts'
import { openPosition } from '../../server/sources/sealed-position.ts'
import { createKeyring } from '../../server/workspaces/keys.ts'
import { createWorkspaceKeys } from '../../server/workspaces/workspace-keys.ts'
import { createTestDatabase } from './database.ts'
import { realPlugins } from './real-plugins.ts'

type SourceFields = Partial<
  Pick<
    SourceDocument,
    'cursorMode' | 'timestampColumn' | 'incrementColumn' | 'settleMs' | 'schedule' | 'resyncLimit'
  >
>

export interface SourceScene {
  readonly live: LiveSource
  /** What polling is given. Its clocks, and the source's, are `clock`. */
  readonly deps: ReturnType<typeof depsOf>
  readonly clock: { at: number }
  /** Runs statements on the table `customers (id BIGINT, plan VARCHAR, changed_at TIMESTAMP)`. */
  write(...statements: readonly string[]): Promise<void>
  /** The time of the clock plus so many milliseconds, as a literal. */
  time(plusMs: number): string
  /** Has something happen in the middle of the next look: when it has read, and not yet written. */
  duringNextLook(happen: () => Promise<unknown>): void
  progress(): Promise<SourceProgress>
  bound(): Promise<Position | null>
  close(): Promise<void>
}

interface World {
  readonly clock: { at: number }
  interruption: (() => Promise<unknown>) | undefined
}

/** Keyed by `id` and ordered by `changed_at` and `id`, unless the fields say otherwise. */
export async function createSourceScene(fields: SourceFields = {}): Promise<SourceScene> {
  const database = await createTestDatabase()
  const { close, db } = createDatabase({ url: database.url, maxConnections: 4 })
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'sluice-source-')))
  const path = join(folder, 'warehouse.duckdb')
  const world: World = { clock: { at: Date.UTC(2026, 0, 1, 12) }, interruption: undefined }
  await run(path, 'CREATE TABLE customers (id BIGINT, plan VARCHAR, changed_at TIMESTAMP)')
  const { deps, keyring, workspaceKeys } = depsAnd(db, folder, world)

  const { id: workspaceId } = await db.workspace.create({
    data: { name: 'w', wrappedKey: keyring.createWrappedKey(), liveVersion: 1 },
  })
  const connection = await createConnection(db, workspaceId, path)
  const source = await createSource(db, workspaceId, connection, fields)
  const key = await workspaceKeys.of(workspaceId)
  const live = {
    ...{ workspaceId, versionNumber: 1, source, connection, secrets: null },
    ...{ laneIds: [], actionIds: [], key },
  }
  const progress = () => db.sourceProgress.findUniqueOrThrow({ where: { dataSourceId: source.id } })
  return {
    live,
    deps,
    clock: world.clock,
    write: (...statements) => run(path, ...statements),
    time: (plusMs) => `TIMESTAMP '${instant(world.clock.at + plusMs)}'`,
    duringNextLook(happen) {
      world.interruption = happen
    },
    progress,
    async bound() {
      const { bound } = await progress()
      return bound === null ? null : openPosition(key, bound)
    },
    async close() {
      await close()
      await database.drop()
      await rm(folder, { recursive: true })
    },
  }
}

function depsAnd(db: PrismaClient, folder: string, world: World) {
  const keyring = createKeyring({ masterKey: new Uint8Array(32) })
  const workspaceKeys = createWorkspaceKeys({ db, keyring })
  return { keyring, workspaceKeys, deps: depsOf(db, folder, world, workspaceKeys) }
}

function depsOf(
  db: PrismaClient,
  folder: string,
  world: World,
  workspaceKeys: ReturnType<typeof createWorkspaceKeys>,
) {
  const allowedDirectories = [folder]
  const connect = createConnectSource({
    registry: realPlugins,
    workspaceKeys,
    allowedDirectories,
    allowPrivateHosts: [],
  })
  return {
    db,
    registry: realPlugins,
    compiledLanes: createCompiledLanes({ db, registry: realPlugins }),
    changeToken: createSourceChangeToken({ registry: realPlugins, allowedDirectories }),
    now: () => world.clock.at,
    sharedNow: async () => world.clock.at,
    connectSource: async (source: Parameters<typeof connect>[0]): Promise<SourceConnection> => {
      const connection = await connect(source)
      return {
        ...connection,
        now: async ({ minusMs }) => instant(world.clock.at - minusMs),
        async close() {
          await connection.close()
          const { interruption } = world
          world.interruption = undefined
          await interruption?.()
        },
      }
    },
  }
}

async function createConnection(
  db: PrismaClient,
  workspaceId: string,
  path: string,
): Promise<ConnectionDocument> {
  const data = { name: 'Warehouse', type: 'duckdb', settings: { path } }
  const { id } = await db.dataSourceConnection.create({ data: { workspaceId, ...data } })
  return { id, ...data }
}

async function createSource(
  db: PrismaClient,
  workspaceId: string,
  connection: ConnectionDocument,
  fields: SourceFields,
): Promise<SourceDocument> {
  const column = (name: string, type: 'number' | 'string' | 'date', nativeType: string) => ({
    name,
    type,
    nativeType,
    nullable: true,
  })
  const columns = [
    column('id', 'number', 'BIGINT'),
    column('plan', 'string', 'VARCHAR'),
    column('changed_at', 'date', 'TIMESTAMP'),
  ]
  const document: SourceDocument = {
    id: randomUUID(),
    name: 'Customers',
    connectionId: connection.id,
    query: { kind: 'table', name: 'customers' },
    keyColumns: ['id'],
    cursorMode: 'TIMESTAMP_INCREMENTING',
    timestampColumn: 'changed_at',
    incrementColumn: 'id',
    timeZone: 'UTC',
    settleMs: 0,
    pollIntervalMs: 1_000,
    ...sourceDefaults,
    columns,
    ...fields,
  }
  await db.dataSource.create({
    data: { ...document, query: { kind: 'table', name: 'customers' }, columns, workspaceId },
  })
  return document
}

async function run(path: string, ...statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  try {
    for (const statement of statements) await connection.run(statement)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** As DuckDB writes a timestamp. */
function instant(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '')
}

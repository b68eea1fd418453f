// The migrations make exactly the schema, once, whoever starts first.
import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { migrate } from '../server/embedded/migrate.ts'
import { diffToSchema } from '../server/embedded/migration-diff.ts'
import { migrationsFolder, readMigrations } from '../server/embedded/migration-files.ts'
import { withSchemaEngine } from '../server/embedded/schema-engine.ts'
import { createTestDatabase, type TestDatabase } from '../test/harness/database.ts'

const { adminUrl } = inject('postgres')
const empty = { externalTables: [], externalEnums: [] }

async function query<Row extends object>(url: string, sql: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

/** A database without our tables. */
async function createEmptyDatabase(): Promise<TestDatabase> {
  const name = `empty_${randomUUID().replaceAll('-', '')}`
  await query(adminUrl, `create database ${name}`)
  const url = new URL(adminUrl)
  url.pathname = name
  return {
    url: url.href,
    drop: async () => {
      await query(adminUrl, `drop database ${name} with (force)`)
    },
  }
}

describe('a migrated database', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(() => database.drop())

  test('has exactly what the schema says', async () => {
    expect(await diffToSchema(database.url)).toBeUndefined()
  })

  test('is up to date for the real `prisma migrate` too', async () => {
    const migrations = await readMigrations()
    const diagnosis = await withSchemaEngine(database.url, (engine) =>
      engine.diagnoseMigrationHistory({
        migrationsList: {
          baseDir: migrationsFolder,
          lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"' },
          shadowDbInitScript: '',
          migrationDirectories: migrations.map(({ name, sql }) => ({
            path: name,
            migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
          })),
        },
        optInToShadowDatabase: false,
        filters: empty,
      }),
    )
    expect(diagnosis).toMatchObject({
      hasMigrationsTable: true,
      editedMigrationNames: [],
      failedMigrationNames: [],
      history: null,
    })
  })
})

describe('migrating', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createEmptyDatabase()
  })
  afterAll(() => database.drop())

  test('finds what an empty database lacks', async () => {
    expect(await diffToSchema(database.url)).toContain('CREATE TABLE "delivery"')
  })

  test('applies each migration once when several processes start at once', async () => {
    const names = (await readMigrations()).map(({ name }) => name)
    const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url)))
    expect(applied.flat()).toEqual(names)
    expect(await migrate(database.url)).toEqual([])
  })

  test('refuses a database that a newer version has migrated, and names the migration', async () => {
    await query(
      database.url,
      `insert into _prisma_migrations (id, checksum, finished_at, migration_name) values ('x', 'x', now(), '99990101000000_later')`,
    )
    await expect(migrate(database.url)).rejects.toMatchObject({
      code: 'database_newer',
      message: expect.stringContaining('99990101000000_later'),
    })
  })
})

test('data sources of before connections and queries keep what they read, each through a connection of its own', async () => {
  const database = await createEmptyDatabase()
  try {
    const migrations = await readMigrations()
    const at = migrations.findIndex(({ name }) => name.endsWith('_connections'))
    for (const { sql } of migrations.slice(0, at)) await query(database.url, sql)
    const workspace = '01900000-0000-7000-8000-000000000001'
    const source = '01900000-0000-7000-8000-000000000002'
    await query(
      database.url,
      `insert into workspace (id, name, wrapped_key, updated_at) values ('${workspace}', 'w', '', now());
       insert into data_source (id, workspace_id, name, type, settings, secrets, table_name, key_columns,
         cursor_mode, increment_column, settle_ms, columns, updated_at)
       values ('${source}', '${workspace}', 'Customers', 'postgres', '{"host": "h"}', '\\x07', 'customers', '{id}',
         'INCREMENTING', 'id', 0, '[]', now())`,
    )
    for (const { sql } of migrations.slice(at, at + 1)) await query(database.url, sql)
    const rows = await query(
      database.url,
      `select s.name, s.connection_id, c.id, c.workspace_id, c.name as connection, c.type, c.settings, c.secrets
         from data_source s join data_source_connection c on c.id = s.connection_id`,
    )
    const connection = { id: source, workspace_id: workspace, connection: 'Customers', type: 'postgres' }
    const kept = { settings: { host: 'h' }, secrets: Buffer.from([7]) }
    expect(rows).toEqual([{ name: 'Customers', connection_id: source, ...connection, ...kept }])

    await query(
      database.url,
      `insert into data_source (id, workspace_id, connection_id, name, table_schema, table_name, key_columns,
         cursor_mode, increment_column, settle_ms, columns, updated_at)
       values (gen_random_uuid(), '${workspace}', '${source}', 'Orders', 'shop', 'orders', '{id}', 'INCREMENTING',
         'id', 0, '[]', now())`,
    )
    for (const { sql } of migrations.slice(at + 1, at + 2)) await query(database.url, sql)
    expect(await query(database.url, 'select name, query from data_source order by name')).toEqual([
      { name: 'Customers', query: { kind: 'table', name: 'customers' } },
      { name: 'Orders', query: { kind: 'table', name: 'orders', schema: 'shop' } },
    ])
  } finally {
    await database.drop()
  }
})

test('columns of before attributes feed one of their own name, in each workspace; the oldest type counts', async () => {
  const database = await createEmptyDatabase()
  try {
    const migrations = await readMigrations()
    const at = migrations.findIndex(({ name }) => name.endsWith('_attributes'))
    for (const { sql } of migrations.slice(0, at)) await query(database.url, sql)
    const id = (last: number) => `01900000-0000-7000-8000-00000000000${last}`
    const columns = (type: string) =>
      `[{"name": "id", "type": "${type}"}, {"name": "days", "type": "stringArray"}]`
    await query(
      database.url,
      `insert into workspace (id, name, wrapped_key, updated_at)
         values ('${id(1)}', 'one', '', now()), ('${id(2)}', 'other', '', now());
       insert into data_source_connection (id, workspace_id, name, type, settings, updated_at)
         values ('${id(3)}', '${id(1)}', 'c', 'duckdb', '{}', now()), ('${id(4)}', '${id(2)}', 'c', 'duckdb', '{}', now());
       insert into data_source (id, workspace_id, connection_id, name, query, key_columns, cursor_mode,
           increment_column, settle_ms, columns, created_at, updated_at)
         values
           ('${id(5)}', '${id(1)}', '${id(3)}', 'younger', '{}', '{id}', 'INCREMENTING', 'id', 0, '${columns('string')}', now(), now()),
           ('${id(6)}', '${id(1)}', '${id(3)}', 'older', '{}', '{id}', 'INCREMENTING', 'id', 0, '${columns('number')}', '2020-01-01', now()),
           ('${id(7)}', '${id(2)}', '${id(4)}', 'else', '{}', '{id}', 'INCREMENTING', 'id', 0, '${columns('string')}', now(), now())`,
    )
    for (const { sql } of migrations.slice(at, at + 1)) await query(database.url, sql)
    const rows = await query(
      database.url,
      'select w.name as workspace, a.name, a.type from attribute a join workspace w on w.id = a.workspace_id order by 1, 2',
    )
    expect(rows).toEqual([
      { workspace: 'one', name: 'days', type: 'stringArray' },
      { workspace: 'one', name: 'id', type: 'number' },
      { workspace: 'other', name: 'days', type: 'stringArray' },
      { workspace: 'other', name: 'id', type: 'string' },
    ])
  } finally {
    await database.drop()
  }
})

test('minutes of before hours and days were kept stay, and add up to them, in UTC', async () => {
  const database = await createEmptyDatabase()
  try {
    const migrations = await readMigrations()
    const at = migrations.findIndex(({ name }) => name.endsWith('_metric_buckets'))
    for (const { sql } of migrations.slice(0, at)) await query(database.url, sql)
    const workspace = '01900000-0000-7000-8000-000000000001'
    const action = '01900000-0000-7000-8000-000000000002'
    // Only the action itself is looked at, not what it belongs to.
    await query(
      database.url,
      `set session_replication_role = replica;
       insert into action (id, workspace_id, connector_id, data_source_id, segment_id, name, type, type_version,
         mappings, retry_delays_ms, updated_at)
       values ('${action}', '${workspace}', '${action}', '${action}', '${action}', 'a', 't', 1, '[]', '{}', now());
       insert into metric_minute (workspace_id, action_id, minute, matched, delivered, requests)
       select '${workspace}', '${action}', minute, 10, 4, 1
       from unnest('{2026-03-01 22:59Z, 2026-03-01 23:00Z, 2026-03-01 23:01Z, 2026-03-02 00:00Z}'::timestamptz[]) as minute`,
    )
    const zoned = `set time zone 'Asia/Kolkata'; ${migrations[at]?.sql}`
    await query(database.url, zoned)
    const rows = await query<{ readonly start: Date }>(
      database.url,
      `select grain, start, matched::int, delivered::int, retries::int, requests::int from metric_bucket
       where action_id = '${action}' and workspace_id = '${workspace}' order by grain, start`,
    )
    const bucket = (grain: string, start: string, minutes: number) => ({
      ...{ grain, start: new Date(start), matched: 10 * minutes, delivered: 4 * minutes },
      ...{ retries: 0, requests: minutes },
    })
    expect(rows).toEqual([
      bucket('MINUTE', '2026-03-01T22:59:00Z', 1),
      bucket('MINUTE', '2026-03-01T23:00:00Z', 1),
      bucket('MINUTE', '2026-03-01T23:01:00Z', 1),
      bucket('MINUTE', '2026-03-02T00:00:00Z', 1),
      bucket('HOUR', '2026-03-01T22:00:00Z', 1),
      bucket('HOUR', '2026-03-01T23:00:00Z', 2),
      bucket('HOUR', '2026-03-02T00:00:00Z', 1),
      bucket('DAY', '2026-03-01T00:00:00Z', 3),
      bucket('DAY', '2026-03-02T00:00:00Z', 1),
    ])
  } finally {
    await database.drop()
  }
})

test('a migration that fails leaves nothing of itself and is named', async () => {
  const database = await createEmptyDatabase()
  try {
    // Stands in the way of the first migration, half way through it.
    await query(database.url, 'create table delivery ()')
    await expect(migrate(database.url)).rejects.toMatchObject({
      code: 'migration_failed',
      message: expect.stringContaining('_spine'),
    })
    const tables = await query<{ name: string }>(
      database.url,
      `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
    )
    expect(tables.map(({ name }) => name)).toEqual(['_prisma_migrations', 'delivery'])
    await query(database.url, 'drop table delivery')
    expect(await migrate(database.url)).toHaveLength((await readMigrations()).length)
  } finally {
    await database.drop()
  }
})

test('a database that does not answer is told apart, without its password', async () => {
  const failure = await migrate('postgresql://someone:hunter2@127.0.0.1:1/none').catch(
    (error: unknown) => error,
  )
  expect(failure).toMatchObject({
    code: 'database_unreachable',
    message: expect.stringContaining('127.0.0.1:1'),
  })
  expect(String(failure)).not.toContain('hunter2')
})

/** A data source is created only as the live source bears it out; else everything that is wrong is told at once. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runIn } from '../../plugins/source-duckdb/testing/scratch.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { csv, defaultRows, fileConnection, seed } from '../harness/seed.ts'

let app: TestApp
let workspaceId: string

beforeAll(async () => {
  app = await createTestApp()
  workspaceId = (await seed(app).workspace().create()).workspace.id
})
afterAll(() => app.close())

const document = `
  mutation CreateDataSource($input: CreateDataSourceInput!) {
    createDataSource(input: $input) {
      __typename
      ... on DataSource {
        id name connection { id } query { __typename ... on TableQuery { schema name columns where } ... on SqlQuery { sql } } keyColumns cursorMode timestampColumn
        incrementColumn timeZone settleMs pollIntervalMs revision polledAt errorCode
        columns { name type isNullable }
      }
      ... on Problem { code message }
      ... on InvalidInput { issues { path code message } }
    }
  }
`

let names = 0
/** @param file where the data source reads, through a new connection unless the input names one */
async function create({ path, ...input }: { readonly path?: string } & Readonly<Record<string, unknown>>) {
  names += 1
  const connected = path === undefined ? {} : { connectionId: await fileConnection(app, workspaceId, path) }
  const { data, errors } = await app.ask(document, {
    input: {
      workspaceId,
      name: `Source ${names}`,
      ...connected,
      keyColumns: ['id'],
      cursorMode: 'INCREMENTING',
      incrementColumn: 'id',
      ...input,
    },
  })
  expect(errors).toBeUndefined()
  return data.createDataSource
}

/** The issues as [path, code], in their order; the messages are checked where they say something particular. */
async function issuesOf(
  input: Parameters<typeof create>[0],
): Promise<readonly (readonly [string, string])[]> {
  const result = await create(input)
  expect(result.__typename).toBe('InvalidInput')
  return result.issues.map((issue: { path: string[]; code: string }) => [issue.path.join('.'), issue.code])
}

async function csvFile(name: string, rows: Parameters<typeof csv>[0] = defaultRows): Promise<string> {
  const path = join(app.folder, name)
  await writeFile(path, csv(rows))
  return path
}

test('a CSV file becomes a data source with its only table, its columns and the defaults', async () => {
  const connectionId = await fileConnection(app, workspaceId, await csvFile('customers.csv'))
  expect(await create({ name: ' Customers ', connectionId })).toEqual({
    __typename: 'DataSource',
    id: expect.stringMatching(/^DataSource_[0-9a-f-]{36}$/),
    name: 'Customers',
    connection: { id: connectionId },
    query: { __typename: 'TableQuery', schema: null, name: 'customers', columns: null, where: null },
    keyColumns: ['id'],
    cursorMode: 'INCREMENTING',
    timestampColumn: null,
    incrementColumn: 'id',
    timeZone: 'UTC',
    settleMs: 0,
    pollIntervalMs: 2000,
    revision: 1,
    polledAt: null,
    errorCode: null,
    columns: [
      { name: 'id', type: 'NUMBER', isNullable: true },
      { name: 'email', type: 'STRING', isNullable: true },
      { name: 'country', type: 'STRING', isNullable: true },
      { name: 'age', type: 'NUMBER', isNullable: true },
      { name: 'is_active', type: 'BOOLEAN', isNullable: true },
    ],
  })
})

test('Parquet and DuckDB files become data sources, with a timestamp as cursor and a table to choose', async () => {
  const database = join(app.folder, 'warehouse.duckdb')
  await runIn(
    database,
    `CREATE TABLE customers AS SELECT i AS id, TIMESTAMP '2026-01-01' + to_days(i) AS updated_at, ['a', 'b'] AS tags FROM range(5) r(i)`,
    'CREATE TABLE orders AS SELECT i AS id, i AS customer FROM range(3) r(i)',
    `COPY customers TO '$folder/customers.parquet' (FORMAT parquet)`,
  )
  const timestamp = {
    cursorMode: 'TIMESTAMP_INCREMENTING',
    timestampColumn: 'updated_at',
    timeZone: 'Europe/Amsterdam',
    settleMs: 500,
    pollIntervalMs: 250,
  }
  const parquet = await create({ path: join(app.folder, 'customers.parquet'), ...timestamp })
  expect(parquet).toMatchObject({
    __typename: 'DataSource',
    query: { name: 'customers' },
    timestampColumn: 'updated_at',
    timeZone: 'Europe/Amsterdam',
    settleMs: 500,
    pollIntervalMs: 250,
    columns: [
      { name: 'id', type: 'NUMBER' },
      { name: 'updated_at', type: 'DATE' },
      { name: 'tags', type: 'STRING_ARRAY' },
    ],
  })
  const path = database
  const orders = await create({ path, query: { table: { name: 'orders' } }, keyColumns: ['id', 'customer'] })
  expect(orders).toMatchObject({ __typename: 'DataSource', query: { schema: null, name: 'orders' } })

  expect(await create({ path })).toMatchObject({
    issues: [
      { path: ['query', 'table'], code: 'table_required', message: expect.stringContaining('"orders"') },
    ],
  })
  expect(await create({ path, query: { table: { name: 'ordres' } } })).toMatchObject({
    issues: [
      {
        path: ['query', 'table'],
        code: 'unknown_table',
        message: expect.stringContaining('Did you mean "orders"?'),
      },
    ],
  })
})

test('an unknown column, a wrong zone, a short interval and an empty name are told at once, with suggestions', async () => {
  const path = await csvFile('typos.csv')
  const result = await create({
    name: '   ',
    path,
    keyColumns: ['id', 'emial'],
    incrementColumn: 'idd',
    timeZone: 'Europe/Amsterdm',
    pollIntervalMs: 10,
    settleMs: -1,
  })
  expect(
    result.issues.map(({ path, code }: { path: string[]; code: string }) => [path.join('.'), code]),
  ).toEqual([
    ['name', 'too_small'],
    ['timeZone', 'unknown_time_zone'],
    ['settleMs', 'too_small'],
    ['pollIntervalMs', 'too_small'],
    ['keyColumns.1', 'unknown_column'],
    ['incrementColumn', 'unknown_column'],
  ])
  expect(result.message).toContain('Did you mean "email"?')
  expect(result.message).toContain('Did you mean "id"?')
})

test('keys that repeat or are empty and cursors that are empty are told by column and count, never by value', async () => {
  const path = await csvFile('rows.csv', [
    { id: 1, email: 'canary-ann@example.com', seen: 10 },
    { id: 2, email: 'canary-ann@example.com', seen: null },
    { id: 3, email: null, seen: 30 },
    { id: 4, email: 'canary-bob@example.com', seen: null },
  ])
  const result = await create({ path, keyColumns: ['email'], incrementColumn: 'seen' })
  expect(result.issues).toEqual([
    {
      path: ['keyColumns'],
      code: 'key_null',
      message: '1 of 4 rows have no value in the key "email". Choose columns that every row fills.',
    },
    {
      path: ['keyColumns'],
      code: 'key_not_unique',
      message:
        'The key "email" is not unique: 1 of 4 rows repeat the key of another row. Choose columns that tell every row apart, or add one.',
    },
    {
      path: ['incrementColumn'],
      code: 'cursor_null',
      message:
        '2 of 4 rows have no value in the cursor "seen": they would never be read. Choose columns that every row fills.',
    },
  ])
  expect(JSON.stringify(result)).not.toContain('canary')
  expect(app.log.join('\n')).not.toContain('canary')
})

test('rows are checked as far as the columns exist: a bad key is told beside an unknown cursor', async () => {
  const path = await csvFile('twins.csv', [
    { id: 1, email: 'a' },
    { id: 1, email: null },
  ])
  expect(await issuesOf({ path, incrementColumn: 'nope' })).toEqual([
    ['incrementColumn', 'unknown_column'],
    ['keyColumns', 'key_not_unique'],
  ])
  expect(await issuesOf({ path, keyColumns: ['nope'], incrementColumn: 'email' })).toEqual([
    ['keyColumns.0', 'unknown_column'],
    ['incrementColumn', 'cursor_null'],
  ])
})

test.each([
  [
    'a text as timestamp',
    { cursorMode: 'TIMESTAMP_INCREMENTING', timestampColumn: 'email' },
    'timestampColumn',
    'column_type',
  ],
  ['a boolean as id', { incrementColumn: 'is_active' }, 'incrementColumn', 'column_type'],
  ['a timestamp that is missing', { cursorMode: 'TIMESTAMP_INCREMENTING' }, 'timestampColumn', 'required'],
  [
    'a timestamp that the mode does not use',
    { timestampColumn: 'email' },
    'timestampColumn',
    'not_applicable',
  ],
  ['no key', { keyColumns: [] }, 'keyColumns', 'too_small'],
  ['a key that names a column twice', { keyColumns: ['id', 'id'] }, 'keyColumns', 'duplicate_column'],
])('%s is refused', async (_name, input, path, code) => {
  expect(await issuesOf({ path: await csvFile('kinds.csv'), ...input })).toContainEqual([path, code])
})

test('what is wrong with the file is told with its own code', async () => {
  const garbage = join(app.folder, 'garbage.parquet')
  await writeFile(garbage, 'this is no parquet')
  expect(await issuesOf({ path: garbage })).toEqual([['connectionId', 'bad_file']])
  expect(await issuesOf({ path: join(app.folder, 'gone.csv') })).toEqual([['connectionId', 'not_found']])
  expect(await issuesOf({ path: '/etc/passwd.csv' })).toEqual([['connectionId', 'not_allowed']])
  expect(await issuesOf({ path: join(app.folder, 'notes.txt') })).toEqual([['connectionId', 'bad_settings']])
})

test('a connection that is not there, or is of another workspace, is told beside the rest', async () => {
  const missing = 'DataSourceConnection_00000000-0000-7000-8000-000000000000'
  expect(await issuesOf({ connectionId: missing, name: '' })).toEqual([
    ['name', 'too_small'],
    ['connectionId', 'unknown_connection'],
  ])
  const { source } = await seed(app).workspace().csvSource().create()
  expect(await issuesOf({ connectionId: source.connectionId })).toEqual([
    ['connectionId', 'unknown_connection'],
  ])
})

test('a name is taken once in a workspace and free in another', async () => {
  const path = await csvFile('named.csv')
  expect(await create({ name: 'Taken', path })).toMatchObject({ __typename: 'DataSource' })
  expect(await create({ name: 'Taken', path })).toMatchObject({
    __typename: 'NameTaken',
    code: 'name_taken',
  })
  const other = await seed(app).workspace().create()
  const connectionId = await fileConnection(app, other.workspace.id, path)
  expect(await create({ workspaceId: other.workspace.id, name: 'Taken', connectionId })).toMatchObject({
    __typename: 'DataSource',
  })
})

test('a workspace that is not there, and an id that is none, are told apart', async () => {
  const path = await csvFile('nowhere.csv')
  const missing = 'Workspace_00000000-0000-7000-8000-000000000000'
  expect(await create({ workspaceId: missing, path })).toMatchObject({ __typename: 'NotFound' })
  expect(await issuesOf({ workspaceId: 'nonsense', path })).toEqual([['workspaceId', 'bad_id']])
})

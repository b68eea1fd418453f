/** A query is tried before it is saved: rows as they are now, or everything that is wrong with it. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { runIn } from '../../plugins/source-duckdb/testing/scratch.ts'
import { asReader, createDatabase } from '../../plugins/source-postgres/testing/scratch.ts'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { fileConnection, seed } from '../harness/seed.ts'

let app: TestApp
let connectionId: string
let ownToken: string

beforeAll(async () => {
  app = await createTestApp()
  const { workspace } = await seed(app).workspace().create()
  const path = join(app.folder, 'shop.duckdb')
  await runIn(
    path,
    `CREATE TABLE customers AS SELECT i AS id, 'c' || i AS name, TIMESTAMP '2026-01-01 12:00:00' AS at FROM range(300) r(i)`,
    'CREATE TABLE orders AS SELECT i AS id, i % 3 AS customer, 1.5 * i AS total FROM range(9) r(i)',
  )
  connectionId = await fileConnection(app, workspace.id, path)
  ownToken = await app.tokenFor(decodeGlobalId(workspace.id).id)
})
afterAll(() => app.close())

async function testQuery(query: object, input: object = {}, token = ownToken) {
  const { data, errors } = await app.ask(
    `mutation ($input: TestQueryInput!) {
      testQuery(input: $input) {
        __typename
        ... on TestedQuery { columns { name type } rows }
        ... on Problem { code message }
        ... on InvalidInput { issues { path code message line column } }
      }
    }`,
    { input: { connectionId, query, ...input } },
    token,
  )
  expect(errors).toBeUndefined()
  return data.testQuery
}

test('chosen columns of a table, under a condition', async () => {
  const query = { table: { name: 'customers', columns: ['name', 'at'], where: 'id BETWEEN 7 AND 8' } }
  expect(await testQuery(query, { timeZone: 'Europe/Amsterdam' })).toEqual({
    __typename: 'TestedQuery',
    columns: [
      { name: 'name', type: 'STRING' },
      { name: 'at', type: 'DATE' },
    ],
    rows: [
      { name: 'c7', at: '2026-01-01T11:00:00.000Z' },
      { name: 'c8', at: '2026-01-01T11:00:00.000Z' },
    ],
  })
})

test('a SELECT with a join and calculated columns, with its semicolon, and no more rows than asked for', async () => {
  const sql = `SELECT c.id, c.name, sum(o.total) AS spent
    FROM customers c JOIN orders o ON o.customer = c.id
    GROUP BY ALL ORDER BY c.id -- by customer;
    ;`
  const tested = await testQuery({ sql }, { limit: 2 })
  expect(tested.rows).toEqual([
    { id: 0, name: 'c0', spent: 13.5 },
    { id: 1, name: 'c1', spent: 18 },
  ])
  expect((await testQuery({ sql: 'FROM customers' })).rows).toHaveLength(10)
  expect(await testQuery({ sql: 'FROM customers' }, { limit: 101 })).toMatchObject({
    issues: [{ path: ['limit'], code: 'too_big' }],
  })
})

test('what is wrong with a SELECT is told with its place, in words of ours', async () => {
  const wrong = await testQuery({ sql: `SELECT id,\n  nmae\nFROM customers WHERE name = 'canary-41'` })
  expect(wrong).toMatchObject({
    __typename: 'InvalidInput',
    issues: [{ path: ['query', 'sql'], code: 'bad_query', line: 2 }],
  })
  expect(wrong.message).toContain('“nmae”')
  expect(JSON.stringify(wrong)).not.toContain('canary-41')
  expect(app.log.join('\n')).not.toContain('canary-41')
  expect(await testQuery({ sql: 'SELECT id FROM\n customers WHERE' })).toMatchObject({
    issues: [{ path: ['query', 'sql'], code: 'bad_query', line: 2 }],
  })
})

test.each([
  'DELETE FROM customers',
  'SELECT 1 AS id; DROP TABLE customers',
  "COPY customers TO 'out.csv'",
  "SELECT * FROM read_text('/etc/hostname')",
  "ATTACH 'x.duckdb'",
])('only reading is done: %s is refused', async (sql) => {
  expect(await testQuery({ sql })).toMatchObject({
    __typename: 'InvalidInput',
    issues: [{ path: ['query', 'sql'], code: expect.stringMatching(/^(bad_query|not_allowed)$/) }],
  })
  expect((await testQuery({ sql: 'SELECT count(*) AS n FROM customers' })).rows).toEqual([{ n: 300 }])
})

test('all that is wrong with a query of a table comes at once, a sub-select included', async () => {
  const where = 'id IN (SELECT customer FROM orders)'
  expect(await testQuery({ table: { name: 'customers', columns: ['id', 'nmae'], where } })).toMatchObject({
    issues: [
      {
        path: ['query', 'table', 'columns', '1'],
        code: 'unknown_column',
        message: expect.stringContaining('Did you mean "name"?'),
      },
      {
        path: ['query', 'table', 'where'],
        code: 'bad_query',
        message: expect.stringContaining('sub-select'),
      },
    ],
  })
  expect(await testQuery({ table: { name: 'customers', columns: ['id', 'id'], where: '' } })).toMatchObject({
    issues: [
      { path: ['query', 'table', 'columns'], code: 'duplicate_column' },
      { path: ['query', 'table', 'where'], code: 'too_small' },
    ],
  })
  expect(await testQuery({ sql: `SELECT '${'x'.repeat(20_000)}' AS a` })).toMatchObject({
    issues: [{ path: ['query', 'sql'], code: 'too_big' }],
  })
  expect(await testQuery({ table: { name: 'nope' } })).toMatchObject({
    ...{ __typename: 'SourceUnavailable', code: 'not_found' },
  })
})

test('a PostgreSQL answers by its own rules: schemas, names that come twice, sub-selects', async () => {
  const database = await createDatabase()
  onTestFinished(() => database.drop())
  await database.run(`CREATE TABLE people (id bigint, name text); INSERT INTO people VALUES (1, 'ann')`)
  const { settings, secrets } = await asReader(database)
  const { workspaceId } = await app.db.dataSourceConnection.findFirstOrThrow()
  const made = await app.ask(
    `mutation ($input: CreateDataSourceConnectionInput!) {
      createDataSourceConnection(input: $input) { ... on DataSourceConnection { id } }
    }`,
    {
      input: {
        ...{ workspaceId: `Workspace_${workspaceId}`, name: 'Server', type: 'postgres' },
        settings: { ...settings, ...secrets },
      },
    },
  )
  const input = { connectionId: made.data.createDataSourceConnection.id }
  const sql = `SELECT p.id, upper(p.name) AS name FROM public.people AS p`
  expect(await testQuery({ sql }, input)).toMatchObject({ rows: [{ id: 1, name: 'ANN' }] })
  const table = { schema: 'public', name: 'people', columns: ['name'], where: "name LIKE 'a%'" }
  expect(await testQuery({ table }, input)).toMatchObject({ rows: [{ name: 'ann' }] })
  expect(await testQuery({ sql: 'SELECT id FROM people' }, input)).toMatchObject({
    issues: [{ path: ['query', 'sql'], code: 'bad_query', line: 1, column: 16 }],
  })
  expect(await testQuery({ sql: 'SELECT id, id + 1 AS id FROM public.people' }, input)).toMatchObject({
    issues: [{ path: ['query', 'sql'], code: 'duplicate_column' }],
  })
  const where = 'id IN (SELECT id FROM public.people)'
  expect(await testQuery({ table: { ...table, where } }, input)).toMatchObject({
    issues: [{ path: ['query', 'table', 'where'], code: 'bad_query' }],
  })
})

test('a connection of another workspace is not found', async () => {
  const other = await seed(app).workspace().csvSource().create()
  const input = { connectionId: other.source.connectionId }
  expect(await testQuery({ sql: 'SELECT 1 AS a' }, input)).toMatchObject({
    ...{ __typename: 'NotFound', code: 'not_found' },
  })
})

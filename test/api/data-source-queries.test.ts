/** Data sources read chosen columns under a condition, or a SELECT: previewed, matched, published and planned alike. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runIn } from '../../plugins/source-duckdb/testing/scratch.ts'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import { loadVersion } from '../../server/versions/load-version.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
let path: string

beforeAll(async () => {
  app = await createTestApp()
  path = join(app.folder, 'shop.duckdb')
  await runIn(
    path,
    `CREATE TABLE customers AS SELECT i AS id, 'c' || i AS name, i % 2 = 0 AS is_active FROM range(40) r(i)`,
    'CREATE TABLE orders AS SELECT i AS id, i % 4 AS customer FROM range(8) r(i)',
  )
})
afterAll(() => app.close())

const row = (globalId: string) => decodeGlobalId(globalId).id

const table = { name: 'customers', columns: ['id', 'name'], where: 'is_active AND id < 10' }
const sql = `SELECT c.id, c.name || '!' AS name, count(*) AS orders
  FROM customers c JOIN orders o ON o.customer = c.id GROUP BY ALL`

test.each([
  ['chosen columns under a condition', { table }, 5, { id: 8, name: 'c8' }],
  ['a SELECT', { sql }, 4, { id: 3, name: 'c3!', orders: 2 }],
])('%s', async (_, query, rows, last) => {
  const conditions = { any: [{ all: [{ attribute: 'name', operator: 'startsWith', value: 'c' }] }] }
  const made = await seed(app)
    .workspace()
    .fileSource(path, { query })
    .segment(conditions)
    .connector()
    .action()
    .publish()
  const { data, errors } = await app.ask(
    `query ($source: ID!, $segment: ID!) {
      dataSource(id: $source) {
        query { ... on TableQuery { name columns where } ... on SqlQuery { sql } }
        preview(limit: 100) { ... on SourceRows { rows } }
      }
      segment(id: $segment) {
        count(dataSourceId: $source) { ... on MatchCount { matched } }
        preview(dataSourceId: $source, limit: 100) { ... on SourceRows { rows } }
      }
    }`,
    { source: made.source.id, segment: made.segment.id },
  )
  expect(errors).toBeUndefined()
  expect(data.dataSource.query).toEqual('sql' in query ? query : query.table)
  expect(data.dataSource.preview.rows).toHaveLength(rows)
  expect(data.segment.count).toEqual({ matched: rows })
  expect(data.segment.preview.rows.at(-1)).toEqual(last)
  const version = await loadVersion({ db: app.db }, row(made.workspace.id), 1)
  const kept = 'sql' in query ? { kind: 'sql', ...query } : { kind: 'table', ...query.table }
  expect(version.sources[0]?.query).toEqual(kept)
})

test('key and cursor have to be among the columns that are read', async () => {
  const made = await seed(app).workspace().fileSource(path, { query: { table } }).create()
  const update = async (query: object) => {
    const { data } = await app.ask(
      `mutation ($input: UpdateDataSourceInput!) {
        updateDataSource(input: $input) { __typename ... on InvalidInput { issues { path code message } } }
      }`,
      { input: { id: made.source.id, revision: 1, query } },
    )
    return data?.updateDataSource
  }
  const missing = {
    ...{ __typename: 'InvalidInput' },
    issues: [
      { path: ['keyColumns', '0'], code: 'unknown_column' },
      { path: ['incrementColumn'], code: 'unknown_column' },
    ],
  }
  expect(await update({ table: { ...table, columns: ['name'] } })).toMatchObject(missing)
  expect(await update({ sql: 'SELECT name FROM customers' })).toMatchObject(missing)
  expect(await update({ sql: 'SELECT id % 4 AS id FROM customers' })).toMatchObject({
    issues: [{ path: ['keyColumns'], code: 'key_not_unique' }],
  })
  // GraphQL itself takes exactly one of the two.
  expect(await update({ table, sql })).toBeUndefined()
})

test('another connection keeps columns and condition of the only table, and a SELECT as it is', async () => {
  const only = { table: { name: 'customers', columns: ['id'], where: 'id > 1' } }
  for (const query of [only, { sql: 'SELECT id FROM customers' }]) {
    const made = await seed(app).workspace().fileSource(path, { query }).create()
    const other = await app.db.dataSourceConnection.create({
      data: {
        ...{ workspaceId: row(made.workspace.id), name: 'Again', type: 'duckdb', settings: { path } },
      },
    })
    const { data } = await app.ask(
      `mutation ($input: UpdateDataSourceInput!) {
        updateDataSource(input: $input) {
          ... on DataSource { query { ... on TableQuery { name columns where } ... on SqlQuery { sql } } }
        }
      }`,
      { input: { id: made.source.id, revision: 1, connectionId: `DataSourceConnection_${other.id}` } },
    )
    expect(data.updateDataSource.query).toEqual('table' in query ? query.table : query)
  }
})

/** Tables, columns and a few rows of a live source, for the one who configures it. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runIn } from '../../plugins/source-duckdb/testing/scratch.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

async function preview(id: string, limit?: number) {
  const { data, errors } = await app.ask(
    `query ($id: ID!, $limit: Int! = 10) {
      dataSource(id: $id) {
        preview(limit: $limit) {
          __typename
          ... on SourceRows { rows }
          ... on Problem { code message }
          ... on InvalidInput { issues { path code } }
        }
      }
    }`,
    { id, ...(limit === undefined ? {} : { limit }) },
  )
  expect(errors).toBeUndefined()
  return data.dataSource.preview
}

test('a preview shows rows as objects whose values JSON keeps as they are', async () => {
  const path = join(app.folder, 'kinds.duckdb')
  await runIn(
    path,
    `CREATE TABLE kinds (id BIGINT, big HUGEINT, price DECIMAL(30, 4), ratio DOUBLE, day TIMESTAMP, tags VARCHAR[], ok BOOLEAN)`,
    `INSERT INTO kinds VALUES
      (1, 9007199254740993, 12345678901234567890.1250, 0.5, '2026-01-31 12:00:00', ['a', NULL], true),
      (2, 7, 19.9900, 'nan'::DOUBLE, NULL, NULL, NULL)`,
  )
  const { source } = await seed(app).workspace().fileSource(path, { timeZone: 'Europe/Amsterdam' }).create()
  expect(await preview(source.id)).toEqual({
    __typename: 'SourceRows',
    rows: [
      {
        id: 1,
        big: '9007199254740993',
        price: '12345678901234567890.1250',
        ratio: 0.5,
        day: '2026-01-31T11:00:00.000Z',
        tags: ['a', null],
        ok: true,
      },
      { id: 2, big: 7, price: 19.99, ratio: 'NaN', day: null, tags: null, ok: null },
    ],
  })
  expect((await preview(source.id, 1)).rows).toHaveLength(1)
})

test('a preview has a limit of its own, and says so', async () => {
  const { source } = await seed(app).workspace().csvSource().create()
  expect(await preview(source.id, 101)).toMatchObject({
    __typename: 'InvalidInput',
    issues: [{ path: ['limit'], code: 'too_big' }],
  })
})

test('a file that is gone gives a typed problem, and the rest of the answer stands', async () => {
  const { source } = await seed(app).workspace().csvSource().create()
  await rm(source.path)
  const { data, errors } = await app.ask(
    `query ($id: ID!) {
      dataSource(id: $id) {
        name
        connection { tables { __typename ... on SourceUnavailable { code isTransient } } }
        preview { __typename ... on SourceUnavailable { code isTransient } }
      }
    }`,
    { id: source.id },
  )
  expect(errors).toBeUndefined()
  const gone = { __typename: 'SourceUnavailable', code: 'not_found', isTransient: false }
  expect(data.dataSource).toMatchObject({ connection: { tables: gone }, preview: gone })
})

test('what was looked at is written nowhere', async () => {
  const { source } = await seed(app)
    .workspace()
    .csvSource([{ id: 1, email: 'canary-7d1' }])
    .create()
  expect((await preview(source.id)).rows).toEqual([{ id: 1, email: 'canary-7d1' }])
  expect(app.log.join('\n')).not.toContain('canary-7d1')
  expect(JSON.stringify(await app.db.dataSource.findMany())).not.toContain('canary-7d1')
})

test('a file without rows has columns and an empty preview', async () => {
  const path = join(app.folder, 'empty.csv')
  await writeFile(path, 'id,email\n')
  const { source } = await seed(app).workspace().fileSource(path).create()
  expect(await preview(source.id)).toEqual({ __typename: 'SourceRows', rows: [] })
})

/** Conditions on a real source through the API: before they are saved and after, in words, by rows and by count. */
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
let workspaceId: string
let sourceId: string

beforeAll(async () => {
  app = await createTestApp()
  const path = `${app.folder}/people.duckdb`
  const instance = await DuckDBInstance.create(path)
  const writer = await instance.connect()
  await writer.run(`CREATE TABLE people AS SELECT * FROM (VALUES
    (1, 'Ann Straße', ['vip', 'Gold'], [1.5, 2.0], [true, true], now() - INTERVAL 3 HOUR, now()),
    (2, 'bob STRAẞE', ['silver'], [2.0], [true, false], now() - INTERVAL 40 DAY, now()),
    (3, '', []::VARCHAR[], [NULL]::DOUBLE[], []::BOOLEAN[], now() + INTERVAL 2 DAY, now()),
    (4, NULL, NULL, NULL, NULL, NULL, now())
  ) AS t(id, name, tags, scores, flags, seen, changed)`)
  writer.closeSync()
  instance.closeSync()
  const made = await seed(app)
    .workspace()
    .fileSource(path, {
      cursorMode: 'TIMESTAMP_INCREMENTING',
      timestampColumn: 'changed',
    })
    .create()
  workspaceId = made.workspace.id
  sourceId = made.source.id
})
afterAll(() => app.close())

const issues = `... on InvalidInput { code issues { path code message } } ... on Problem { code message }`

async function look(conditions: unknown) {
  const { data, errors } = await app.ask(
    `query ($dataSourceId: ID!, $conditions: JSON!) {
      dataSource(id: $dataSourceId) {
        unsavedSegment(conditions: $conditions) {
          __typename
          ... on UnsavedSegment {
            description
            preview { ... on SourceRows { rows } ${issues} }
            count { ... on MatchCount { matched isComplete } ${issues} }
          }
          ${issues}
        }
      }
    }`,
    { dataSourceId: sourceId, conditions },
  )
  expect(errors).toBeUndefined()
  return data.dataSource.unsavedSegment
}

const all = (...conditions: readonly object[]) => ({ any: [{ all: conditions }] })
const on = (attribute: string, operator: string, value?: unknown, options: object = {}) => ({
  ...{ attribute, operator, ...options },
  ...(value === undefined ? {} : { value }),
})

test.each([
  [all(on('name', 'contains', 'straße', { ignoreCase: true })), [1, 2]],
  [all(on('name', 'contains', 'straße')), []],
  [all(on('name', 'matches', '^\\w+ s.*e$', { ignoreCase: true })), [1, 2]],
  [all(on('name', 'isEmpty')), [3, 4]],
  [all(on('name', 'isNotEmpty')), [1, 2]],
  [all(on('tags', 'containsItem', 'gold', { ignoreCase: true })), [1]],
  [all(on('tags', 'notContainsItem', 'vip')), [2, 3, 4]],
  [all(on('tags', 'itemStartsWith', 'sil')), [2]],
  [all(on('scores', 'containsItem', 2)), [1, 2]],
  [all(on('flags', 'containsOnly', true)), [1]],
  [all(on('flags', 'containsItem', false)), [2]],
  [all(on('seen', 'occurredLessThanAgo', { amount: 1, unit: 'days' })), [1]],
  [all(on('seen', 'occurredMoreThanAgo', { amount: 1, unit: 'months' })), [2]],
  [all(on('seen', 'after', { kind: 'now', amount: 1, unit: 'days' })), [3]],
  [all(on('seen', 'before', { kind: 'attribute', attribute: 'changed' })), [1, 2]],
  [{ any: [], exclude: [{ all: [on('name', 'isEmpty')] }, { all: [on('id', 'equals', 2)] }] }, [1]],
  [{ ...all(on('id', 'lessThan', 4)), exclude: [{ all: [on('id', 'greaterThan', 2)] }] }, [1, 2]],
])('%j is met by the rows %j, seen and counted before it is saved', async (conditions, ids) => {
  const { count, preview } = await look(conditions)
  expect(preview.rows.map(({ id }: { id: number }) => id)).toEqual(ids)
  expect(count).toEqual({ matched: ids.length, isComplete: true })
})

test('a saved segment keeps its conditions, with what is excluded, and tells them in words', async () => {
  const conditions = {
    ...all(on('seen', 'onOrAfter', { kind: 'now', amount: -30, unit: 'days' })),
    exclude: [{ all: [on('name', 'startsWith', 'ann', { ignoreCase: true })] }],
  }
  const description =
    'seen is at the earliest 30 days before now, but not if name starts with "ann" (ignoring case)'
  expect(await look(conditions)).toMatchObject({ description, count: { matched: 1 } })
  const { data } = await app.ask(
    `mutation ($input: CreateSegmentInput!) {
      createSegment(input: $input) {
        ... on Segment {
          conditions
          description
          count(dataSourceId: "${sourceId}") { ... on MatchCount { matched } }
        }
      }
    }`,
    { input: { workspaceId, name: 'Seen', dataSourceIds: [sourceId], conditions } },
  )
  expect(data.createSegment).toEqual({ conditions, description, count: { matched: 1 } })
})

test('everything wrong with unsaved conditions is told with its place', async () => {
  const conditions = {
    any: [{ all: [on('nmae', 'isEmpty'), on('scores', 'containsItem', 'x')] }],
    exclude: [
      { all: [on('seen', 'before', { kind: 'attribute', attribute: 'name' })] },
      { all: [on('id', 'equals', 1, { ignoreCase: true })] },
    ],
  }
  expect(await look(conditions)).toMatchObject({
    __typename: 'InvalidInput',
    issues: [
      { path: ['conditions', 'any', '0', 'all', '0', 'attribute'], code: 'unknown_attribute' },
      { path: ['conditions', 'any', '0', 'all', '1', 'value'], code: 'value_does_not_fit' },
      { path: ['conditions', 'exclude', '0', 'all', '0', 'value', 'attribute'], code: 'value_does_not_fit' },
      { path: ['conditions', 'exclude', '1', 'all', '0', 'ignoreCase'], code: 'option_does_not_fit' },
    ],
  })
  expect(await look(all(on('name', 'matches', '(a')))).toMatchObject({
    issues: [
      {
        path: ['conditions', 'any', '0', 'all', '0', 'value'],
        code: 'bad_pattern',
        message: expect.stringContaining('RE2: missing closing )'),
      },
    ],
  })
})

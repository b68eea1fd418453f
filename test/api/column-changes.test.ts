/** Columns that come, go or change their type while a source runs: told by the poll, and what lanes read stops it. */
import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCompiledLanes } from '../../server/deliveries/compiled-lanes.ts'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import { liveSource } from '../../server/sources/live-source.ts'
import { lookOnce } from '../../server/sources/look-once.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { csv, type Row, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const row = (globalId: string) => decodeGlobalId(globalId).id
const rows: readonly Row[] = [
  { id: 1, email: 'ann@example.com', age: 31, city: 'Breda' },
  { id: 2, email: 'bob@example.com', age: 45, city: 'Gent' },
]
const conditions = { any: [{ all: [{ attribute: 'age', operator: 'greaterThan', value: 1 }] }] }

/** A published action that reads `id`, and `age` for its segment. */
async function running() {
  const made = await seed(app).workspace().csvSource(rows).segment(conditions).connector().action().publish()
  const id = row(made.source.id)
  const compiledLanes = createCompiledLanes({ db: app.db, registry: app.deps.registry })
  const deps = { ...app.deps, db: app.db, compiledLanes, now: Date.now, sharedNow: async () => Date.now() }
  return {
    ...made,
    /** One look of a worker, and what people then see of it. */
    async look() {
      const live = await liveSource(deps, id)
      if (live === null) throw new Error('It does not run.')
      const looked = await lookOnce(deps, live)
      const { data, errors } = await app.ask(
        'query ($id: ID!) { dataSource(id: $id) { errorCode columnChanges { kind column before now } } }',
        { id: made.source.id },
      )
      expect(errors).toBeUndefined()
      return { looked, ...data.dataSource }
    },
    sequence: async () => (await app.db.sourceProgress.findUnique({ where: { dataSourceId: id } }))?.sequence,
  }
}

const without = (name: string) =>
  rows.map((each) => Object.fromEntries(Object.entries(each).filter(([key]) => key !== name)))

test('a column that nobody reads comes, goes and is renamed: it is told, and the source goes on', async () => {
  const { look, source } = await running()
  expect(await look()).toEqual({ looked: 'news', errorCode: null, columnChanges: [] })
  const renamed = without('city').map((each, index) => ({ ...each, id: index + 3, town: 'Gent' }))
  await writeFile(source.path, csv([...renamed]))
  expect(await look()).toEqual({
    ...{ looked: 'news', errorCode: null },
    columnChanges: [
      { kind: 'MISSING', column: 'city', before: 'VARCHAR', now: null },
      { kind: 'ADDED', column: 'town', before: null, now: 'VARCHAR' },
    ],
  })
})

test.each([
  ['the key', 'id'],
  ['what the segment reads', 'age'],
])('%s is gone: the source stops with a code, and goes on when it is back', async (_, name) => {
  const { look, source, sequence } = await running()
  await look()
  const before = await sequence()
  await writeFile(source.path, csv(without(name)))
  expect(await look()).toMatchObject({
    ...{ looked: 'failed', errorCode: 'column_missing' },
    columnChanges: [{ kind: 'MISSING', column: name, now: null }],
  })
  expect(await sequence()).toBe(before)
  await writeFile(source.path, csv([...rows, { id: 3, email: 'c', age: 4, city: 'x' }]))
  expect(await look()).toEqual({ looked: 'news', errorCode: null, columnChanges: [] })
})

test('a file without rows has no types of its own: nothing is wrong, and what comes later is read', async () => {
  const { look, source } = await running()
  await look()
  await writeFile(source.path, 'id,email,age,city\n')
  expect(await look()).toMatchObject({ looked: 'nothing', errorCode: null })
  await writeFile(source.path, csv([...rows, { id: 3, email: 'c', age: 4, city: 'x' }]))
  expect(await look()).toEqual({ looked: 'news', errorCode: null, columnChanges: [] })
})

test('a column that is read has another type: nothing is announced, until it is checked and published', async () => {
  const { look, source, workspace } = await running()
  await look()
  await writeFile(source.path, csv([...rows, { id: 3, email: 'cyd@example.com', age: 'old', city: 'x' }]))
  expect(await look()).toEqual({
    ...{ looked: 'failed', errorCode: 'column_changed' },
    columnChanges: [{ kind: 'RETYPED', column: 'age', before: 'BIGINT', now: 'VARCHAR' }],
  })
  const checked = await app.ask(
    `mutation ($check: CheckDataSourceInput!, $publish: PublishVersionInput!) {
      checkDataSource(input: $check) { __typename }
      publishVersion(input: $publish) { __typename ... on NotPublishable { problems { code } } }
    }`,
    { check: { id: source.id }, publish: { workspaceId: workspace.id, notes: 'test' } },
  )
  // The segment compares it as a number: that is told before anything of the new type is delivered.
  expect(checked.data.publishVersion).toMatchObject({
    ...{ __typename: 'NotPublishable', problems: [{ code: 'operator_does_not_fit' }] },
  })
})

/** Edits of a data source carry a revision and are checked against the live source only where they touch reading. */
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { csv, defaultRows, fileConnection, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const fields = `
  __typename
  ... on DataSource { id name revision query { ... on TableQuery { name where } } keyColumns cursorMode timestampColumn pollIntervalMs columns { name type } }
  ... on Problem { code message }
  ... on InvalidInput { issues { path code message } }
  ... on RevisionConflict { currentRevision current { ... on DataSource { name revision } } }
`

async function update(input: object) {
  const { data, errors } = await app.ask(
    `mutation ($input: UpdateDataSourceInput!) { updateDataSource(input: $input) { ${fields} } }`,
    { input },
  )
  expect(errors).toBeUndefined()
  return data.updateDataSource
}

async function check(id: string) {
  const { data, errors } = await app.ask(
    `mutation ($input: CheckDataSourceInput!) { checkDataSource(input: $input) { ${fields} } }`,
    { input: { id } },
  )
  expect(errors).toBeUndefined()
  return data.checkDataSource
}

const twoCursors = [
  { id: 1, email: 'a', seen: '2026-01-01 10:00:00' },
  { id: 2, email: 'b', seen: '2026-01-02 10:00:00' },
]

test('what is left out stays, and every edit grows the revision', async () => {
  const { source } = await seed(app).workspace().csvSource(twoCursors).create()
  const timestamp = { cursorMode: 'TIMESTAMP_INCREMENTING', timestampColumn: 'seen' }
  expect(await update({ id: source.id, revision: 1, ...timestamp })).toMatchObject({
    __typename: 'DataSource',
    revision: 2,
    keyColumns: ['id'],
    timestampColumn: 'seen',
    pollIntervalMs: 2000,
  })
  const back = { cursorMode: 'INCREMENTING', timestampColumn: null }
  expect(await update({ id: source.id, revision: 2, ...back })).toMatchObject({
    revision: 3,
    cursorMode: 'INCREMENTING',
    timestampColumn: null,
  })
})

test('a stale edit is a conflict that shows the current state and changes nothing', async () => {
  const { source } = await seed(app).workspace().csvSource().create()
  await update({ id: source.id, revision: 1, name: 'First' })
  expect(await update({ id: source.id, revision: 1, name: 'Second' })).toMatchObject({
    __typename: 'RevisionConflict',
    currentRevision: 2,
    current: { name: 'First', revision: 2 },
  })
})

test('of two edits at the same time one is made and the other is a conflict', async () => {
  const { source } = await seed(app).workspace().csvSource().create()
  const both = await Promise.all([
    update({ id: source.id, revision: 1, keyColumns: ['email'] }),
    update({ id: source.id, revision: 1, keyColumns: ['id', 'email'] }),
  ])
  expect(both.map(({ __typename }) => __typename).toSorted()).toEqual(['DataSource', 'RevisionConflict'])
})

test('it is renamed and paced while the source is away, but not read differently', async () => {
  const { source } = await seed(app).workspace().csvSource().create()
  await rm(source.path)
  expect(await update({ id: source.id, revision: 1, name: 'Away', pollIntervalMs: 5000 })).toMatchObject({
    name: 'Away',
    pollIntervalMs: 5000,
    revision: 2,
  })
  expect(await update({ id: source.id, revision: 2, keyColumns: ['email'] })).toMatchObject({
    __typename: 'InvalidInput',
    issues: [{ path: ['connectionId'], code: 'not_found' }],
  })
  expect(await update({ id: source.id, revision: 2, timeZone: 'Nowhere/Nothing', name: '' })).toMatchObject({
    issues: [
      { path: ['name'], code: 'too_small' },
      { path: ['timeZone'], code: 'unknown_time_zone' },
    ],
  })
})

test('another file with its only table needs no table named', async () => {
  const { source, workspace } = await seed(app).workspace().csvSource().create()
  const path = join(app.folder, 'moved.csv')
  await rename(source.path, path)
  const connectionId = await fileConnection(app, workspace.id, path)
  expect(await update({ id: source.id, revision: 1, connectionId })).toMatchObject({
    __typename: 'DataSource',
    query: { name: 'moved' },
  })
})

test('an edit that makes the key unusable is refused', async () => {
  const { source } = await seed(app).workspace().csvSource().create()
  expect(await update({ id: source.id, revision: 1, keyColumns: ['country'] })).toMatchObject({
    issues: [{ path: ['keyColumns'], code: 'key_not_unique' }],
  })
})

test('a check of an unchanged source changes nothing, and one of a changed source takes over its columns', async () => {
  const { source } = await seed(app).workspace().csvSource().create()
  expect(await check(source.id)).toMatchObject({ __typename: 'DataSource', revision: 1 })

  await writeFile(source.path, csv(defaultRows.map(({ country, ...row }) => ({ ...row, city: 'Utrecht' }))))
  const checked = await check(source.id)
  expect(checked).toMatchObject({ __typename: 'DataSource', revision: 2 })
  expect(checked.columns.map(({ name }: { name: string }) => name)).toEqual([
    'id',
    'email',
    'age',
    'is_active',
    'city',
  ])

  await writeFile(source.path, csv([{ nr: 1, email: 'a' }]))
  expect(await check(source.id)).toMatchObject({
    __typename: 'InvalidInput',
    issues: [
      { path: ['keyColumns', '0'], code: 'unknown_column' },
      { path: ['incrementColumn'], code: 'unknown_column' },
    ],
  })
})

test('a data source that is not there is not found', async () => {
  const id = 'DataSource_00000000-0000-7000-8000-000000000000'
  expect(await update({ id, revision: 1, name: 'x' })).toMatchObject({ __typename: 'NotFound' })
  expect(await check(id)).toMatchObject({ __typename: 'NotFound' })
})

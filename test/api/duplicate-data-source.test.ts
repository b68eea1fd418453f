/** A copy of a data source: the same connection and query under another name, and nothing of what was read. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const row = (globalId: string) => decodeGlobalId(globalId).id

async function duplicate(id: string, name: string) {
  const { data, errors } = await app.ask(
    `mutation ($input: DuplicateDataSourceInput!) {
      duplicateDataSource(input: $input) {
        __typename
        ... on DataSource { id name revision polledAt connection { id } }
        ... on Problem { code }
        ... on InvalidInput { issues { path code } }
      }
    }`,
    { input: { id, name } },
  )
  expect(errors).toBeUndefined()
  return data.duplicateDataSource
}

test('a copy reads the same through the same connection, and from its own beginning', async () => {
  const made = await seed(app).workspace().csvSource().segment().connector().action().publish()
  const { source, workspace } = made
  await app.db.sourceProgress.create({
    data: { workspaceId: row(workspace.id), dataSourceId: row(source.id), polledAt: new Date() },
  })
  const copy = await duplicate(source.id, ' Copy ')
  expect(copy).toMatchObject({
    ...{ __typename: 'DataSource', name: 'Copy', revision: 1, polledAt: null },
    connection: { id: source.connectionId },
  })
  const [one, other] = await Promise.all(
    [source.id, copy.id].map((id) => app.db.dataSource.findUniqueOrThrow({ where: { id: row(id) } })),
  )
  const { id, createdAt, updatedAt } = other ?? {}
  expect({ ...one, id, createdAt, updatedAt, name: 'Copy', isRead: false }).toEqual(other)
  expect(await app.db.lane.count({ where: { dataSourceId: row(copy.id) } })).toBe(0)
})

test('a name that is taken or empty, and a source that is not there, are refused', async () => {
  const { source } = await seed(app).workspace().csvSource(undefined, { name: 'Own' }).create()
  expect(await duplicate(source.id, 'Own')).toMatchObject({ __typename: 'NameTaken', code: 'name_taken' })
  expect(await duplicate(source.id, '')).toMatchObject({ issues: [{ path: ['name'], code: 'too_small' }] })
  expect(await duplicate('DataSource_00000000-0000-7000-8000-000000000000', 'x')).toMatchObject({
    __typename: 'NotFound',
  })
})

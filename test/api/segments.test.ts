/** Segments: conditions that fit their data sources, in words, with the rows that meet them. */
import { rm, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { csv, fileConnection, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const problems = `
  ... on Problem { code message }
  ... on InvalidInput { issues { path code message } }
`
const fields = `id name description revision conditions dataSources { id name }`

async function create(input: object) {
  const { data, errors } = await app.ask(
    `mutation ($input: CreateSegmentInput!) { createSegment(input: $input) { __typename ... on Segment { ${fields} } ${problems} } }`,
    { input },
  )
  expect(errors).toBeUndefined()
  return data.createSegment
}

async function update(input: object) {
  const { data, errors } = await app.ask(
    `mutation ($input: UpdateSegmentInput!) { updateSegment(input: $input) { __typename ... on Segment { ${fields} } ${problems} ... on RevisionConflict { currentRevision } } }`,
    { input },
  )
  expect(errors).toBeUndefined()
  return data.updateSegment
}

async function matches(id: string, dataSourceId: string, limit = 10) {
  const { data, errors } = await app.ask(
    `query ($id: ID!, $dataSourceId: ID!, $limit: Int!) {
      segment(id: $id) {
        preview(dataSourceId: $dataSourceId, limit: $limit) { __typename ... on SourceRows { rows } ${problems} }
        count(dataSourceId: $dataSourceId) { __typename ... on MatchCount { matched isComplete } ${problems} }
      }
    }`,
    { id, dataSourceId, limit },
  )
  expect(errors).toBeUndefined()
  return data.segment
}

const dutchAdults = {
  any: [
    {
      all: [
        { attribute: 'country', operator: 'equals', value: 'NL' },
        { attribute: 'age', operator: 'greaterThanOrEqual', value: 18 },
      ],
    },
  ],
}

test('a segment tells its conditions in words, its rows and how many there are', async () => {
  const { workspace, source } = await seed(app).workspace().csvSource().create()
  const segment = await create({
    workspaceId: workspace.id,
    name: 'Dutch adults',
    dataSourceIds: [source.id],
    conditions: dutchAdults,
  })
  expect(segment).toEqual({
    __typename: 'Segment',
    id: expect.stringMatching(/^Segment_/),
    name: 'Dutch adults',
    description: 'country is "NL" and age is at least 18',
    revision: 1,
    conditions: dutchAdults,
    dataSources: [{ id: source.id, name: expect.any(String) }],
  })
  expect(await matches(segment.id, source.id)).toEqual({
    preview: {
      __typename: 'SourceRows',
      rows: [{ id: 1, email: 'ann@example.com', country: 'NL', age: 31, is_active: true }],
    },
    count: { __typename: 'MatchCount', matched: 1, isComplete: true },
  })
})

test('a preview goes on reading until it has found enough, and a count reads to the end', async () => {
  const rows = Array.from({ length: 30_000 }, (_, index) => ({
    id: index + 1,
    kind: index % 1000 === 999 ? 'rare' : 'common',
  }))
  const conditions = { any: [{ all: [{ attribute: 'kind', operator: 'equals', value: 'rare' }] }] }
  const { source, segment } = await seed(app).workspace().csvSource(rows).segment(conditions).create()
  const { preview, count } = await matches(segment.id, source.id, 2)
  expect(preview.rows).toEqual([
    { id: 1000, kind: 'rare' },
    { id: 2000, kind: 'rare' },
  ])
  expect(count).toMatchObject({ matched: 30, isComplete: true })
})

test('an empty source has no matches', async () => {
  const { source, segment } = await seed(app).workspace().csvSource().segment().create()
  await writeFile(source.path, 'id,email,country,age,is_active\n')
  expect(await matches(segment.id, source.id)).toMatchObject({ preview: { rows: [] }, count: { matched: 0 } })
})

test('everything wrong with a segment is told at once: name, sources, operators, attributes, values', async () => {
  const { workspace, source } = await seed(app).workspace().csvSource().create()
  const result = await create({
    workspaceId: workspace.id,
    name: '',
    dataSourceIds: [source.id, 'DataSource_00000000-0000-7000-8000-000000000000'],
    conditions: {
      any: [
        { all: [{ attribute: 'contry', operator: 'equals', value: 'NL' }] },
        {
          all: [
            { attribute: 'age', operator: 'contains', value: 'x' },
            { attribute: 'age', operator: 'equals', value: 'x' },
          ],
        },
      ],
    },
  })
  expect(result.__typename).toBe('InvalidInput')
  expect(result.issues).toMatchObject([
    { path: ['name'], code: 'too_small' },
    { path: ['dataSourceIds', '1'], code: 'unknown_data_source' },
    {
      path: ['conditions', 'any', '0', 'all', '0', 'attribute'],
      code: 'unknown_attribute',
      message: expect.stringContaining('Did you mean "country"?'),
    },
    { path: ['conditions', 'any', '1', 'all', '0', 'operator'], code: 'operator_does_not_fit' },
    { path: ['conditions', 'any', '1', 'all', '1', 'value'], code: 'value_does_not_fit' },
  ])
})

test('conditions of a wrong shape are told with their place', async () => {
  const { workspace, source } = await seed(app).workspace().csvSource().create()
  const result = await create({
    workspaceId: workspace.id,
    name: 'Shapes',
    dataSourceIds: [],
    conditions: { any: [{ all: [{ attribute: 'age', operator: 'resembles', value: 1 }] }, { all: [] }] },
  })
  expect(result.issues.map(({ path }: { path: string[] }) => path.join('.'))).toEqual([
    'dataSourceIds',
    'conditions.any.0.all.0.operator',
    'conditions.any.1.all',
  ])
  expect(
    await create({ workspaceId: workspace.id, name: 'Text', dataSourceIds: [source.id], conditions: 'NL' }),
  ).toMatchObject({
    __typename: 'InvalidInput',
    issues: [{ path: ['conditions'] }],
  })
})

test('with several sources a problem names the one it is about, and each is previewed by itself', async () => {
  const { workspace, source } = await seed(app).workspace().csvSource().create()
  const other = await seed(app).workspace().csvSource().create()
  const second = await app.ask(
    `mutation ($input: CreateDataSourceInput!) { createDataSource(input: $input) { ... on DataSource { id } } }`,
    {
      input: {
        workspaceId: workspace.id,
        name: 'Second',
        connectionId: await fileConnection(app, workspace.id, other.source.path),
        keyColumns: ['id'],
        cursorMode: 'INCREMENTING',
        incrementColumn: 'id',
      },
    },
  )
  const ids = [source.id, second.data.createDataSource.id]
  const bad = { any: [{ all: [{ attribute: 'nope', operator: 'isAssigned' }] }] }
  const refused = await create({
    workspaceId: workspace.id,
    name: 'Both',
    dataSourceIds: ids,
    conditions: bad,
  })
  expect(refused.issues.map(({ message }: { message: string }) => message.slice(0, 20))).toEqual([
    'For the data source ',
    'For the data source ',
  ])
  const segment = await create({
    workspaceId: workspace.id,
    name: 'Both',
    dataSourceIds: ids,
    conditions: dutchAdults,
  })
  expect(segment.dataSources).toHaveLength(2)
  await rm(other.source.path)
  expect(await matches(segment.id, source.id)).toMatchObject({ count: { matched: 1 } })
  expect(await matches(segment.id, ids[1])).toMatchObject({
    preview: { __typename: 'SourceUnavailable', code: 'not_found' },
    count: { __typename: 'SourceUnavailable', code: 'not_found' },
  })
  expect(await matches(segment.id, other.source.id)).toMatchObject({
    count: { __typename: 'InvalidInput', issues: [{ path: ['dataSourceId'], code: 'not_in_segment' }] },
  })
})

test('an edit keeps what is left out, and a stale one is a conflict', async () => {
  const { segment, source } = await seed(app).workspace().csvSource().segment().create()
  expect(await update({ id: segment.id, revision: 1, conditions: dutchAdults })).toMatchObject({
    revision: 2,
    description: 'country is "NL" and age is at least 18',
    dataSources: [{ id: source.id }],
  })
  expect(await update({ id: segment.id, revision: 1, name: 'Late' })).toMatchObject({
    __typename: 'RevisionConflict',
    currentRevision: 2,
  })
  expect(await update({ id: segment.id, revision: 2, name: 'Renamed' })).toMatchObject({
    revision: 3,
    name: 'Renamed',
    conditions: dutchAdults,
  })
})

test('a data source stays in a segment while an action reads the two together', async () => {
  const { workspace, segment } = await seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector()
    .action()
    .create()
  const { data } = await app.ask(
    `mutation ($input: CreateDataSourceInput!) { createDataSource(input: $input) { ... on DataSource { id } } }`,
    {
      input: {
        workspaceId: workspace.id,
        name: 'Other',
        connectionId: await fileConnection(app, workspace.id, await otherFile()),
        keyColumns: ['id'],
        cursorMode: 'INCREMENTING',
        incrementColumn: 'id',
      },
    },
  )
  const dataSourceIds = [data.createDataSource.id]
  expect(await update({ id: segment.id, revision: 1, dataSourceIds })).toMatchObject({
    issues: [{ path: ['dataSourceIds'], code: 'in_use', message: expect.stringContaining('The action') }],
  })
})

test('a segment whose source has lost a column says so when it is previewed', async () => {
  const conditions = { any: [{ all: [{ attribute: 'age', operator: 'isAssigned' }] }] }
  const { source, segment } = await seed(app).workspace().csvSource().segment(conditions).create()
  await writeFile(source.path, csv([{ id: 1, email: 'a' }]))
  await app.ask(
    `mutation ($input: CheckDataSourceInput!) { checkDataSource(input: $input) { __typename } }`,
    {
      input: { id: source.id },
    },
  )
  expect(await matches(segment.id, source.id)).toMatchObject({
    count: {
      issues: [{ path: ['conditions', 'any', '0', 'all', '0', 'attribute'], code: 'unknown_attribute' }],
    },
  })
})

async function otherFile(): Promise<string> {
  const path = `${app.folder}/other.csv`
  await writeFile(path, csv([{ id: 1 }]))
  return path
}

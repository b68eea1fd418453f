/** Attributes: made from the columns of data sources, shared between them, found, described, and kept while used. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mostAttributes } from '../../server/attributes/rules.ts'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { csv, externalId, fileConnection, type Row, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const row = (globalId: string) => decodeGlobalId(globalId).id
const problems = `
  ... on Problem { code message }
  ... on InvalidInput { issues { path code message } }
`

async function ask(document: string, variables: object, token?: string) {
  const { data, errors } = await app.ask(document, variables, token)
  expect(errors).toBeUndefined()
  return data
}

async function change(verb: string, input: object, result = '') {
  const type = `${verb[0]?.toUpperCase()}${verb.slice(1)}Input`
  const document = `mutation ($input: ${type}!) { ${verb}(input: $input) { __typename ${problems} ${result} } }`
  return (await ask(document, { input }))[verb]
}

const tooMany = '... on TooManyAttributes { limit total wanted }'
const inUse = '... on AttributeInUse { uses { user nodeId name column } }'
const attributeFields = '... on Attribute { id name type notes revision }'
const sourceFields =
  '... on DataSource { id revision keyColumns incrementColumn ignoredColumns columns { name attribute type } }'

interface Listed {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly revision: number
  readonly usedBy: readonly { readonly user: string; readonly name: string; readonly column: string | null }[]
}

async function list(workspaceId: string, filter: object | null = null) {
  const { workspace } = await ask(
    `query ($id: ID!, $filter: AttributeFilter) {
      workspace(id: $id) {
        attributeCount(filter: $filter)
        attributes(first: 100, filter: $filter) {
          edges { node { id name type revision usedBy { user nodeId name column } } }
        }
      }
    }`,
    { id: workspaceId, filter },
  )
  const nodes: readonly Listed[] = workspace.attributes.edges.map(
    ({ node }: { readonly node: Listed }) => node,
  )
  return { count: workspace.attributeCount, nodes, names: nodes.map(({ name }) => name) }
}

/** Another file of the workspace as data source. */
async function addSource(workspaceId: string, name: string, rows: readonly Row[], fields: object = {}) {
  const path = join(app.folder, `${name}.csv`)
  await writeFile(path, csv(rows))
  const connectionId = await fileConnection(app, workspaceId, path)
  const needed = { keyColumns: ['id'], cursorMode: 'INCREMENTING', incrementColumn: 'id' }
  const made = await change(
    'createDataSource',
    { workspaceId, name, connectionId, ...needed, ...fields },
    `${tooMany} ${sourceFields}`,
  )
  return { ...made, path }
}

test('a data source brings its columns as attributes, with their types', async () => {
  const { workspace } = await seed(app).workspace().csvSource().create()
  const { nodes, count } = await list(workspace.id)
  expect(nodes.map(({ name, type }) => [name, type])).toEqual([
    ['age', 'NUMBER'],
    ['country', 'STRING'],
    ['email', 'STRING'],
    ['id', 'NUMBER'],
    ['is_active', 'BOOLEAN'],
  ])
  expect(count).toBe(5)
  const found = await list(workspace.id, { search: 'A', types: ['STRING', 'BOOLEAN'] })
  expect(found).toMatchObject({ count: 2, names: ['email', 'is_active'] })
})

describe('a second source', () => {
  test('shares what has the same name and type, and needs another name for another type', async () => {
    const { workspace, source } = await seed(app).workspace().csvSource().create()
    const rows = [{ id: 1, email: 'ann@example.com', age: 'old', noise: 1 }]
    const refused = await addSource(workspace.id, 'Refused', rows)
    expect(refused.issues).toEqual([
      { path: ['attributes'], code: 'attribute_type', message: expect.stringContaining('"age"') },
    ])
    const attributes = [
      { column: 'age', attribute: 'age group' },
      { column: 'noise', attribute: null },
    ]
    const made = await addSource(workspace.id, 'Second', rows, { attributes })
    expect(made).toMatchObject({
      ...{ __typename: 'DataSource', ignoredColumns: ['noise'] },
      columns: [
        { name: 'id', attribute: 'id', type: 'NUMBER' },
        { name: 'email', attribute: 'email', type: 'STRING' },
        { name: 'age', attribute: 'age group', type: 'STRING' },
      ],
    })
    const { nodes, names } = await list(workspace.id)
    expect(names).toEqual(['age', 'age group', 'country', 'email', 'id', 'is_active'])
    const feeding = nodes.find(({ name }) => name === 'email')?.usedBy
    expect(feeding).toMatchObject([{ column: 'email' }, { column: 'email' }])
    const { dataSource } = await ask(
      'query ($id: ID!) { dataSource(id: $id) { preview { ... on SourceRows { rows } } } }',
      made,
    )
    expect(dataSource.preview.rows).toEqual([{ id: 1, email: 'ann@example.com', 'age group': 'old' }])
    expect(source.id).not.toBe(made.id)
  })

  test('feeds an attribute made by hand, if the type fits', async () => {
    const { workspace } = await seed(app).workspace().create()
    const attribute = { workspaceId: workspace.id, name: 'Customer', type: 'NUMBER', notes: 'From anywhere' }
    expect(await change('createAttribute', attribute, attributeFields)).toMatchObject({
      ...{ name: 'Customer', type: 'NUMBER', notes: 'From anywhere', revision: 1 },
    })
    expect(await change('createAttribute', attribute)).toMatchObject({ code: 'name_taken' })
    const attributes = [{ column: 'id', attribute: 'Customer' }]
    const text = await addSource(workspace.id, 'Texts', [{ id: 'a1' }], { attributes })
    expect(text.issues).toMatchObject([{ path: ['attributes', '0', 'attribute'], code: 'attribute_type' }])
    const numbers = await addSource(workspace.id, 'Numbers', [{ id: 1 }], { attributes })
    // Key and cursor are called as the source calls them.
    expect(numbers).toMatchObject({ keyColumns: ['id'], incrementColumn: 'id' })
    expect((await list(workspace.id)).names).toEqual(['Customer'])
  })
})

test('columns are given other attributes later, and what comes later becomes one when the source is checked', async () => {
  const { workspace } = await seed(app).workspace().create()
  const made = await addSource(workspace.id, 'Later', [{ id: 1, mail: 'a' }])
  const attributes = [
    { column: 'mail', attribute: 'email' },
    { column: 'id', attribute: 'mail' },
  ]
  const updated = await change('updateDataSource', { id: made.id, revision: 1, attributes }, sourceFields)
  expect(updated.columns).toEqual([
    { name: 'id', attribute: 'mail', type: 'NUMBER' },
    { name: 'mail', attribute: 'email', type: 'STRING' },
  ])
  expect(updated.keyColumns).toEqual(['id'])
  await writeFile(made.path, csv([{ id: 1, mail: 'a', town: 'Gent' }]))
  const checked = await change('checkDataSource', { id: made.id }, sourceFields)
  expect(checked.columns.at(-1)).toEqual({ name: 'town', attribute: 'town', type: 'STRING' })
  expect((await list(workspace.id)).names).toEqual(['email', 'id', 'mail', 'town'])
  // Retyped: its own attribute follows; one that another source feeds cannot.
  await writeFile(made.path, csv([{ id: 1, mail: 'a', town: 5 }]))
  await change('checkDataSource', { id: made.id })
  expect((await list(workspace.id, { search: 'town' })).nodes).toMatchObject([{ type: 'NUMBER' }])
  await addSource(workspace.id, 'Other', [{ id: 1, town: 7 }])
  await writeFile(made.path, csv([{ id: 1, mail: 'a', town: 'Gent' }]))
  expect(await change('checkDataSource', { id: made.id })).toMatchObject({
    issues: [{ path: ['attributes'], code: 'attribute_type', message: expect.stringContaining('"Other"') }],
  })
  expect(
    await change('updateDataSource', { id: made.id, revision: 4, attributes: [{ column: 'id' }] }),
  ).toMatchObject({
    issues: [{ path: ['attributes', '0', 'attribute'], code: 'column_needed' }, { code: 'attribute_type' }],
  })
})

test('a workspace has at most 500, whoever brings them', async () => {
  const { workspace } = await seed(app).workspace().create()
  const workspaceId = row(workspace.id)
  const names = Array.from({ length: mostAttributes - 1 }, (_, index) => `a${index}`)
  await app.db.attribute.createMany({ data: names.map((name) => ({ workspaceId, name, type: 'string' })) })
  const many = await addSource(workspace.id, 'Many', [{ id: 1, more: 2 }])
  expect(many).toMatchObject({
    ...{ __typename: 'TooManyAttributes', code: 'too_many_attributes', limit: 500, total: 499, wanted: 2 },
  })
  expect(await app.db.dataSource.count({ where: { workspaceId } })).toBe(0)
  const one = { workspaceId: workspace.id, name: 'last', type: 'DATE' }
  expect(await change('createAttribute', one)).toMatchObject({ __typename: 'Attribute' })
  expect(await change('createAttribute', { ...one, name: 'more' }, tooMany)).toMatchObject({
    total: 500,
    wanted: 1,
  })
})

test('is deleted once nothing uses it, and says until then what does', async () => {
  const condition = { attribute: 'age', operator: 'greaterThan', value: 1 }
  const templates = [{ name: 'Greeting', source: 'Dear {{email}}, {{place}}' }]
  const made = await seed(app)
    .workspace()
    .csvSource(undefined, { name: 'Customers' })
    .segment({ any: [{ all: [condition] }] }, { name: 'Adults' })
    .connector()
    .action([externalId, { parameter: 'email', from: { kind: 'attribute', attribute: 'email' } }], {
      ...{ name: 'Track', templates, templateVariables: [{ name: 'place', attribute: 'country' }] },
    })
    .create()
  const { nodes } = await list(made.workspace.id)
  const uses = nodes.map(({ name, usedBy }) => [
    name,
    ...usedBy.map((use) => `${use.user} ${use.name} ${use.column ?? ''}`.trim()),
  ])
  expect(uses).toEqual([
    ['age', 'DATA_SOURCE Customers age', 'SEGMENT Adults'],
    ['country', 'DATA_SOURCE Customers country', 'ACTION Track'],
    ['email', 'DATA_SOURCE Customers email', 'ACTION Track', 'TEMPLATE Greeting'],
    ['id', 'DATA_SOURCE Customers id', 'ACTION Track'],
    ['is_active', 'DATA_SOURCE Customers is_active'],
  ])
  const [age] = nodes
  expect(await change('deleteAttribute', { id: age?.id, revision: 1 }, inUse)).toMatchObject({
    ...{ __typename: 'AttributeInUse', code: 'attribute_in_use' },
    uses: [
      { user: 'DATA_SOURCE', nodeId: made.source.id, name: 'Customers', column: 'age' },
      { user: 'SEGMENT', nodeId: made.segment.id, name: 'Adults', column: null },
    ],
  })
  const { source } = made
  const ignore = { id: source.id, revision: 1, attributes: [{ column: 'is_active', attribute: null }] }
  await change('updateDataSource', ignore)
  const unused = nodes.at(-1)
  expect(await change('deleteAttribute', { id: unused?.id, revision: 7 })).toMatchObject({
    ...{ __typename: 'RevisionConflict', code: 'revision_conflict' },
  })
  expect(await change('deleteAttribute', { id: unused?.id, revision: 1 })).toEqual({
    __typename: 'Workspace',
  })
  expect((await list(made.workspace.id)).names).toEqual(['age', 'country', 'email', 'id'])
})

test('one of another workspace is not there', async () => {
  const [ours, theirs] = await Promise.all([1, 2].map(() => seed(app).workspace().csvSource().create()))
  const [foreign] = (await list(theirs?.workspace.id ?? '')).nodes
  const token = await app.tokenFor(row(ours?.workspace.id ?? ''))
  const { data } = await app.ask(
    'query ($id: ID!) { attribute(id: $id) { id } node(id: $id) { id } }',
    { id: foreign?.id },
    token,
  )
  expect(data).toEqual({ attribute: null, node: null })
  const edits = [
    ['createAttribute', { workspaceId: theirs?.workspace.id, name: 'x', type: 'DATE' }],
    ['updateAttribute', { id: foreign?.id, revision: 1, notes: 'x' }],
    ['renameAttribute', { id: foreign?.id, revision: 1, name: 'x' }],
    ['deleteAttribute', { id: foreign?.id, revision: 1 }],
  ] as const
  for (const [verb, input] of edits) {
    const type = `${verb[0]?.toUpperCase()}${verb.slice(1)}Input`
    const answer = await app.ask(
      `mutation ($input: ${type}!) { ${verb}(input: $input) { __typename } }`,
      { input },
      token,
    )
    expect(answer.data[verb], verb).toEqual({ __typename: 'NotFound' })
  }
})

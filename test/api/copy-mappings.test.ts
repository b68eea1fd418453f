/** Mappings are copied between actions: added or replaced, with the templates that they need, and nothing is lost silently. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { pluginsWithLists, rowIdOf } from '../harness/list-scene.ts'
import { mutate } from '../harness/mutate.ts'
import { externalId, type Row, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ registry: pluginsWithLists })
})
afterAll(() => app.close())

const parts = `
  action { id mappings typeVersion revision templates { name source } templateVariables { name attribute } }
  copied skipped dropped newTemplates keptTemplates keptVariables issues { path code }
`
const fields = `... on CopiedMappings { copies { ${parts} } }`

const email = { parameter: 'email', from: { kind: 'attribute', attribute: 'email' } }
const home = { parameter: 'attributes', key: 'home', from: { kind: 'attribute', attribute: 'country' } }
const fixedHome = { parameter: 'attributes', key: 'home', from: { kind: 'constant', value: 'NL' } }
const age = { parameter: 'attributes', key: 'age', from: { kind: 'attribute', attribute: 'age' } }
const fromTemplate = (parameter: string, template: string, key?: string) => ({
  parameter,
  ...(key === undefined ? {} : { key }),
  from: { kind: 'template', template },
})

interface Wanted {
  readonly mappings?: readonly object[]
  readonly templates?: readonly object[]
  readonly templateVariables?: readonly object[]
  readonly type?: string
}

/** Two actions of one connector and one data source. */
async function two(first: Wanted, second: Wanted, rows?: readonly Row[]) {
  const made = await seed(app).workspace().csvSource(rows).segment().connector().create()
  const common = {
    workspaceId: made.workspace.id,
    connectorId: made.connector.id,
    dataSourceId: made.source.id,
    segmentId: made.segment.id,
    type: 'track-user',
    mappings: [externalId],
  }
  const from = await mutate(app, 'createAction', { ...common, name: 'From', ...first })
  const to = await mutate(app, 'createAction', { ...common, name: 'To', ...second })
  return { ...made, common, from, to }
}

const copy = (fromId: string, actions: readonly object[], mode: string) =>
  answerOf(app, 'copyMappings', { fromId, actions, mode }, fields)

async function preview(id: string, fromId: string, mode: string) {
  const { data, errors } = await app.ask(
    `query ($id: ID!, $fromId: ID!, $mode: CopyMode!) { action(id: $id) {
      mappingsCopy(fromId: $fromId, mode: $mode) {
        __typename ... on MappingsCopy { ${parts} } ... on InvalidInput { issues { path code } }
      }
    } }`,
    { id, fromId, mode },
  )
  expect(errors).toBeUndefined()
  return data.action.mappingsCopy
}

test('original mappings are kept, and what fills an empty place is added', async () => {
  const { from, to } = await two(
    { mappings: [externalId, email, home, age] },
    { mappings: [externalId, fixedHome] },
  )
  const expected = {
    copied: [email, age],
    skipped: [externalId, home],
    dropped: [],
    newTemplates: [],
    issues: [],
  }
  expect(await preview(to.id, from.id, 'KEEP')).toMatchObject({
    ...expected,
    action: { mappings: [externalId, fixedHome], revision: 1 },
  })
  expect(await copy(from.id, [to], 'KEEP')).toMatchObject({
    copies: [{ ...expected, action: { mappings: [externalId, fixedHome, email, age], revision: 2 } }],
  })
})

test('all mappings are overwritten, of several actions at once', async () => {
  const { common, from, to } = await two(
    { mappings: [externalId, email, home] },
    { mappings: [externalId, fixedHome] },
  )
  const third = await mutate(app, 'createAction', { ...common, name: 'Third', mappings: [externalId, age] })
  const mappings = [externalId, email, home]
  expect(await copy(from.id, [third, to], 'OVERWRITE')).toMatchObject({
    copies: [
      { action: { id: third.id, mappings }, copied: mappings, skipped: [], dropped: [] },
      { action: { id: to.id, mappings }, copied: mappings, skipped: [], dropped: [] },
    ],
  })
})

test('what another type has no place for is told, and the rest comes', async () => {
  const { from, to } = await two(
    { mappings: [externalId, email, home] },
    { type: 'delete-user', mappings: [externalId] },
  )
  expect(await copy(from.id, [to], 'OVERWRITE')).toMatchObject({
    copies: [{ copied: [externalId, email], dropped: [home], action: { mappings: [externalId, email] } }],
  })
})

test('an attribute that another data source lacks is told, and stands there until it is mended', async () => {
  const { from, workspace, connector } = await two({ mappings: [externalId, email, age] }, {})
  const other = await seed(app)
    .workspace()
    .csvSource([{ id: 1, email: 'a@example.com' }])
    .create()
  const source = await answerOf(
    app,
    'createDataSource',
    {
      workspaceId: workspace.id,
      name: 'Other',
      connectionId: (
        await answerOf(
          app,
          'createDataSourceConnection',
          { workspaceId: workspace.id, name: 'Other', type: 'duckdb', settings: { path: other.source.path } },
          '... on DataSourceConnection { id }',
        )
      ).id,
      keyColumns: ['id'],
      cursorMode: 'INCREMENTING',
      incrementColumn: 'id',
    },
    '... on DataSource { id }',
  )
  const segment = await answerOf(
    app,
    'createSegment',
    { workspaceId: workspace.id, name: 'Other', dataSourceIds: [source.id], conditions: { any: [] } },
    '... on Segment { id }',
  )
  const to = await mutate(app, 'createAction', {
    ...{ workspaceId: workspace.id, connectorId: connector.id, name: 'Elsewhere', type: 'track-user' },
    ...{ dataSourceId: source.id, segmentId: segment.id, mappings: [externalId] },
  })
  expect(await copy(from.id, [to], 'KEEP')).toMatchObject({
    copies: [
      {
        copied: [email, age],
        issues: [{ path: ['mappings', '2', 'from', 'attribute'], code: 'unknown_attribute' }],
      },
    ],
  })
  const { data } = await app.ask('query ($id: ID!) { action(id: $id) { issues { code } } }', { id: to.id })
  expect(data.action.issues).toEqual([{ code: 'unknown_attribute' }])
})

test('templates that the mappings need come along, with those they include and the names that they read', async () => {
  const templates = [
    { name: 'Greeting', source: 'Dear {{mail}}' },
    { name: 'Letter', source: '{{> Greeting}}, {{country}}' },
    { name: 'Unused', source: 'x' },
  ]
  const mapped = fromTemplate('attributes', 'Letter', 'letter')
  const { from, to } = await two(
    {
      mappings: [externalId, mapped],
      templates,
      templateVariables: [
        { name: 'mail', attribute: 'email' },
        { name: 'years', attribute: 'age' },
      ],
    },
    {},
  )
  expect(await copy(from.id, [to], 'KEEP')).toMatchObject({
    copies: [
      {
        copied: [mapped],
        newTemplates: ['Greeting', 'Letter'],
        keptTemplates: [],
        issues: [],
        action: {
          templates: templates.slice(0, 2),
          templateVariables: [{ name: 'mail', attribute: 'email' }],
        },
      },
    ],
  })
  // Copied again there is nothing new.
  expect(await copy(from.id, [{ ...to, revision: 2 }], 'OVERWRITE')).toMatchObject({
    copies: [{ newTemplates: [], keptTemplates: [], issues: [] }],
  })
})

test('a template of the same name stays as it is, and so does a name that means something else: both are told', async () => {
  const mapped = fromTemplate('attributes', 'Letter', 'letter')
  const other = fromTemplate('attributes', 'Note', 'note')
  const { from, to } = await two(
    {
      mappings: [externalId, mapped, other],
      templates: [
        { name: 'Letter', source: 'Dear {{mail}}' },
        { name: 'Note', source: '{{mail}}!' },
      ],
      templateVariables: [{ name: 'mail', attribute: 'email' }],
    },
    {
      templates: [{ name: 'Letter', source: 'Hello' }],
      templateVariables: [{ name: 'mail', attribute: 'country' }],
    },
  )
  expect(await copy(from.id, [to], 'OVERWRITE')).toMatchObject({
    copies: [
      {
        newTemplates: ['Note'],
        keptTemplates: ['Letter'],
        keptVariables: ['mail'],
        action: {
          templates: [
            { name: 'Letter', source: 'Hello' },
            { name: 'Note', source: '{{mail}}!' },
          ],
          templateVariables: [{ name: 'mail', attribute: 'country' }],
        },
      },
    ],
  })
})

test('a template for a whole group is not put over entries that are kept, nor they over it', async () => {
  const whole = fromTemplate('purchases', 'Purchases')
  const entry = { parameter: 'purchases', key: 'productId', from: { kind: 'constant', value: 'pen' } }
  const templates = [{ name: 'Purchases', kind: 'CUSTOM', format: 'JSON', source: '[]' }]
  const { from, to } = await two(
    { mappings: [externalId, whole], templates },
    {
      mappings: [
        externalId,
        entry,
        { parameter: 'purchases', key: 'currency', from: { kind: 'constant', value: 'EUR' } },
        { parameter: 'purchases', key: 'price', from: { kind: 'attribute', attribute: 'age' } },
        { parameter: 'purchases', key: 'time', from: { kind: 'metadata', field: 'time' } },
      ],
    },
  )
  expect(await preview(to.id, from.id, 'KEEP')).toMatchObject({ copied: [], skipped: [externalId, whole] })
  expect(await preview(from.id, to.id, 'KEEP')).toMatchObject({
    copied: [],
    skipped: [externalId, entry, {}, {}, {}],
  })
  expect(await preview(to.id, from.id, 'OVERWRITE')).toMatchObject({
    copied: [externalId, whole],
    newTemplates: ['Purchases'],
  })
})

test('to all or to none: each that cannot get them is told', async () => {
  const { from, to } = await two({ mappings: [externalId, email] }, {})
  expect(await copy(from.id, [from, { ...to, revision: 9 }], 'KEEP')).toMatchObject({
    __typename: 'InvalidInput',
    issues: [
      { path: ['actions', '0'], code: 'same_action' },
      { path: ['actions', '1', 'revision'], code: 'revision_conflict' },
    ],
  })
  const elsewhere = await two({}, {})
  expect(await copy(elsewhere.from.id, [to], 'KEEP')).toMatchObject({ __typename: 'NotFound' })
  const { data } = await app.ask('query ($id: ID!) { action(id: $id) { mappings revision } }', { id: to.id })
  expect(data.action).toEqual({ mappings: [externalId], revision: 1 })
})

test('more than an action can have is refused', async () => {
  const many = Array.from({ length: 300 }, (_, index) => ({
    parameter: 'attributes',
    key: `k${index}`,
    from: { kind: 'constant', value: index },
  }))
  const others = many.map((mapping) => ({ ...mapping, key: `other-${mapping.key}` }))
  const { from, to } = await two({ mappings: [externalId, ...many] }, { mappings: [externalId, ...others] })
  expect(await copy(from.id, [to], 'KEEP')).toMatchObject({
    issues: [{ path: ['actions', '0'], code: 'too_big' }],
  })
})

test('an action of a type that is not installed gets none', async () => {
  const { from, to } = await two({ mappings: [externalId] }, {})
  await app.db.action.update({ where: { id: rowIdOf(to.id) }, data: { type: 'gone' } })
  expect(await copy(from.id, [to], 'OVERWRITE')).toMatchObject({
    issues: [{ path: ['actions', '0'], code: 'unknown_action_type' }],
  })
})

/** A segment among data sources and actions: its flow, its switch, what it did in a period, lists of many. */
import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { countDone } from '../harness/metric-buckets.ts'
import { csv, externalId, fileConnection, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const problems = `... on Problem { code message } ... on InvalidInput { issues { path code message } }`

async function change(verb: string, input: object, fields: string) {
  const type = `${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}Input`
  const { data, errors } = await app.ask(
    `mutation ($input: ${type}!) { ${verb}(input: $input) { __typename ${fields} ${problems} } }`,
    { input },
  )
  expect(errors).toBeUndefined()
  return data[verb]
}

async function flow(id: string) {
  const { data, errors } = await app.ask(
    `query ($id: ID!) {
      segment(id: $id) {
        flow {
          isActive
          sources { dataSource { id } isUsed isActive }
          activations { action { id dataSource { id } } isActive standstill }
        }
      }
    }`,
    { id },
  )
  expect(errors).toBeUndefined()
  return data.segment.flow
}

const wholeScene = () => seed(app).workspace().csvSource().segment().connector().action()

test('a chain works once it is published, and says why when it does not', async () => {
  const made = await wholeScene().create()
  const { segment } = made
  const standstill = async () => (await flow(segment.id)).activations[0]?.standstill
  expect(await flow(segment.id)).toEqual({
    isActive: false,
    sources: [{ dataSource: { id: made.source.id }, isUsed: true, isActive: false }],
    activations: [
      {
        action: { id: made.action.id, dataSource: { id: made.source.id } },
        isActive: false,
        standstill: 'NOT_PUBLISHED',
      },
    ],
  })
  await change('publishVersion', { workspaceId: made.workspace.id, notes: 'First' }, '')
  expect(await flow(segment.id)).toMatchObject({
    isActive: true,
    sources: [{ isUsed: true, isActive: true }],
    activations: [{ isActive: true, standstill: null }],
  })
  await change('pauseAction', { id: made.action.id }, '')
  expect(await standstill()).toBe('PAUSED')
  await change('resumeAction', { id: made.action.id }, '')
  const dataSourceId = made.source.id.replace('DataSource_', '')
  const workspaceId = made.workspace.id.replace('Workspace_', '')
  await app.db.sourceProgress.create({ data: { dataSourceId, workspaceId, errorCode: 'not_found' } })
  expect(await standstill()).toBe('SOURCE_FAILING')
})

test('a data source that no action reads is unused', async () => {
  const { segment, source, workspace } = await wholeScene().publish()
  const path = `${app.folder}/unused.csv`
  await writeFile(path, csv([{ id: 1 }]))
  const unused = await change(
    'createDataSource',
    {
      ...{ workspaceId: workspace.id, name: 'Unused' },
      connectionId: await fileConnection(app, workspace.id, path),
      ...{ keyColumns: ['id'], cursorMode: 'INCREMENTING', incrementColumn: 'id' },
    },
    '... on DataSource { id }',
  )
  const dataSourceIds = [source.id, unused.id]
  await change('updateSegment', { id: segment.id, revision: segment.revision, dataSourceIds }, '')
  const { sources } = await flow(segment.id)
  expect(sources).toContainEqual({ dataSource: { id: source.id }, isUsed: true, isActive: true })
  expect(sources).toContainEqual({ dataSource: { id: unused.id }, isUsed: false, isActive: false })
})

test('one switch deactivates and activates all actions of a segment in the working copy', async () => {
  const made = await wholeScene().action([externalId], { name: 'Another' }).publish()
  const { id } = made.segment
  const states = '... on Segment { actions { isEnabled } }'
  expect(await change('deactivateSegment', { id }, states)).toMatchObject({
    actions: [{ isEnabled: false }, { isEnabled: false }],
  })
  // What is published goes on until the next publish.
  expect(await flow(id)).toMatchObject({ isActive: true })
  await change('publishVersion', { workspaceId: made.workspace.id, notes: 'Off' }, '')
  expect(await flow(id)).toMatchObject({
    isActive: false,
    activations: [{ standstill: 'SWITCHED_OFF' }, { standstill: 'SWITCHED_OFF' }],
  })
  expect(await change('activateSegment', { id }, states)).toMatchObject({
    actions: [{ isEnabled: true }, { isEnabled: true }],
  })
  expect(await change('activateSegment', { id }, states)).toMatchObject({ __typename: 'Segment' })
})

test('nothing is activated while a connector is not, and all such actions are told', async () => {
  const made = await wholeScene().create()
  await change('deactivateSegment', { id: made.segment.id }, '')
  const { id: connectorId } = made.connector
  const { data } = await app.ask(`query ($id: ID!) { connector(id: $id) { revision } }`, { id: connectorId })
  await change('deactivateConnector', { id: connectorId, revision: data.connector.revision }, '')
  expect(await change('activateSegment', { id: made.segment.id }, '')).toMatchObject({
    __typename: 'InvalidInput',
    issues: [{ code: 'connector_not_active', message: expect.stringContaining('The action "') }],
  })
  expect(await flow(made.segment.id)).toMatchObject({ activations: [{ standstill: 'SWITCHED_OFF' }] })
})

test('a copy has another name and no actions', async () => {
  const { segment } = await seed(app)
    .workspace()
    .csvSource()
    .segment({ any: [] }, { name: 'Dutch', notes: 'Ask Ann.' })
    .connector()
    .action()
    .create()
  const fields = '... on Segment { name notes conditions dataSources { id } actions { id } }'
  const copy = await change('duplicateSegment', { id: segment.id }, fields)
  expect(copy).toMatchObject({
    name: 'Dutch - copy',
    notes: 'Ask Ann.',
    conditions: { any: [] },
    actions: [],
  })
  expect(copy.dataSources).toHaveLength(1)
  expect(await change('duplicateSegment', { id: segment.id }, fields)).toMatchObject({
    name: 'Dutch - copy 2',
  })
  expect(await change('duplicateSegment', { id: segment.id, name: 'Dutch' }, fields)).toMatchObject({
    __typename: 'NameTaken',
  })
  expect(await change('duplicateSegment', { id: segment.id, name: ' ' }, fields)).toMatchObject({
    issues: [{ path: ['name'] }],
  })
})

test('a segment is deleted only when no action reads it, and its users are listed', async () => {
  const made = await wholeScene().create()
  const input = { id: made.segment.id, revision: made.segment.revision }
  const users = '... on InUse { users { nodeId name } }'
  const refused = await change('deleteSegment', input, users)
  expect(refused).toMatchObject({
    __typename: 'InUse',
    code: 'in_use',
    message: expect.stringContaining(refused.users[0]?.name),
    users: [{ nodeId: made.action.id, name: expect.any(String) }],
  })
  const copy = await change('duplicateSegment', { id: made.segment.id }, '... on Segment { id revision }')
  expect(await change('deleteSegment', { id: copy.id, revision: 9 }, '')).toMatchObject({
    __typename: 'RevisionConflict',
  })
  const deleted = await change(
    'deleteSegment',
    { id: copy.id, revision: copy.revision },
    '... on Segment { deletedAt workspace { segments { id } findSegments(first: 9) { edges { node { id } } } } }',
  )
  expect(deleted).toMatchObject({
    deletedAt: expect.any(String),
    workspace: {
      segments: [{ id: made.segment.id }],
      findSegments: { edges: [{ node: { id: made.segment.id } }] },
    },
  })
  expect(await change('deleteSegment', { id: copy.id, revision: copy.revision }, '')).toMatchObject({
    __typename: 'NotFound',
  })
})

test('notes are kept with a segment, and have a limit', async () => {
  const { segment } = await seed(app).workspace().csvSource().segment().create()
  const update = (notes: string, revision = 1) =>
    change('updateSegment', { id: segment.id, revision, notes }, '... on Segment { notes revision }')
  expect(await update('For the spring campaign.\nAsk Ann.')).toMatchObject({
    notes: 'For the spring campaign.\nAsk Ann.',
    revision: 2,
  })
  expect(await update('', 2)).toMatchObject({ notes: '' })
  expect(await update('x'.repeat(10_001), 3)).toMatchObject({ issues: [{ path: ['notes'] }] })
  expect(await update('\0', 3)).toMatchObject({ issues: [{ path: ['notes'], code: 'invalid_text' }] })
})

test('insights tell what was processed in a period, and what matched in the source', async () => {
  const path = `${app.folder}/changes.csv`
  const rows = [
    { id: 1, kind: 'a', changed: '2026-03-01 10:00:00' },
    { id: 2, kind: 'a', changed: '2026-03-02 10:00:00' },
    { id: 3, kind: 'b', changed: '2026-03-02 11:00:00' },
    { id: 4, kind: 'a', changed: '2026-03-03 00:00:00' },
  ]
  await writeFile(path, csv(rows))
  const timed = { cursorMode: 'TIMESTAMP_INCREMENTING', timestampColumn: 'changed' }
  const made = await seed(app)
    .workspace()
    .fileSource(path, timed)
    .segment({ any: [{ all: [{ attribute: 'kind', operator: 'equals', value: 'a' }] }] })
    .connector()
    .action([externalId], { name: 'First' })
    .action([externalId], { name: 'Second' })
    .create()
  const workspaceId = made.workspace.id.replace('Workspace_', '')
  const actions = await app.db.action.findMany({ where: { workspaceId }, orderBy: { name: 'asc' } })
  const [actionId = '', otherId = ''] = actions.map(({ id }) => id)
  await countDone(app.db, [
    { workspaceId, actionId, at: '2026-03-02T10:00:00Z', matched: 5n },
    { workspaceId, actionId, at: '2026-03-02T10:01:00Z', matched: 2n },
    { workspaceId, actionId, at: '2026-03-03T00:00:00Z', matched: 100n },
    { workspaceId, actionId: otherId, at: '2026-03-02T10:00:00Z', matched: 3n },
  ])

  const insights = async (from: string, to: string) => {
    const { data, errors } = await app.ask(
      `query ($id: ID!, $from: DateTime!, $to: DateTime!) {
        segment(id: $id) {
          insights(from: $from, to: $to) {
            ... on SegmentInsights {
              from
              to
              processed
              activations { action { name } processed }
              sources { dataSource { id } matched { ... on MatchCount { matched isComplete } ${problems} } }
            }
            ${problems}
          }
        }
      }`,
      { id: made.segment.id, from, to },
    )
    expect(errors).toBeUndefined()
    return data.segment.insights
  }
  expect(await insights('2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z')).toEqual({
    from: '2026-03-02T00:00:00.000Z',
    to: '2026-03-03T00:00:00.000Z',
    processed: 7,
    activations: [
      { action: { name: 'First' }, processed: 7 },
      { action: { name: 'Second' }, processed: 3 },
    ],
    sources: [{ dataSource: { id: made.source.id }, matched: { matched: 1, isComplete: true } }],
  })
  expect(await insights('2026-03-01T00:00:00Z', '2026-03-04T00:00:00Z')).toMatchObject({
    processed: 107,
    sources: [{ matched: { matched: 3 } }],
  })
  expect(await insights('2026-03-02T00:00:00Z', '2026-03-02T00:00:00Z')).toMatchObject({
    issues: [{ path: ['to'], code: 'period_empty' }],
  })
  expect(await insights('2024-03-02T00:00:00Z', '2026-03-02T00:00:00Z')).toMatchObject({
    issues: [{ path: ['to'], code: 'period_too_long' }],
  })
})

test('a source ordered by an id alone cannot tell what matched in a period', async () => {
  const { segment } = await seed(app).workspace().csvSource().segment().create()
  const { data } = await app.ask(
    `query ($id: ID!) {
      segment(id: $id) {
        insights(from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z") {
          ... on SegmentInsights { processed sources { matched { ${problems} } } }
        }
      }
    }`,
    { id: segment.id },
  )
  expect(data.segment.insights).toMatchObject({
    processed: 0,
    sources: [{ matched: { issues: [{ path: ['dataSourceId'], code: 'no_change_time' }] } }],
  })
})

test('segments are found by a part of their name, by label and by whether they are active', async () => {
  const made = await seed(app)
    .workspace()
    .csvSource()
    .segment({ any: [] }, { name: 'Active 100%' })
    .connector()
    .action()
    .publish()
  const { id: workspaceId } = made.workspace
  for (const name of ['b_c', 'bxc', 'Active too']) {
    await change('duplicateSegment', { id: made.segment.id, name }, '')
  }
  const label = await change(
    'createLabel',
    { workspaceId, name: 'x', colour: '#000000' },
    '... on Label { id }',
  )
  const find = async (filter: object, args = 'first: 10') => {
    const { data, errors } = await app.ask(
      `query ($id: ID!, $filter: SegmentFilterInput) {
        workspace(id: $id) {
          findSegments(filter: $filter, ${args}) { edges { cursor node { name } } pageInfo { hasNextPage } }
        }
      }`,
      { id: workspaceId, filter },
    )
    expect(errors).toBeUndefined()
    return data.workspace.findSegments
  }
  const names = async (filter: object, args?: string) =>
    (await find(filter, args)).edges.map(({ node }: { node: { name: string } }) => node.name)
  expect(await names({})).toEqual(['Active 100%', 'Active too', 'b_c', 'bxc'])
  expect(await names({ nameContains: 'ACTIVE' })).toEqual(['Active 100%', 'Active too'])
  expect(await names({ nameContains: 'b_' })).toEqual(['b_c'])
  expect(await names({ nameContains: '%' })).toEqual(['Active 100%'])
  expect(await names({ isActive: true })).toEqual(['Active 100%'])
  expect(await names({ isActive: false })).toEqual(['Active too', 'b_c', 'bxc'])
  expect(await names({ labelIds: [label.id] })).toEqual([])
  await change('labelSegments', { segmentIds: [made.segment.id], labelIds: [label.id] }, '')
  expect(await names({ labelIds: [label.id], nameContains: 'a' })).toEqual(['Active 100%'])
  expect(await names({}, 'first: 10, orderBy: CREATED')).toEqual(['Active too', 'bxc', 'b_c', 'Active 100%'])
  const page = await find({}, 'first: 3')
  expect(page.pageInfo.hasNextPage).toBe(true)
  expect(await names({}, `first: 3, after: "${page.edges[2].cursor}"`)).toEqual(['bxc'])
})

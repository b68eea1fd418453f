/** The history of one connector, and reverting it alone: with its actions and their templates, and nothing else. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { mutate } from '../harness/mutate.ts'
import { externalId, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const version = `
  ... on Version { number notes documents { kind entityId name body } }
  ... on NotPublishable { problems { nodeId path code } }
`
const revert = (id: string, versionId: string, more: object = {}) =>
  answerOf(app, 'revertConnector', { id, versionId, ...more }, version)

async function history(id: string, filter?: object): Promise<readonly number[]> {
  const { data, errors } = await app.ask(
    `query ($id: ID!, $filter: VersionFilter) {
      connector(id: $id) { versions(filter: $filter) { edges { node { number } } } }
    }`,
    { id, filter },
  )
  expect(errors).toBeUndefined()
  return data.connector.versions.edges.map(({ node }: { node: { number: number } }) => node.number)
}

/** One connector with an action and a template, and another one without. */
async function configured() {
  const templates = [{ name: 'Mail', source: '{{email}}' }]
  const made = await seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector()
    .action([externalId], { templates })
    .create()
  const other = await mutate(app, 'createConnector', {
    workspaceId: made.workspace.id,
    name: 'Other',
    type: 'braze',
    settings: { endpoint: 'http://127.0.0.1:9', apiKey: 'seed-key' },
  })
  const { data } = await app.ask('query ($id: ID!) { action(id: $id) { templates { id } } }', made.action)
  const publish = async (notes: string) => {
    const { id, number } = await mutate(app, 'publishVersion', { workspaceId: made.workspace.id, notes })
    return { id, number }
  }
  return { ...made, other, template: data.action.templates[0].id as string, publish }
}

test('its history has the versions that changed it, its actions or their templates', async () => {
  const { action, connector, other, publish, segment, template } = await configured()
  await publish('1: all is new')
  await mutate(app, 'updateSegment', { id: segment.id, revision: 1, name: 'Renamed' })
  await publish('2: a segment')
  await mutate(app, 'updateTemplate', { id: template, revision: 1, source: 'Dear {{email}}' })
  await publish('3: a template')
  await mutate(app, 'updateConnector', { id: other.id, revision: 1, name: 'Renamed' })
  await publish('4: the other connector')
  await mutate(app, 'deleteAction', { id: action.id, revision: 2 })
  await publish('5: an action goes')
  await mutate(app, 'deleteConnector', { id: connector.id, revision: 2 })
  await publish('6: the connector goes')
  expect(await history(connector.id)).toEqual([6, 5, 3, 1])
  expect(await history(other.id)).toEqual([4, 1])
  expect(await history(connector.id, { text: 'A TEMPLATE' })).toEqual([3])
})

test('it is published as it was, with actions and templates; other edits stay unpublished', async () => {
  const { action, connector, other, publish, template, workspace } = await configured()
  const first = await publish('the first')
  await mutate(app, 'updateTemplate', { id: template, revision: 1, source: 'Dear {{email}}' })
  await mutate(app, 'updateConnector', { id: connector.id, revision: 2, name: 'Changed' })
  await mutate(app, 'updateConnector', { id: other.id, revision: 1, name: 'Published' })
  await publish('the second')
  await mutate(app, 'updateConnector', { id: other.id, revision: 2, name: 'Not published' })

  const reverted = await revert(connector.id, first.id, { notes: 'It was better.' })
  expect(reverted).toMatchObject({
    number: 3,
    notes: 'Connector "Changed" reverted to version 1. It was better.',
  })
  const of = (id: string) => reverted.documents.find(({ entityId }: { entityId: string }) => entityId === id)
  expect(of(action.id).body.templates).toMatchObject([{ name: 'Mail', source: '{{email}}' }])
  expect(of(connector.id).name).not.toBe('Changed')
  expect(of(other.id).name).toBe('Published')
  const { data } = await app.ask(
    `query ($id: ID!) {
      workspace(id: $id) { changes { name } actions { templates { id source } } drafts { edges { node { name } } } }
    }`,
    workspace,
  )
  expect(data.workspace).toEqual({
    changes: [{ name: 'Not published' }],
    actions: [{ templates: [{ id: template, source: '{{email}}' }] }],
    drafts: { edges: [{ node: { name: 'Before reverting a connector to version 1' } }] },
  })
  expect(await history(connector.id)).toEqual([3, 2, 1])
})

test('what it refers to and is not there any more is listed, and nothing is changed', async () => {
  const { action, connector, publish, segment, source, workspace } = await configured()
  const first = await publish('the first')
  const { id: other } = await mutate(app, 'createDataSource', {
    workspaceId: workspace.id,
    name: 'Other',
    connectionId: source.connectionId,
    keyColumns: ['id'],
    cursorMode: 'INCREMENTING',
    incrementColumn: 'id',
  })
  await mutate(app, 'deleteAction', { id: action.id, revision: 2 })
  await mutate(app, 'updateSegment', { id: segment.id, revision: 1, dataSourceIds: [other] })
  await mutate(app, 'deleteDataSource', { id: source.id, revision: 1 })
  await publish('without the source')
  expect(await revert(connector.id, first.id)).toMatchObject({
    __typename: 'NotPublishable',
    problems: [{ nodeId: action.id, path: ['dataSourceId'], code: 'unknown_data_source' }],
  })
  const { data } = await app.ask(
    'query ($id: ID!) { workspace(id: $id) { liveVersion { number } actions { id } drafts { edges { node { id } } } } }',
    workspace,
  )
  expect(data.workspace).toEqual({ liveVersion: { number: 2 }, actions: [], drafts: { edges: [] } })
})

test('where its actions start is shown and said: those with other conditions, and those with another cursor', async () => {
  const { action, connector, publish, segment, source } = await configured()
  const first = await publish('the first')
  const lane = () => app.db.lane.findFirstOrThrow({ where: { actionId: decodeGlobalId(action.id).id } })
  await app.db.lane.updateMany({ where: { id: (await lane()).id }, data: { position: new Uint8Array([7]) } })
  const narrow = await mutate(app, 'duplicateSegment', { id: segment.id, name: 'Narrow' })
  const nl = { any: [{ all: [{ attribute: 'country', operator: 'equals', value: 'NL' }] }] }
  await mutate(app, 'updateSegment', { ...narrow, conditions: nl })
  await mutate(app, 'updateAction', { id: action.id, revision: 2, segmentId: narrow.id })
  await publish('only some')
  const starts = [{ actionId: action.id, from: 'BEGINNING' }]
  const shown = async (more: object = {}) => {
    const { data, errors } = await app.ask(
      `query ($id: ID!, $connectorId: ID, $starts: [LaneStartInput!]) { version(id: $id) {
        revertPreview(connectorId: $connectorId, starts: $starts) { action { id } reason from needsStart }
      } }`,
      { id: first.id, connectorId: connector.id, ...more },
    )
    expect(errors).toBeUndefined()
    return data.version.revertPreview
  }
  const seen = { action: { id: action.id }, reason: 'SEGMENT_CHANGED', needsStart: false }
  expect(await shown()).toEqual([{ ...seen, from: null }])
  expect(await shown({ connectorId: null })).toEqual([{ ...seen, from: null }])
  expect(await shown({ starts })).toEqual([{ ...seen, from: 'BEGINNING' }])
  expect(await revert(connector.id, first.id, { starts })).toMatchObject({ code: 'still_running' })
  expect((await lane()).position).toEqual(new Uint8Array([7]))
  expect(
    await revert(connector.id, first.id, {
      starts: [{ dataSourceId: source.id, from: 'AFTER', value: 'x' }],
    }),
  ).toMatchObject({ __typename: 'NotPublishable', problems: [{ nodeId: action.id, path: ['startFrom'] }] })
  await mutate(app, 'pauseAction', { id: action.id })
  expect(await revert(connector.id, first.id, { starts })).toMatchObject({ number: 3 })
  expect((await lane()).position).toBeNull()
})

test('a version without it, and one of another workspace, are no versions to revert it to', async () => {
  const { connector, other, publish, workspace } = await configured()
  await mutate(app, 'deleteConnector', { id: other.id, revision: 1 })
  const first = await publish('without the other')
  expect(await revert(other.id, first.id)).toMatchObject({
    issues: [{ path: ['versionId'], code: 'not_in_version' }],
  })
  const foreign = await seed(app).workspace().publish()
  expect(await revert(connector.id, foreign.version.id)).toMatchObject({ __typename: 'NotFound' })
  expect(workspace.id).not.toBe(foreign.workspace.id)
})

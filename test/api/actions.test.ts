/** Actions: parts that belong together, mappings that can work, switching by publish and pausing at once. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { externalId, fileConnection, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const fields = `
  __typename
  ... on Action {
    id name type typeVersion mappings startFrom retryDelaysMs retryForMs requestTimeoutMs
    isEnabled pausedAt pauseReason revision
    connector { id } dataSource { id actions { name } } segment { id }
  }
  ... on Problem { code message }
  ... on InvalidInput { issues { path code message } }
`

async function mutate(verb: string, input: object) {
  const type = `${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}Input`
  const isEdit = verb.startsWith('update') || verb.endsWith('activateAction')
  const { data, errors } = await app.ask(
    `mutation ($input: ${type}!) {
      ${verb}(input: $input) {
        ${fields}
        ${isEdit ? '... on RevisionConflict { currentRevision }' : ''}
        ${verb === 'activateAction' ? '... on ConnectorNotActive { connectorId }' : ''}
      }
    }`,
    { input },
  )
  expect(errors).toBeUndefined()
  return data[verb]
}

async function parts() {
  const { workspace, source, segment, connector } = await seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector()
    .create()
  return {
    workspaceId: workspace.id,
    connectorId: connector.id,
    dataSourceId: source.id,
    segmentId: segment.id,
    name: 'Customers to Braze',
    type: 'track-user',
  }
}

const row = (globalId: string) => decodeGlobalId(globalId).id

test('an action has the defaults of the delivery policy and starts inactive', async () => {
  const input = await parts()
  expect(await mutate('createAction', { ...input, mappings: [externalId] })).toEqual({
    __typename: 'Action',
    id: expect.stringMatching(/^Action_/),
    name: 'Customers to Braze',
    type: 'track-user',
    typeVersion: 1,
    mappings: [externalId],
    startFrom: 'BEGINNING',
    retryDelaysMs: [60_000, 300_000, 1_800_000],
    retryForMs: 86_400_000,
    requestTimeoutMs: 10_000,
    isEnabled: false,
    pausedAt: null,
    pauseReason: null,
    revision: 1,
    connector: { id: input.connectorId },
    dataSource: { id: input.dataSourceId, actions: [{ name: 'Customers to Braze' }] },
    segment: { id: input.segmentId },
  })
})

test('wrong mappings, ranges and parts are told at once, each where it is', async () => {
  const input = await parts()
  const result = await mutate('createAction', {
    ...input,
    name: '',
    retryDelaysMs: [0],
    requestTimeoutMs: 1,
    mappings: [
      { parameter: 'externlId', from: { kind: 'attribute', attribute: 'id' } },
      { parameter: 'email', from: { kind: 'attribute', attribute: 'emial' } },
      { parameter: 'latitude', from: { kind: 'attribute', attribute: 'is_active' } },
      { parameter: 'attributes', from: { kind: 'constant', value: 'x' } },
    ],
  })
  expect(result.__typename).toBe('InvalidInput')
  expect(result.issues).toMatchObject([
    { path: ['name'], code: 'too_small' },
    { path: ['retryDelaysMs', '0'], code: 'too_small' },
    { path: ['requestTimeoutMs'], code: 'too_small' },
    {
      path: ['mappings', '0', 'parameter'],
      code: 'unknown_parameter',
      message: expect.stringContaining('Did you mean "externalId"?'),
    },
    { path: ['mappings', '1', 'from', 'attribute'], code: 'unknown_attribute' },
    { path: ['mappings', '2', 'from', 'attribute'], code: 'type_does_not_fit' },
    { path: ['mappings', '3', 'key'], code: 'key_required' },
  ])
})

test('mappings of a wrong shape are told with their place', async () => {
  const result = await mutate('createAction', { ...(await parts()), mappings: [{ parameter: 'email' }] })
  expect(result).toMatchObject({ __typename: 'InvalidInput', issues: [{ path: ['mappings', '0', 'from'] }] })
  const nul = [{ parameter: 'email', from: { kind: 'constant', value: 'a\u0000b' } }]
  expect(await mutate('createAction', { ...(await parts()), mappings: nul })).toMatchObject({
    issues: [{ path: ['mappings'], code: 'invalid_text' }],
  })
})

test.each(['track-usr', 'constructor', '__proto__'])(
  'the operation %s, which the connector has not, is refused',
  async (type) => {
    expect(await mutate('createAction', { ...(await parts()), type, mappings: [externalId] })).toMatchObject({
      issues: [
        { path: ['type'], code: 'unknown_action_type', message: expect.stringContaining('track-user') },
      ],
    })
  },
)

test('parts of another workspace are not there, and a segment must list the source', async () => {
  const input = await parts()
  const other = await parts()
  const { connectorId, dataSourceId, segmentId } = other
  expect(
    await mutate('createAction', { ...input, connectorId, dataSourceId, segmentId, mappings: [externalId] }),
  ).toMatchObject({
    issues: [
      { path: ['connectorId'], code: 'unknown_connector' },
      { path: ['dataSourceId'], code: 'unknown_data_source' },
      { path: ['segmentId'], code: 'unknown_segment' },
    ],
  })
  const { data } = await app.ask(
    `mutation ($input: CreateDataSourceInput!) { createDataSource(input: $input) { ... on DataSource { id } } }`,
    {
      input: {
        workspaceId: input.workspaceId,
        name: 'Unlisted',
        connectionId: await fileConnection(app, input.workspaceId, await pathOf(other.dataSourceId)),
        keyColumns: ['id'],
        cursorMode: 'INCREMENTING',
        incrementColumn: 'id',
      },
    },
  )
  const unlisted = { ...input, dataSourceId: data.createDataSource.id, mappings: [externalId] }
  expect(await mutate('createAction', unlisted)).toMatchObject({
    issues: [{ path: ['segmentId'], code: 'segment_without_source' }],
  })
})

test('an edit keeps what is left out; a stale one is a conflict; its mappings are checked again', async () => {
  const { id } = await mutate('createAction', { ...(await parts()), mappings: [externalId] })
  expect(
    await mutate('updateAction', { id, revision: 1, startFrom: 'NOW', retryDelaysMs: [] }),
  ).toMatchObject({
    revision: 2,
    startFrom: 'NOW',
    retryDelaysMs: [],
    mappings: [externalId],
  })
  expect(await mutate('updateAction', { id, revision: 1, name: 'Late' })).toMatchObject({
    __typename: 'RevisionConflict',
    currentRevision: 2,
  })
  const mappings = [{ parameter: 'email', from: { kind: 'attribute', attribute: 'nope' } }]
  expect(await mutate('updateAction', { id, revision: 2, mappings })).toMatchObject({
    issues: [{ code: 'unknown_attribute' }],
  })
})

test('an action can only be activated under an active connector', async () => {
  const input = await parts()
  const { id } = await mutate('createAction', { ...input, mappings: [externalId] })
  await app.db.connector.update({ where: { id: row(input.connectorId) }, data: { isEnabled: false } })
  expect(await mutate('activateAction', { id, revision: 1 })).toMatchObject({
    __typename: 'ConnectorNotActive',
    code: 'connector_not_active',
    connectorId: input.connectorId,
  })
  await app.db.connector.update({ where: { id: row(input.connectorId) }, data: { isEnabled: true } })
  expect(await mutate('activateAction', { id, revision: 1 })).toMatchObject({ isEnabled: true, revision: 2 })
  expect(await mutate('activateAction', { id, revision: 1 })).toMatchObject({ isEnabled: true, revision: 2 })
  expect(await mutate('deactivateAction', { id, revision: 2 })).toMatchObject({
    isEnabled: false,
    revision: 3,
  })
})

test('pausing acts at once, is no edit, and resuming wakes the source, the lanes and what is unfinished', async () => {
  const made = await seed(app).workspace().csvSource().segment().connector().action().publish()
  const { id } = made.action
  const lane = await app.db.lane.findFirstOrThrow({ where: { actionId: row(id) } })
  const delivery = (sequence: number, state: 'PAUSED' | 'COMPLETED') =>
    app.db.delivery.create({
      data: {
        workspaceId: lane.workspaceId,
        laneId: lane.id,
        actionId: lane.actionId,
        sequence,
        versionNumber: 1,
        pluginVersion: '0.1.0',
        until: new Uint8Array(),
        state,
      },
    })
  await delivery(1, 'COMPLETED')
  const open = await delivery(2, 'PAUSED')

  const paused = await mutate('pauseAction', { id })
  expect(paused).toMatchObject({ pauseReason: 'command', revision: made.action.revision })
  expect(Date.parse(paused.pausedAt)).toBeGreaterThan(0)
  expect(await mutate('pauseAction', { id })).toMatchObject({ pausedAt: paused.pausedAt })

  const before = app.workflows.calls.length
  expect(await mutate('resumeAction', { id })).toMatchObject({ pausedAt: null, pauseReason: null })
  expect(app.workflows.calls.slice(before)).toEqual([
    { verb: 'syncSource', id: row(made.source.id) },
    { verb: 'runLane', id: lane.id },
    { verb: 'wakeDelivery', id: open.id },
  ])
})

async function pathOf(sourceId: string): Promise<string> {
  const { connection } = await app.db.dataSource.findUniqueOrThrow({
    where: { id: row(sourceId) },
    include: { connection: true },
  })
  return (connection.settings as { path: string }).path
}

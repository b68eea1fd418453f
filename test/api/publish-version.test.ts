/** Publishing: what can run becomes an immutable version with its lanes; what cannot is told in full. */
import { rm, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownerAccess } from '../../server/access/rules.ts'
import type { Deps } from '../../server/context.ts'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import { createRegistry } from '../../server/registry/registry.ts'
import { createConnectSource } from '../../server/sources/connect.ts'
import { openPosition } from '../../server/sources/sealed-position.ts'
import { loadVersion, publishVersion } from '../../server/versions/service.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { csv, defaultRows, externalId, fileConnection, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const row = (globalId: string) => decodeGlobalId(globalId).id

async function publish(workspaceId: string, notes = 'test', more: object = {}) {
  const { data, errors } = await app.ask(
    `mutation ($input: PublishVersionInput!) {
      publishVersion(input: $input) {
        __typename
        ... on Version { id number name notes publishedBy isLive publishedAt documents { kind entityId name hash } }
        ... on Problem { code message }
        ... on NotPublishable { problems { nodeId path code message } }
        ... on InvalidInput { issues { path code } }
      }
    }`,
    { input: { workspaceId, notes, ...more } },
  )
  expect(errors).toBeUndefined()
  return data.publishVersion
}

async function edit(verb: string, input: object) {
  const type = `${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}Input`
  const { data, errors } = await app.ask(
    `mutation ($input: ${type}!) { ${verb}(input: $input) { __typename ... on Problem { message } } }`,
    { input },
  )
  expect(errors).toBeUndefined()
  expect(data[verb]).not.toHaveProperty('message')
}

async function fingerprint(id: string): Promise<string> {
  return (await app.ask('query ($id: ID!) { workspace(id: $id) { fingerprint } }', { id })).data.workspace
    .fingerprint
}

/** With other ports than the application's. */
function publishWith(ports: Partial<Deps>, workspaceId: string) {
  const context = { db: app.db, access: ownerAccess, deps: { ...app.deps, ...ports } } as const
  return publishVersion(context, { workspaceId: row(workspaceId), notes: 'test' })
}

function configured(actionFields: object = {}) {
  return seed(app).workspace().csvSource().segment().connector().action([externalId], actionFields).create()
}

test('a version lists its documents, becomes the live one, makes the lane and starts the source', async () => {
  const made = await configured()
  const before = app.workflows.calls.length
  const version = await publish(made.workspace.id, 'The first')
  expect(version).toEqual({
    __typename: 'Version',
    id: expect.stringMatching(/^Version_/),
    number: 1,
    name: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/),
    notes: 'The first',
    publishedBy: 'owner',
    isLive: true,
    publishedAt: expect.any(String),
    documents: [
      {
        kind: 'CONNECTION',
        entityId: made.source.connectionId,
        name: expect.any(String),
        hash: expect.any(String),
      },
      {
        kind: 'SOURCE',
        entityId: made.source.id,
        name: expect.any(String),
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      { kind: 'SEGMENT', entityId: made.segment.id, name: expect.any(String), hash: expect.any(String) },
      { kind: 'CONNECTOR', entityId: made.connector.id, name: expect.any(String), hash: expect.any(String) },
      { kind: 'ACTION', entityId: made.action.id, name: expect.any(String), hash: expect.any(String) },
    ],
  })
  expect(app.workflows.calls.slice(before)).toEqual([{ verb: 'syncSource', id: row(made.source.id) }])
  const lanes = await app.db.lane.findMany({ where: { actionId: row(made.action.id) } })
  expect(lanes).toMatchObject([{ dataSourceId: row(made.source.id), position: null, sequence: 0 }])

  const { data } = await app.ask(
    `query ($id: ID!) {
      workspace(id: $id) { liveVersion { number } versions(first: 1) { edges { node { number } } pageInfo { hasNextPage } } }
    }`,
    { id: made.workspace.id },
  )
  expect(data.workspace).toEqual({
    liveVersion: { number: 1 },
    versions: { edges: [{ node: { number: 1 } }], pageInfo: { hasNextPage: false } },
  })
})

test('a worker loads a version exactly as it was, whatever is edited later', async () => {
  const made = await configured({ retryDelaysMs: [5], requestTimeoutMs: 777 })
  await publish(made.workspace.id)
  await edit('updateAction', { id: made.action.id, revision: 2, requestTimeoutMs: 999 })
  const version = await loadVersion({ db: app.db }, row(made.workspace.id), 1)
  expect(version.actions).toMatchObject([
    {
      id: row(made.action.id),
      connectorId: row(made.connector.id),
      dataSourceId: row(made.source.id),
      segmentId: row(made.segment.id),
      isEnabled: true,
      retryDelaysMs: [5],
      requestTimeoutMs: 777,
      mappings: [externalId],
    },
  ])
  expect(version.connections).toMatchObject([
    { id: row(made.source.connectionId), type: 'duckdb', settings: { path: made.source.path } },
  ])
  expect(version.sources).toMatchObject([
    { connectionId: row(made.source.connectionId), keyColumns: ['id'], settleMs: 0 },
  ])
  expect(version.connectors).toMatchObject([{ type: 'braze', isEnabled: true }])
  expect(JSON.stringify(version)).not.toContain('seed-key')
  await expect(loadVersion({ db: app.db }, row(made.workspace.id), 2)).rejects.toMatchObject({
    code: 'version_missing',
  })
})

test('an unchanged working copy gets a new number, shares its documents, and leaves the lane where it is', async () => {
  const made = await configured()
  const first = await publish(made.workspace.id)
  const where = { actionId: row(made.action.id) }
  await app.db.lane.updateMany({ where, data: { position: new Uint8Array([1]), sequence: 4 } })
  const second = await publish(made.workspace.id)
  expect(second.number).toBe(2)
  expect(second.documents).toEqual(first.documents)
  expect(await app.db.document.count({ where: { workspaceId: row(made.workspace.id) } })).toBe(5)
  expect(await app.db.lane.findMany({ where })).toMatchObject([
    { sequence: 4, position: new Uint8Array([1]) },
  ])
})

test('an edit changes the hash of its document only', async () => {
  const made = await configured()
  const first = await publish(made.workspace.id)
  await edit('updateSegment', { id: made.segment.id, revision: 1, name: 'Changed' })
  const second = await publish(made.workspace.id)
  const changed = second.documents.filter(
    ({ hash }: { hash: string }, index: number) => hash !== first.documents[index].hash,
  )
  expect(changed).toMatchObject([{ kind: 'SEGMENT', name: 'Changed' }])
})

test('an action that starts now gets the last row as its position, sealed', async () => {
  const made = await configured({ startFrom: 'NOW' })
  await publish(made.workspace.id)
  const lane = await app.db.lane.findFirstOrThrow({ where: { actionId: row(made.action.id) } })
  const key = await app.deps.workspaceKeys.of(lane.workspaceId)
  expect(lane.position && openPosition(key, lane.position)).toEqual(['3'])
  await writeFile(
    made.source.path,
    csv([...defaultRows, { id: 4, email: 'dot', country: 'NL', age: 3, is_active: true }]),
  )
  await publish(made.workspace.id)
  const after = await app.db.lane.findFirstOrThrow({ where: { id: lane.id } })
  expect(after.position && openPosition(key, after.position)).toEqual(['3'])
})

test('only what is active gets a lane and a source that is polled', async () => {
  const made = await configured()
  await edit('deactivateAction', { id: made.action.id, revision: 2 })
  const before = app.workflows.calls.length
  expect(await publish(made.workspace.id)).toMatchObject({ __typename: 'Version' })
  expect(app.workflows.calls.slice(before)).toEqual([])
  expect(await app.db.lane.count({ where: { actionId: row(made.action.id) } })).toBe(0)
})

test('everything that cannot run is told at once, at its entity, and what runs goes on', async () => {
  const made = await seed(app)
    .workspace()
    .csvSource()
    .segment({ any: [{ all: [{ attribute: 'age', operator: 'greaterThan', value: 18 }] }] })
    .connector()
    .action([externalId, { parameter: 'email', from: { kind: 'attribute', attribute: 'email' } }])
    .create()
  const second = await seedSecondSource(made.workspace.id)
  await publish(made.workspace.id)
  // The columns are checked again and lose what segment and mapping use; then the file loses another one.
  await writeFile(made.source.path, csv([{ id: 1, country: 'NL', is_active: true }]))
  await edit('checkDataSource', { id: made.source.id })
  await writeFile(made.source.path, csv([{ id: 'one', country: 'NL' }]))
  await rm(second.path)
  await edit('deactivateConnector', { id: second.connectorId, revision: 2 })

  const result = await publish(made.workspace.id)
  expect(result).toMatchObject({ __typename: 'NotPublishable', code: 'not_publishable' })
  const told = result.problems.map(
    ({ nodeId, path, code }: { nodeId: string; path: string[]; code: string }) => ({
      nodeId,
      path: path.join('.'),
      code,
    }),
  )
  expect(told).toEqual([
    { nodeId: made.segment.id, path: 'conditions.any.0.all.0.attribute', code: 'unknown_attribute' },
    { nodeId: made.action.id, path: 'mappings.1.from.attribute', code: 'unknown_attribute' },
    { nodeId: made.source.id, path: 'columns.id', code: 'column_changed' },
    { nodeId: made.source.id, path: 'columns.is_active', code: 'column_missing' },
  ])
  expect(result.problems[2].message).toContain('was BIGINT and is VARCHAR now')

  await edit('activateConnector', { id: second.connectorId, revision: 3 })
  const again = await publish(made.workspace.id)
  expect(again.problems).toContainEqual(
    expect.objectContaining({ nodeId: second.sourceId, path: ['connectionId'], code: 'not_found' }),
  )
  expect(await app.db.workspace.findUniqueOrThrow({ where: { id: row(made.workspace.id) } })).toMatchObject({
    liveVersion: 1,
  })
  expect(await app.db.version.count({ where: { workspaceId: row(made.workspace.id) } })).toBe(1)
})

test('a key or cursor that positions are made of cannot change under them', async () => {
  const made = await configured()
  await publish(made.workspace.id)
  await edit('updateDataSource', { id: made.source.id, revision: 1, keyColumns: ['id', 'email'] })
  expect(await publish(made.workspace.id)).toMatchObject({
    problems: [{ nodeId: made.source.id, path: ['keyColumns'], code: 'cursor_changed' }],
  })
  await edit('updateDataSource', { id: made.source.id, revision: 2, keyColumns: ['id'] })
  expect(await publish(made.workspace.id)).toMatchObject({ __typename: 'Version', number: 2 })
})

test('of those who publish at the same time one wins, and the others are told', async () => {
  const made = await configured()
  const results = await Promise.all([1, 2, 3].map(() => publish(made.workspace.id)))
  const [won, ...lost] = results.toSorted((left, right) => (left.number ? -1 : 1) - (right.number ? -1 : 1))
  expect(won).toMatchObject({ __typename: 'Version', number: 1 })
  expect(lost).toEqual([
    expect.objectContaining({ __typename: 'WorkingCopyConflict', code: 'published_meanwhile' }),
    expect.objectContaining({ __typename: 'WorkingCopyConflict', code: 'published_meanwhile' }),
  ])
  expect(await app.db.version.count({ where: { workspaceId: row(made.workspace.id) } })).toBe(1)
})

test('who looked before somebody else published or edited publishes nothing', async () => {
  const made = await configured()
  const seen = await fingerprint(made.workspace.id)
  expect(await publish(made.workspace.id, 'mine', { fingerprint: seen })).toMatchObject({ number: 1 })
  expect(await publish(made.workspace.id, 'theirs', { fingerprint: seen })).toMatchObject({
    code: 'published_meanwhile',
  })
  const later = await fingerprint(made.workspace.id)
  await edit('updateSegment', { id: made.segment.id, revision: 1, name: 'Edited by another' })
  expect(await publish(made.workspace.id, 'mine', { fingerprint: later })).toMatchObject({
    code: 'changed_meanwhile',
    message: expect.stringContaining('Look at the changes again'),
  })
  const now = await fingerprint(made.workspace.id)
  expect(await publish(made.workspace.id, 'mine', { fingerprint: now })).toMatchObject({ number: 2 })
  expect(await publish(made.workspace.id, 'mine', { fingerprint: 'x' })).toMatchObject({
    issues: [{ path: ['fingerprint'], code: 'invalid_format' }],
  })
})

test('a publish that the database fails in the middle of leaves everything as it was', async () => {
  const made = await configured()
  const workspaceId = row(made.workspace.id)
  const state = async () => ({
    workspace: await app.db.workspace.findUniqueOrThrow({ where: { id: workspaceId } }),
    documents: await app.db.document.count({ where: { workspaceId } }),
    versions: await app.db.version.count({ where: { workspaceId } }),
    lanes: await app.db.lane.count({ where: { workspaceId } }),
    audit: await app.db.auditEntry.count({ where: { workspaceId } }),
  })
  const before = await state()
  // The last table that a publish writes to.
  await app.db.$executeRawUnsafe(
    `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'disk full'; END $$`,
  )
  await app.db.$executeRawUnsafe(
    'CREATE TRIGGER fail BEFORE INSERT ON lane FOR EACH STATEMENT EXECUTE FUNCTION fail()',
  )
  await expect(publishWith({}, made.workspace.id)).rejects.toThrow('disk full')
  expect(await state()).toEqual(before)
  await app.db.$executeRawUnsafe('DROP FUNCTION fail CASCADE')
  // Its connection ends while it writes.
  await app.db.$executeRawUnsafe(
    `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$`,
  )
  await app.db.$executeRawUnsafe(
    'CREATE TRIGGER fail BEFORE INSERT ON version FOR EACH STATEMENT EXECUTE FUNCTION fail()',
  )
  await expect(publishWith({}, made.workspace.id)).rejects.toThrow()
  await app.db.$executeRawUnsafe('DROP FUNCTION fail CASCADE')
  expect(await state()).toEqual(before)
  expect(await publish(made.workspace.id)).toMatchObject({ __typename: 'Version', number: 1 })
})

test('the version that sent a delivery can be read from it', async () => {
  const made = await configured()
  await publish(made.workspace.id, 'It sent')
  const lane = await app.db.lane.findFirstOrThrow({ where: { actionId: row(made.action.id) } })
  const { id: laneId, workspaceId, actionId } = lane
  const { id } = await app.db.delivery.create({
    data: {
      workspaceId,
      laneId,
      actionId,
      sequence: 1,
      versionNumber: 1,
      pluginVersion: '1.0.0',
      until: new Uint8Array([1]),
    },
  })
  await publish(made.workspace.id, 'Another')
  const { data } = await app.ask(
    `query ($id: ID!) { node(id: $id) { ... on Delivery { version { number notes } } } }`,
    { id: `Delivery_${id}` },
  )
  expect(data.node).toEqual({ version: { number: 1, notes: 'It sent' } })
})

test('a version is published although Temporal is away, and the answer says so', async () => {
  const made = await configured()
  const workflows = { ...app.workflows, syncSource: () => Promise.reject(new Error('no connection')) }
  await expect(publishWith({ workflows }, made.workspace.id)).rejects.toMatchObject({
    code: 'workflows_unavailable',
    message: expect.stringContaining('Version 1 is published.'),
  })
  const { liveVersion } = await app.db.workspace.findUniqueOrThrow({ where: { id: row(made.workspace.id) } })
  expect(liveVersion).toBe(1)
})

test('what is edited while it is checked is not published unchecked', async () => {
  const made = await configured()
  const connectSource: Deps['connectSource'] = async (source) => {
    await edit('updateSegment', { id: made.segment.id, revision: 1, name: 'Edited meanwhile' })
    return app.deps.connectSource(source)
  }
  await expect(publishWith({ connectSource }, made.workspace.id)).rejects.toMatchObject({
    code: 'changed_meanwhile',
  })
  expect(await publish(made.workspace.id)).toMatchObject({ __typename: 'Version', number: 1 })
})

test('plugins that are gone stop what would run with them, and nothing else', async () => {
  const made = await configured()
  const registry = createRegistry({ connectors: [], sources: [], unavailable: [] })
  const connectSource = createConnectSource({
    ...app.deps,
    registry,
    allowedDirectories: [app.folder],
    allowPrivateHosts: [],
  })
  await expect(publishWith({ registry, connectSource }, made.workspace.id)).rejects.toMatchObject({
    problems: [
      { entity: 'Connector', path: ['type'], code: 'connector_type_missing' },
      { entity: 'Action', path: ['connectorId'], code: 'connector_type_missing' },
      { entity: 'DataSource', path: ['connectionId'], code: 'source_type_missing' },
    ],
  })
  await edit('deactivateAction', { id: made.action.id, revision: 2 })
  await edit('deactivateConnector', { id: made.connector.id, revision: 2 })
  await expect(publishWith({ registry, connectSource }, made.workspace.id)).resolves.toEqual(
    expect.any(String),
  )
})

test('an empty workspace publishes; a workspace that is not there does not', async () => {
  const { workspace } = await seed(app).workspace().create()
  expect(await publish(workspace.id)).toMatchObject({ number: 1, documents: [] })
  expect(await publish('Workspace_00000000-0000-7000-8000-000000000000')).toMatchObject({
    __typename: 'NotFound',
  })
})

test('notes are required, and have a limit; a name may be given', async () => {
  const { workspace } = await seed(app).workspace().create()
  expect(await publish(workspace.id, ' \n ')).toMatchObject({
    issues: [{ path: ['notes'], code: 'too_small' }],
  })
  expect(await publish(workspace.id, 'x'.repeat(2001))).toMatchObject({
    issues: [{ path: ['notes'], code: 'too_big' }],
  })
  const { data } = await app.ask(
    'query ($id: ID!) { workspace(id: $id) { liveVersion { number } } }',
    workspace,
  )
  expect(data.workspace.liveVersion).toBeNull()
  expect(await publish(workspace.id, ' For spring ', { name: 'Spring' })).toMatchObject({
    number: 1,
    name: 'Spring',
    notes: 'For spring',
  })
})

/** A second source with an action of its own in the same workspace. */
async function seedSecondSource(workspaceId: string) {
  const ask = async (verb: string, type: string, input: object) => {
    const { data, errors } = await app.ask(
      `mutation ($input: ${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}Input!) {
        ${verb}(input: $input) { ... on ${type} { id revision } ... on Problem { message } }
      }`,
      { input },
    )
    expect(errors).toBeUndefined()
    expect(data[verb]).toHaveProperty('id')
    return data[verb] as { readonly id: string; readonly revision: number }
  }
  const path = `${app.folder}/second.csv`
  await writeFile(path, csv(defaultRows))
  const source = await ask('createDataSource', 'DataSource', {
    workspaceId,
    name: 'Second',
    connectionId: await fileConnection(app, workspaceId, path),
    keyColumns: ['id'],
    cursorMode: 'INCREMENTING',
    incrementColumn: 'id',
  })
  const segment = await ask('createSegment', 'Segment', {
    workspaceId,
    name: 'Second',
    dataSourceIds: [source.id],
    conditions: { any: [] },
  })
  const connector = await ask('createConnector', 'Connector', {
    workspaceId,
    name: 'Second',
    type: 'braze',
    settings: { endpoint: 'http://127.0.0.1:9', apiKey: 'k' },
  })
  await ask('activateConnector', 'Connector', connector)
  const action = await ask('createAction', 'Action', {
    workspaceId,
    name: 'Second',
    connectorId: connector.id,
    dataSourceId: source.id,
    segmentId: segment.id,
    type: 'track-user',
    mappings: [externalId],
  })
  await ask('activateAction', 'Action', action)
  return { path, sourceId: source.id, connectorId: connector.id, actionId: action.id }
}

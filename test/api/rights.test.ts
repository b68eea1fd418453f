/** Every operation × role: each field of the schema that can be refused is called as each role, and as a stranger. */
import { createHash, randomUUID } from 'node:crypto'
import { type GraphQLField, getNamedType, isObjectType, isUnionType } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { leastRole, type Right, type Role, rightsOf, roles } from '../../server/access/rules.ts'
import { decodeGlobalId, encodeGlobalId } from '../../server/graphql/global-id.ts'
import { schema } from '../../server/graphql/schema.ts'
import { createTestApp, type TestApp, testPort } from '../harness/app.ts'
import { addMember, type TestMember } from '../harness/people.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
let made: Awaited<ReturnType<typeof configured>>
let members: Readonly<Record<Role, TestMember>>
let stranger: TestMember

async function configured() {
  const templates = [{ name: 'Mail', source: '{{email}}' }]
  const seeded = await seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector()
    .action(undefined, { templates })
    .publish()
  const { data } = await app.ask('query ($id: ID!) { action(id: $id) { templates { id } } }', seeded.action)
  const actionId = rowId(seeded.action.id)
  const { id: laneId, workspaceId } = await app.db.lane.findFirstOrThrow({ where: { actionId } })
  const delivery = await app.db.delivery.create({
    data: {
      ...{ workspaceId, actionId, laneId, sequence: 1, versionNumber: 1, pluginVersion: '1' },
      until: new Uint8Array(1),
    },
  })
  const label = await app.ask(
    'mutation ($input: CreateLabelInput!) { createLabel(input: $input) { ... on Label { id } } }',
    { input: { workspaceId: seeded.workspace.id, name: 'label', colour: '#000000' } },
  )
  const ids = {
    template: String(data.action.templates[0].id),
    delivery: encodeGlobalId('Delivery', delivery.id),
    draft: await savedDraft(seeded.workspace),
  }
  const attribute = await app.db.attribute.findFirstOrThrow({ where: { workspaceId } })
  return {
    ...seeded,
    ...{ template: { id: ids.template }, delivery: { id: ids.delivery }, draft: { id: ids.draft } },
    attribute: { id: encodeGlobalId('Attribute', attribute.id) },
    label: label.data.createLabel,
  }
}

beforeAll(async () => {
  app = await createTestApp()
  made = await configured()
  const entries = await Promise.all(
    roles.map(async (role) => [role, await addMember(app, made.workspace, role)] as const),
  )
  members = Object.fromEntries(entries) as Record<Role, TestMember>
  const elsewhere = await seed(app).workspace().create()
  stranger = await addMember(app, elsewhere.workspace, 'ADMIN')
})
afterAll(() => app.close())

/** No revision is so high: what may be edited answers with a conflict, and nothing changes. */
const stale = { revision: 1_000_000 }
const workspaceId = () => made.workspace.id
const connection = () => ({ id: made.source.connectionId })
const rowId = (globalId: string) => decodeGlobalId(globalId).id

/** The right that each mutation takes, an input that is well-formed, and what strangers are told instead of NotFound. */
const mutations: Readonly<Record<string, readonly [Right, () => object | Promise<object>, string?]>> = {
  renameWorkspace: ['administer', () => ({ ...made.workspace, ...stale, name: 'x' })],
  enableConnectors: ['administer', () => ({ id: workspaceId(), ...stale })],
  disableConnectors: ['administer', () => ({ id: workspaceId(), ...stale })],
  stopAll: ['operate', () => ({ id: workspaceId() })],
  resumeAll: ['operate', () => ({ id: workspaceId() })],
  deleteWorkspace: ['administer', () => ({ id: workspaceId(), name: 'not its name' })],
  forgetRecipient: [
    'administer',
    () => ({ workspaceId: workspaceId(), identifiers: [{ externalId: 'nobody' }] }),
  ],
  createDataSourceConnection: [
    'edit',
    () => ({ workspaceId: workspaceId(), name: 'x', type: 'none', settings: {} }),
  ],
  updateDataSourceConnection: ['edit', () => ({ ...connection(), ...stale, name: 'x' })],
  deleteDataSourceConnection: ['edit', () => ({ ...connection(), ...stale })],
  testDataSourceConnection: ['operate', connection],
  testQuery: ['preview', () => ({ connectionId: connection().id, query: { sql: 'SELECT 1' } })],
  createDataSource: [
    'edit',
    () => ({
      ...{ workspaceId: workspaceId(), connectionId: connection().id, name: '', keyColumns: ['id'] },
      ...{ cursorMode: 'INCREMENTING', incrementColumn: 'id' },
    }),
  ],
  duplicateDataSource: ['edit', () => ({ id: made.source.id, name: '' })],
  updateDataSource: ['edit', () => ({ id: made.source.id, ...stale, name: 'x' })],
  checkDataSource: ['edit', () => ({ id: made.source.id })],
  deleteDataSource: ['edit', () => ({ id: made.source.id, ...stale })],
  applyConfiguration: ['edit', () => ({ workspaceId: workspaceId(), configuration: { sluice: 1 } })],
  createAttribute: ['edit', () => ({ workspaceId: workspaceId(), name: '', type: 'STRING' })],
  updateAttribute: ['edit', () => ({ id: made.attribute.id, ...stale, notes: 'x' })],
  renameAttribute: ['edit', () => ({ id: made.attribute.id, ...stale, name: 'x' })],
  deleteAttribute: ['edit', () => ({ id: made.attribute.id, ...stale })],
  createSegment: [
    'edit',
    () => ({ workspaceId: workspaceId(), name: 'x', dataSourceIds: [], conditions: {} }),
  ],
  updateSegment: ['edit', () => ({ id: made.segment.id, ...stale, name: 'x' })],
  duplicateSegment: ['edit', () => ({ id: made.segment.id, name: ' ' })],
  deleteSegment: ['edit', () => ({ id: made.segment.id, ...stale })],
  // The second makes up for the first.
  deactivateSegment: ['edit', () => ({ id: made.segment.id })],
  activateSegment: ['edit', () => ({ id: made.segment.id })],
  labelSegments: ['edit', () => ({ segmentIds: [made.segment.id], labelIds: [made.label.id] })],
  unlabelSegments: ['edit', () => ({ segmentIds: [made.segment.id], labelIds: [made.label.id] })],
  createLabel: ['edit', () => ({ workspaceId: workspaceId(), name: '', colour: '#000000' })],
  renameLabel: ['edit', () => ({ id: made.label.id, ...stale, name: 'x' })],
  recolourLabel: ['edit', () => ({ id: made.label.id, ...stale, colour: '#000000' })],
  mergeLabels: ['edit', () => ({ id: made.label.id, ...stale, otherIds: [made.label.id] })],
  deleteLabel: ['edit', () => ({ id: made.label.id, ...stale })],
  createConnector: ['edit', () => ({ workspaceId: workspaceId(), name: 'x', type: 'none', settings: {} })],
  updateConnector: ['edit', () => ({ id: made.connector.id, ...stale, name: 'x' })],
  activateConnector: ['edit', () => ({ id: made.connector.id, ...stale })],
  deactivateConnector: ['edit', () => ({ id: made.connector.id, ...stale })],
  deleteConnector: ['edit', () => ({ id: made.connector.id, ...stale })],
  activateConnectors: ['edit', () => ({ connectors: [{ id: made.connector.id, ...stale }] })],
  deactivateConnectors: ['edit', () => ({ connectors: [{ id: made.connector.id, ...stale }] })],
  deleteConnectors: ['edit', () => ({ connectors: [{ id: made.connector.id, ...stale }] })],
  duplicateConnector: ['edit', () => ({ id: made.connector.id, name: ' ' })],
  labelConnectors: ['edit', () => ({ connectorIds: [made.connector.id], labelIds: [made.label.id] })],
  unlabelConnectors: ['edit', () => ({ connectorIds: [made.connector.id], labelIds: [made.label.id] })],
  favouriteConnector: ['read', () => ({ id: made.connector.id })],
  unfavouriteConnector: ['read', () => ({ id: made.connector.id })],
  testConnection: ['operate', () => ({ id: made.connector.id })],
  beginAuthorization: ['edit', () => ({ id: made.connector.id, redirectUri: 'https://example.com/back' })],
  // A state is no id: to strangers it is unknown.
  completeAuthorization: ['edit', async () => ({ state: await pendingState(), code: 'x' }), 'InvalidInput'],
  resumeConnector: ['operate', () => ({ id: made.connector.id })],
  createAction: [
    'edit',
    () => ({
      ...{ workspaceId: workspaceId(), name: 'x', connectorId: made.connector.id },
      ...{ dataSourceId: made.source.id, segmentId: made.segment.id, type: 'none', mappings: [] },
    }),
  ],
  updateAction: ['edit', () => ({ id: made.action.id, ...stale, name: 'x' })],
  changeActionType: ['edit', () => ({ id: made.action.id, ...stale, type: 'none' })],
  duplicateAction: ['edit', () => ({ id: made.action.id, name: ' ' })],
  deleteAction: ['edit', () => ({ id: made.action.id, ...stale })],
  deleteActions: ['edit', () => ({ actions: [{ id: made.action.id, ...stale }] })],
  activateAction: ['edit', () => ({ id: made.action.id, ...stale })],
  deactivateAction: ['edit', () => ({ id: made.action.id, ...stale })],
  activateActions: ['edit', () => ({ actions: [{ id: made.action.id, ...stale }] })],
  deactivateActions: ['edit', () => ({ actions: [{ id: made.action.id, ...stale }] })],
  labelActions: ['edit', () => ({ actionIds: [made.action.id], labelIds: [made.label.id] })],
  unlabelActions: ['edit', () => ({ actionIds: [made.action.id], labelIds: [made.label.id] })],
  copyMappings: [
    'edit',
    () => ({ fromId: made.action.id, actions: [{ id: made.action.id, ...stale }], mode: 'KEEP' }),
  ],
  pauseAction: ['operate', () => ({ id: made.action.id })],
  resumeAction: ['operate', () => ({ id: made.action.id })],
  pauseActions: ['operate', () => ({ actionIds: [made.action.id] })],
  resumeActions: ['operate', () => ({ actionIds: [made.action.id] })],
  prepareAction: ['operate', () => ({ id: made.action.id })],
  setProcessingStart: ['operate', () => ({ actionId: made.action.id, from: 'NOW' })],
  sendSample: ['operate', () => ({ id: made.action.id, key: ['none'] })],
  createTemplate: ['edit', () => ({ actionId: made.action.id, name: 'x', source: '{{' })],
  updateTemplate: ['edit', () => ({ id: made.template.id, ...stale, source: 'x' })],
  deleteTemplate: ['edit', () => ({ id: made.template.id, ...stale })],
  publishVersion: ['publish', () => ({ workspaceId: workspaceId(), notes: 'x' })],
  saveDraft: ['edit', () => ({ workspaceId: workspaceId() })],
  keepDraft: ['edit', () => ({ id: made.draft.id })],
  deleteDraft: ['edit', async () => ({ id: await savedDraft(made.workspace) })],
  loadWorkingCopy: ['edit', () => ({ from: made.version.id })],
  revertToVersion: ['publish', () => ({ id: made.version.id })],
  revertConnector: ['publish', () => ({ id: made.connector.id, versionId: made.version.id })],
  inviteMember: [
    'administer',
    () => ({ workspaceId: workspaceId(), email: `${randomUUID()}@example.com`, role: 'VIEWER' }),
  ],
  revokeInvitation: [
    'administer',
    async () => ({ id: encodeGlobalId('Invitation', await openInvitation()) }),
  ],
  changeMemberRole: [
    'administer',
    () => ({ id: encodeGlobalId('Member', members.VIEWER.memberId), role: 'VIEWER' }),
  ],
  // The last one stays.
  removeMember: ['administer', () => ({ id: encodeGlobalId('Member', members.ADMIN.memberId) })],
  createApiToken: ['administer', () => ({ workspaceId: workspaceId(), name: 'x', scopes: ['READ'] })],
  revokeApiToken: ['administer', async () => ({ id: encodeGlobalId('ApiToken', await someToken()) })],
}

/** Not of any workspace: for the owner of the installation, and for people who are signed in. */
const beyondRoles: Readonly<Record<string, readonly [string, () => object]>> = {
  createWorkspace: ['NotPermitted', () => ({ name: 'x' })],
  deletePerson: ['NotPermitted', () => ({ email: 'ann@example.com' })],
  issuePasswordReset: ['NotPermitted', () => ({ email: 'ann@example.com' })],
  acceptInvitation: ['SignInRequired', () => ({ token: 'x' })],
}

const period = 'from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z"'
const answer = '{ __typename ... on Forbidden { role requiredRole } }'

/** Fields beside mutations that can be refused, as `Type.field`: the right, and how it is read with `$id`. */
const fields: Readonly<Record<string, readonly [Right, () => string, () => string]>> = {
  'DataSource.preview': [
    'preview',
    () => made.source.id,
    () => `on: dataSource(id: $id) { found: preview ${answer} }`,
  ],
  'DataSourceConnection.tables': [
    'preview',
    () => connection().id,
    () => `on: dataSourceConnection(id: $id) { found: tables ${answer} }`,
  ],
  'Segment.preview': [
    'preview',
    () => made.segment.id,
    () => `on: segment(id: $id) { found: preview(dataSourceId: "${made.source.id}") ${answer} }`,
  ],
  'Segment.count': [
    'read',
    () => made.segment.id,
    () => `on: segment(id: $id) { found: count(dataSourceId: "${made.source.id}") ${answer} }`,
  ],
  'DataSource.startPreview': [
    'preview',
    () => made.source.id,
    () => `on: dataSource(id: $id) { found: startPreview(start: { from: BEGINNING }) ${answer} }`,
  ],
  'Action.startPreview': [
    'preview',
    () => made.action.id,
    () => `on: action(id: $id) { found: startPreview(start: { from: BEGINNING }) ${answer} }`,
  ],
  'PreviewedStart.preview': [
    'preview',
    workspaceId,
    () =>
      `on: workspace(id: $id) { starts: publishPreview(starts: [{ actionId: "${made.action.id}", from: BEGINNING }]) { found: preview ${answer} } }`,
  ],
  'Segment.insights': [
    'read',
    () => made.segment.id,
    () => `on: segment(id: $id) { found: insights(${period}) ${answer} }`,
  ],
  'SourceInsights.matched': [
    'read',
    () => made.segment.id,
    () =>
      `on: segment(id: $id) { draft: insights(${period}) { ... on SegmentInsights { sources { found: matched ${answer} } } } }`,
  ],
  'DataSource.unsavedSegment': [
    'read',
    () => made.source.id,
    () => `on: dataSource(id: $id) { found: unsavedSegment(conditions: { any: [] }) ${answer} }`,
  ],
  'UnsavedSegment.preview': [
    'preview',
    () => made.source.id,
    () =>
      `on: dataSource(id: $id) { draft: unsavedSegment(conditions: { any: [] }) { ... on UnsavedSegment { found: preview ${answer} } } }`,
  ],
  'UnsavedSegment.count': [
    'read',
    () => made.source.id,
    () =>
      `on: dataSource(id: $id) { draft: unsavedSegment(conditions: { any: [] }) { ... on UnsavedSegment { found: count ${answer} } } }`,
  ],
  'Action.dryRun': ['preview', () => made.action.id, () => `on: action(id: $id) { found: dryRun ${answer} }`],
  'Action.typeChange': [
    'read',
    () => made.action.id,
    () => `on: action(id: $id) { found: typeChange(type: "delete-user") ${answer} }`,
  ],
  'Action.mappingsCopy': [
    'read',
    () => made.action.id,
    () => `on: action(id: $id) { found: mappingsCopy(fromId: "${made.action.id}", mode: KEEP) ${answer} }`,
  ],
  'TemplateDraft.preview': [
    'preview',
    () => made.template.id,
    () => `on: template(id: $id) { draft { found: preview ${answer} } }`,
  ],
  'Connector.parameterChoices': [
    'preview',
    () => made.connector.id,
    () =>
      `on: connector(id: $id) { found: parameterChoices(action: "track-user", parameter: "x") ${answer} }`,
  ],
  'Query.compareConfiguration': [
    'edit',
    workspaceId,
    () => `found: compareConfiguration(workspaceId: $id, configuration: { sluice: 1 }) ${answer}`,
  ],
  'Workspace.configuration': [
    'read',
    workspaceId,
    () => `on: workspace(id: $id) { found: configuration ${answer} }`,
  ],
  'Workspace.comparison': [
    'read',
    workspaceId,
    () => `on: workspace(id: $id) { found: comparison(before: "${made.version.id}") ${answer} }`,
  ],
  'Workspace.invitations': [
    'administer',
    workspaceId,
    () => `on: workspace(id: $id) { found: invitations ${answer} }`,
  ],
  'Workspace.apiTokens': [
    'administer',
    workspaceId,
    () => `on: workspace(id: $id) { found: apiTokens ${answer} }`,
  ],
}

/** What members read: null for strangers. The rest is the same for everybody, or is about the caller. */
const reads: Readonly<Record<string, (() => string) | `for everybody${string}` | 'for the owner'>> = {
  action: () => made.action.id,
  attribute: () => made.attribute.id,
  connector: () => made.connector.id,
  dataSource: () => made.source.id,
  dataSourceConnection: () => connection().id,
  label: () => made.label.id,
  node: () => made.segment.id,
  segment: () => made.segment.id,
  template: () => made.template.id,
  version: () => made.version.id,
  draft: () => made.draft.id,
  workspace: workspaceId,
  actionMetrics: () => made.action.id,
  connectorMetrics: () => made.connector.id,
  workspaceMetrics: workspaceId,
  delivery: () => made.delivery.id,
  deletedWorkspaces: 'for the owner',
  connectorType: 'for everybody(id: "braze")',
  connectorTypes: 'for everybody',
  marketplace: 'for everybody',
  sourceType: 'for everybody(id: "duckdb")',
  sourceTypes: 'for everybody',
  templateHelpers: 'for everybody',
  unavailablePlugins: 'for everybody',
  viewer: 'for everybody',
  workspaces: 'for everybody',
}

const canBeForbidden = ({ type }: GraphQLField<unknown, unknown>): boolean => {
  const result = getNamedType(type)
  return isUnionType(result) && result.getTypes().some(({ name }) => name === 'Forbidden')
}

test('every mutation has a row, and can answer Forbidden', () => {
  const all = Object.values(schema.getMutationType()?.getFields() ?? {})
  expect(all.map(({ name }) => name).sort()).toEqual(
    [...Object.keys(mutations), ...Object.keys(beyondRoles)].sort(),
  )
  expect(all.filter((field) => !canBeForbidden(field)).map(({ name }) => name)).toEqual([])
})

test('every other field that can answer Forbidden has a row', () => {
  const found = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => type !== schema.getMutationType())
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter(canBeForbidden)
        .map(({ name }) => `${type.name}.${name}`),
    )
  expect(found.sort()).toEqual(Object.keys(fields).sort())
})

test('every query has a row', () => {
  const all = Object.keys(schema.getQueryType()?.getFields() ?? {})
  expect(all.filter((name) => !(`Query.${name}` in fields)).sort()).toEqual(Object.keys(reads).sort())
})

const as = [...roles, 'STRANGER'] as const
type As = (typeof as)[number]
const tokenOf = (who: As) => (who === 'STRANGER' ? stranger : members[who]).token

interface Found {
  readonly __typename: string
}

function expectAnswer(who: As, right: Right, found: Found, toStrangers = 'NotFound'): void {
  if (who === 'STRANGER') expect(found).toEqual({ __typename: toStrangers })
  else if (rightsOf[who].includes(right)) expect(['Forbidden', 'NotFound']).not.toContain(found.__typename)
  else expect(found).toEqual({ __typename: 'Forbidden', role: who, requiredRole: leastRole(right) })
}

const cells = <Row>(rows: Readonly<Record<string, Row>>) =>
  Object.entries(rows).flatMap(([name, row]) => as.map((who) => [name, who, row] as const))

test.each(cells(mutations))('%s as %s', async (verb, who, [right, inputOf, toStrangers]) => {
  const type = `${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}Input`
  const { data, errors } = await app.ask(
    `mutation ($input: ${type}!) { found: ${verb}(input: $input) ${answer} }`,
    { input: await inputOf() },
    tokenOf(who),
  )
  expect(errors).toBeUndefined()
  expectAnswer(who, right, data.found, toStrangers)
})

test.each(cells(beyondRoles))('%s as %s is not for roles', async (verb, who, [problem, inputOf]) => {
  const type = `${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}Input`
  const { data } = await app.ask(
    `mutation ($input: ${type}!) { found: ${verb}(input: $input) { __typename } }`,
    { input: inputOf() },
    tokenOf(who),
  )
  expect(data.found).toEqual({ __typename: problem })
})

test.each(cells(fields))('%s as %s', async (_name, who, [right, idOf, documentOf]) => {
  const { data, errors } = await app.ask(`query ($id: ID!) { ${documentOf()} }`, { id: idOf() }, tokenOf(who))
  expect(errors).toBeUndefined()
  // Strangers don't even find what the field is of.
  if (data.found !== undefined) expectAnswer(who, right, data.found)
  else if (who === 'STRANGER') expect(data.on).toBeNull()
  else
    expectAnswer(
      who,
      right,
      [data.on, data.on.draft, data.on.draft?.sources?.[0], data.on.starts?.[0]].find(
        (each) => each?.found !== undefined,
      ).found,
    )
})

test.each(cells(reads))('%s as %s', async (name, who, idOf) => {
  if (typeof idOf === 'string' && idOf !== 'for the owner') {
    const args = idOf.slice('for everybody'.length)
    const { data, errors } = await app.ask(`{ ${name}${args} { __typename } }`, {}, tokenOf(who))
    expect([errors, data[name]]).toEqual([undefined, expect.anything()])
    return
  }
  if (idOf === 'for the owner') {
    const { errors } = await app.ask(`{ ${name} { edges { cursor } } }`, {}, tokenOf(who))
    expect(errors?.[0]?.extensions?.['code']).toBe('not_permitted')
    return
  }
  const { data, errors } = await app.ask(
    `query ($id: ID!) { ${name}(${argumentOf(name)}: $id) { __typename } }`,
    { id: idOf() },
    tokenOf(who),
  )
  expect(errors).toBeUndefined()
  expect(data[name]).toEqual(who === 'STRANGER' ? null : { __typename: expect.any(String) })
})

/** Each is opened by all roles, which may read; a stranger learns that there is nothing. */
const subscriptions: Readonly<Record<string, () => string>> = {
  actionMetrics: () => made.action.id,
  connectorMetrics: () => made.connector.id,
  workspaceMetrics: workspaceId,
  delivery: () => made.delivery.id,
  configurationChanges: workspaceId,
}

test('every subscription has a row', () => {
  expect(Object.keys(schema.getSubscriptionType()?.getFields() ?? {}).sort()).toEqual(
    Object.keys(subscriptions).sort(),
  )
})

test.each(cells(subscriptions))('subscription %s as %s', async (name, who, idOf) => {
  const response = await app.fetch(
    new Request(`http://localhost:${testPort}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${tokenOf(who)}`,
      },
      body: JSON.stringify({
        query: `subscription ($id: ID!) { ${name}(${argumentOf(name)}: $id) { __typename } }`,
        variables: { id: idOf() },
      }),
    }),
  )
  const first = await firstEvent(response)
  if (who === 'STRANGER') expect(first.errors?.[0]?.extensions?.code).toBe('not_found')
  else expect(first).toEqual({ data: { [name]: { __typename: expect.any(String) } } })
})

/** What the field calls the id of what it is of. */
function argumentOf(field: string): string {
  if (field === 'configurationChanges') return 'workspaceId'
  return field.endsWith('Metrics') ? `${field.replace('Metrics', '')}Id` : 'id'
}

interface Event {
  readonly data?: unknown
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[]
}

async function firstEvent(response: Response): Promise<Event> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    text += part.value
    const [, event] = /^data: (.+)$/m.exec(text) ?? []
    if (event === undefined) continue
    await reader?.cancel()
    return JSON.parse(event) as Event
  }
  throw new Error(`No event came: ${text}`)
}

async function pendingState(): Promise<string> {
  const state = randomUUID()
  await app.db.pendingAuthorization.create({
    data: {
      ...{ workspaceId: rowId(made.workspace.id), connectorId: rowId(made.connector.id) },
      stateHash: createHash('sha256').update(state).digest() as Buffer<ArrayBuffer>,
      ...{ redirectUri: 'https://example.com/back', verifier: new Uint8Array(8) },
      expiresAt: new Date(Date.now() + 60_000),
    },
  })
  return state
}

async function savedDraft(workspace: { readonly id: string }): Promise<string> {
  const { data } = await app.ask(
    'mutation ($id: ID!) { saveDraft(input: { workspaceId: $id }) { ... on Draft { id } } }',
    workspace,
  )
  return data.saveDraft.id
}

async function openInvitation(): Promise<string> {
  const { id } = await app.db.invitation.create({
    data: {
      ...{ workspaceId: rowId(made.workspace.id), email: `${randomUUID()}@example.com`, role: 'VIEWER' },
      ...{ hash: createHash('sha256').update(randomUUID()).digest() as Buffer<ArrayBuffer>, invitedBy: 'x' },
      expiresAt: new Date(Date.now() + 60_000),
    },
  })
  return id
}

async function someToken(): Promise<string> {
  const { id } = await app.db.apiToken.create({
    data: {
      ...{ workspaceId: rowId(made.workspace.id), name: 'to be revoked' },
      hash: createHash('sha256').update(randomUUID()).digest() as Buffer<ArrayBuffer>,
    },
  })
  return id
}

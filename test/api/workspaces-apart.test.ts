/** No row of one workspace refers to another's, and a token of one sees nothing of another. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
let ours: Awaited<ReturnType<typeof configured>>
let theirs: Awaited<ReturnType<typeof configured>>
let ourToken: string

async function configured() {
  const templates = [{ name: 'Mail', source: '{{email}}' }]
  const made = await seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector()
    .action(undefined, { templates })
    .publish()
  const { data } = await app.ask('query ($id: ID!) { action(id: $id) { templates { id } } }', made.action)
  const draft = await answerOf(app, 'saveDraft', { workspaceId: made.workspace.id }, '... on Draft { id }')
  return {
    ...made,
    connection: { id: made.source.connectionId },
    template: { id: String(data.action.templates[0].id) },
    draft: { id: String(draft.id) },
  }
}
const row = (globalId: string) => decodeGlobalId(globalId).id

beforeAll(async () => {
  app = await createTestApp()
  ours = await configured()
  theirs = await configured()
  ourToken = await app.tokenFor(row(ours.workspace.id))
})
afterAll(() => app.close())

const kinds = [
  'connection',
  'source',
  'segment',
  'connector',
  'action',
  'template',
  'version',
  'draft',
  'workspace',
] as const
const fieldOf = {
  connection: 'dataSourceConnection',
  source: 'dataSource',
  segment: 'segment',
  connector: 'connector',
  action: 'action',
  template: 'template',
  version: 'version',
  draft: 'draft',
  workspace: 'workspace',
} as const

test.each(kinds)('a token of one workspace reads its own %s and not another’s', async (kind) => {
  const document = `query ($id: ID!) { found: ${fieldOf[kind]}(id: $id) { id } node(id: $id) { id } }`
  const own = await app.ask(document, { id: ours[kind].id }, ourToken)
  expect(own.data).toEqual({ found: { id: ours[kind].id }, node: { id: ours[kind].id } })
  const foreign = await app.ask(document, { id: theirs[kind].id }, ourToken)
  expect(foreign.errors).toBeUndefined()
  expect(foreign.data).toEqual({ found: null, node: null })
})

test('a token of one workspace lists that workspace only and creates none', async () => {
  const { data } = await app.ask('{ workspaces { id } }', {}, ourToken)
  expect(data.workspaces).toEqual([{ id: ours.workspace.id }])
  const created = await app.ask(
    `mutation { createWorkspace(input: { name: "Mine" }) { __typename ... on Problem { code } } }`,
    {},
    ourToken,
  )
  expect(created.data.createWorkspace).toEqual({ __typename: 'NotPermitted', code: 'not_permitted' })
})

const edits = (): readonly (readonly [string, object])[] => [
  ['renameWorkspace', { id: theirs.workspace.id, revision: 1, name: 'x' }],
  ['updateDataSourceConnection', { id: theirs.connection.id, revision: 1, name: 'x' }],
  ['testDataSourceConnection', { id: theirs.connection.id }],
  ['deleteDataSourceConnection', { id: theirs.connection.id, revision: 1 }],
  ['updateDataSource', { id: theirs.source.id, revision: 1, name: 'x' }],
  ['checkDataSource', { id: theirs.source.id }],
  ['updateSegment', { id: theirs.segment.id, revision: 1, name: 'x' }],
  ['updateConnector', { id: theirs.connector.id, revision: 2, name: 'x' }],
  ['activateConnector', { id: theirs.connector.id, revision: 2 }],
  ['deactivateConnector', { id: theirs.connector.id, revision: 2 }],
  ['testConnection', { id: theirs.connector.id }],
  ['updateAction', { id: theirs.action.id, revision: 2, name: 'x' }],
  ['createTemplate', { actionId: theirs.action.id, name: 'x', source: '' }],
  ['updateTemplate', { id: theirs.template.id, revision: 1, source: 'x' }],
  ['deleteTemplate', { id: theirs.template.id, revision: 1 }],
  ['activateAction', { id: theirs.action.id, revision: 2 }],
  ['deactivateAction', { id: theirs.action.id, revision: 2 }],
  ['pauseAction', { id: theirs.action.id }],
  ['resumeAction', { id: theirs.action.id }],
  ['publishVersion', { workspaceId: theirs.workspace.id, notes: 'x' }],
  ['revertToVersion', { id: theirs.version.id }],
  ['revertConnector', { id: theirs.connector.id, versionId: theirs.version.id }],
  ['loadWorkingCopy', { from: theirs.version.id }],
  ['saveDraft', { workspaceId: theirs.workspace.id }],
  ['deleteDraft', { id: theirs.draft.id }],
  ['deleteAction', { id: theirs.action.id, revision: 2 }],
  ['deleteConnector', { id: theirs.connector.id, revision: 2 }],
  ['deleteDataSource', { id: theirs.source.id, revision: 1 }],
  [
    'createSegment',
    { workspaceId: theirs.workspace.id, name: 'x', dataSourceIds: [], conditions: { any: [] } },
  ],
  [
    'createDataSourceConnection',
    { workspaceId: theirs.workspace.id, name: 'x', type: 'duckdb', settings: {} },
  ],
  ['createConnector', { workspaceId: theirs.workspace.id, name: 'x', type: 'braze', settings: {} }],
]

test('a token of one workspace changes nothing in another', async () => {
  const before = await state()
  for (const [verb, input] of edits()) {
    const type = `${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}Input`
    const { data, errors } = await app.ask(
      `mutation ($input: ${type}!) { ${verb}(input: $input) { __typename } }`,
      { input },
      ourToken,
    )
    expect([verb, errors, data?.[verb]]).toEqual([verb, undefined, { __typename: 'NotFound' }])
  }
  expect(await state()).toEqual(before)
})

async function state() {
  const where = { workspaceId: row(theirs.workspace.id) }
  return {
    connections: await app.db.dataSourceConnection.findMany({ where }),
    sources: await app.db.dataSource.findMany({ where }),
    segments: await app.db.segment.findMany({ where }),
    connectors: await app.db.connector.findMany({ where }),
    actions: await app.db.action.findMany({ where }),
    templates: await app.db.template.findMany({ where }),
    versions: await app.db.version.findMany({ where }),
    drafts: await app.db.draft.findMany({ where }),
  }
}

test('the database itself refuses a row that points into another workspace', async () => {
  const [our, their] = [ours, theirs].map((made) => ({
    workspace: row(made.workspace.id),
    connection: row(made.connection.id),
    source: row(made.source.id),
    segment: row(made.segment.id),
    connector: row(made.connector.id),
    action: row(made.action.id),
  }))
  if (our === undefined || their === undefined) throw new Error('seeding failed')
  const statements = [
    `UPDATE data_source SET connection_id = '${their.connection}' WHERE id = '${our.source}'`,
    `UPDATE action SET connector_id = '${their.connector}' WHERE id = '${our.action}'`,
    `UPDATE action SET data_source_id = '${their.source}' WHERE id = '${our.action}'`,
    `UPDATE action SET segment_id = '${their.segment}' WHERE id = '${our.action}'`,
    `UPDATE action SET workspace_id = '${their.workspace}' WHERE id = '${our.action}'`,
    `UPDATE segment SET workspace_id = '${their.workspace}' WHERE id = '${our.segment}'`,
    `INSERT INTO segment_source (workspace_id, segment_id, data_source_id) VALUES ('${our.workspace}', '${our.segment}', '${their.source}')`,
    `INSERT INTO segment_source (workspace_id, segment_id, data_source_id) VALUES ('${their.workspace}', '${our.segment}', '${their.source}')`,
    `INSERT INTO lane (id, workspace_id, action_id, data_source_id) VALUES (gen_random_uuid(), '${our.workspace}', '${our.action}', '${their.source}')`,
    `INSERT INTO lane (id, workspace_id, action_id, data_source_id) VALUES (gen_random_uuid(), '${our.workspace}', '${their.action}', '${our.source}')`,
    `INSERT INTO source_progress (data_source_id, workspace_id) VALUES ('${their.source}', '${our.workspace}')`,
  ]
  for (const statement of statements) {
    await expect(app.db.$executeRawUnsafe(statement), statement).rejects.toThrow(
      /foreign key constraint|23503/,
    )
  }
})

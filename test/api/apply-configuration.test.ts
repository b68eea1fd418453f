/** Configuration as code: what comes out goes in again, and nothing is done by halves. */
import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import { openSecrets } from '../../server/workspaces/secrets.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { mutate } from '../harness/mutate.ts'
import { csv, defaultRows, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const exportDocument = `query ($id: ID!, $of: ID) {
  workspace(id: $id) { configuration(of: $of) {
    ... on Configuration { document fingerprint }
    ... on Problem { code message }
  } }
}`
const compareDocument = `query ($workspaceId: ID!, $configuration: JSON!, $deleteOthers: Boolean! = false) {
  compareConfiguration(workspaceId: $workspaceId, configuration: $configuration, deleteOthers: $deleteOthers) {
    __typename
    ... on ConfigurationComparison {
      changes { part name change fields { path change before after } }
      others { part name }
      variables { name isSet }
      fingerprint
    }
    ... on Problem { code message }
    ... on InvalidInput { issues { path code message line column } }
  }
}`
const applyDocument = `mutation ($input: ApplyConfigurationInput!) {
  applyConfiguration(input: $input) {
    __typename
    ... on Workspace { fingerprint }
    ... on Problem { code message }
    ... on InvalidInput { issues { path code message line column } }
  }
}`

interface Input {
  readonly workspaceId: string
  // biome-ignore lint/suspicious/noExplicitAny: tests edit it
  readonly configuration: any
  readonly deleteOthers?: boolean
  readonly dryRun?: boolean
  readonly fingerprint?: string
  readonly secrets?: readonly { readonly variable: string; readonly value: string }[]
}

async function exported(id: string, of?: string) {
  const { data, errors } = await app.ask(exportDocument, { id, of })
  expect(errors).toBeUndefined()
  return data.workspace.configuration
}

async function compared(input: Input) {
  const { data, errors } = await app.ask(compareDocument, input)
  expect(errors).toBeUndefined()
  return data.compareConfiguration
}

async function applied(input: Input) {
  const { data, errors } = await app.ask(applyDocument, { input })
  expect(errors).toBeUndefined()
  return data.applyConfiguration
}

async function nodes(workspaceId: string) {
  const { data, errors } = await app.ask(
    `query ($id: ID!) { workspace(id: $id) {
      segments { id name revision notes labels { name } }
      connectors { id name revision secretsSet notes labels { name } }
      dataSources { id name revision }
      actions { id name revision templates { id name } labels { name } }
      labels { name colour }
    } }`,
    { id: workspaceId },
  )
  expect(errors).toBeUndefined()
  return data.workspace
}

const dutch = { any: [{ all: [{ attribute: 'land', operator: 'equals', value: 'NL' }] }] }

/** All that can be configured, once. */
function everything(path: string) {
  return {
    sluice: 1,
    labels: [{ name: 'vip', colour: '#1a7f37' }],
    attributes: [
      { name: 'email', type: 'string', notes: 'Lower case.' },
      { name: 'spare', type: 'number' },
    ],
    connections: [{ name: 'Files', type: 'duckdb', settings: { path } }],
    dataSources: [
      {
        name: 'Customers',
        connection: 'Files',
        query: { table: { name: 'shop', columns: ['id', 'email', 'country', 'age'] } },
        keyColumns: ['id'],
        cursorMode: 'FULL_RESYNC',
        incrementColumn: 'id',
        timeZone: 'Europe/Amsterdam',
        settleMs: 5,
        pollIntervalMs: 9000,
        schedule: { kind: 'DAILY', hour: 6, minute: 30, timeZone: 'Europe/Amsterdam' },
        batchRows: null,
        resyncLimit: 1000,
        isEnabled: false,
        attributes: [
          { column: 'age', attribute: null },
          { column: 'country', attribute: 'land' },
        ],
      },
    ],
    segments: [
      {
        name: 'Dutch',
        dataSources: ['Customers'],
        conditions: dutch,
        rescan: { kind: 'HOURLY' },
        notes: 'Two\nlines.',
        labels: ['vip'],
      },
    ],
    connectors: [
      {
        name: 'Braze EU',
        type: 'braze',
        settings: {
          apiKey: { env: 'SLUICE_SETTING_BRAZE_EU_API_KEY' },
          endpoint: 'https://rest.fra-01.braze.eu',
        },
        isEnabled: true,
        notes: 'Ours.',
        labels: ['vip'],
      },
    ],
    actions: [
      {
        name: 'Profiles',
        connector: 'Braze EU',
        dataSource: 'Customers',
        segment: 'Dutch',
        type: 'track-user',
        typeVersion: 1,
        mappings: [
          { parameter: 'externalId', from: { kind: 'attribute', attribute: 'id' } },
          { parameter: 'email', from: { kind: 'template', template: 'Mail' } },
        ],
        templates: [{ name: 'Mail', source: '{{mail}}' }],
        templateVariables: [{ name: 'mail', attribute: 'email' }],
        startFrom: 'NOW',
        retryDelaysMs: [1000],
        retryForMs: 60_000,
        requestTimeoutMs: 5000,
        applyWithinMs: 7000,
        isEnabled: true,
        notes: 'Daily.',
        labels: ['vip'],
      },
    ],
  }
}

const apiKey = { variable: 'SLUICE_SETTING_BRAZE_EU_API_KEY', value: 'canary-of-a-secret' }

async function emptyWorkspace() {
  const { workspace } = await seed(app).workspace().create()
  const path = join(app.folder, `${workspace.id}.csv`, 'shop.csv')
  await mkdir(dirname(path))
  await writeFile(path, csv(defaultRows))
  return { workspaceId: workspace.id, document: everything(path) }
}

async function appliedEverything() {
  const made = await emptyWorkspace()
  expect(
    await applied({ workspaceId: made.workspaceId, configuration: made.document, secrets: [apiKey] }),
  ).toMatchObject({
    __typename: 'Workspace',
  })
  return made
}

test('everything that can be configured comes out as it went in, in another workspace too', async () => {
  const { document, workspaceId } = await appliedEverything()
  const there = await exported(workspaceId)
  expect(there.document).toEqual(document)
  expect(await nodes(workspaceId)).toMatchObject({
    segments: [{ revision: 1, notes: 'Two\nlines.', labels: [{ name: 'vip' }] }],
    connectors: [{ revision: 1, secretsSet: ['apiKey'], labels: [{ name: 'vip' }] }],
    actions: [{ revision: 1, templates: [{ name: 'Mail' }], labels: [{ name: 'vip' }] }],
  })
})

test('what was made by hand goes to another workspace and comes out of it the same', async () => {
  const made = await seed(app).workspace().csvSource().segment().connector().action().create()
  const { document } = await exported(made.workspace.id)
  const { workspace } = await seed(app).workspace().create()
  const secrets = [{ variable: document.connectors[0].settings.apiKey.env, value: 'k' }]
  const input = { workspaceId: workspace.id, configuration: document }
  expect(await compared(input)).toMatchObject({
    changes: ['CONNECTIONS', 'DATA_SOURCES', 'SEGMENTS', 'CONNECTORS', 'ACTIONS'].map((part) => ({
      part,
      change: 'CREATED',
    })),
    variables: [{ name: secrets[0]?.variable, isSet: false }],
  })
  await applied({ ...input, secrets })
  expect((await exported(workspace.id)).document).toEqual(document)
})

test('applied again, with its secrets or without, nothing changes: no revision, no record', async () => {
  const { document, workspaceId } = await appliedEverything()
  const input = { workspaceId, configuration: document }
  const before = { ...(await exported(workspaceId)), ...(await nodes(workspaceId)) }
  const records = await app.db.auditEntry.count()
  expect(await compared(input)).toMatchObject({
    changes: [],
    others: [],
    variables: [{ name: apiKey.variable, isSet: true }],
  })
  for (const more of [{}, { secrets: [apiKey] }, { deleteOthers: true }]) {
    expect(await applied({ ...input, ...more })).toMatchObject({ fingerprint: before.fingerprint })
  }
  expect({ ...(await exported(workspaceId)), ...(await nodes(workspaceId)) }).toEqual(before)
  expect(await app.db.auditEntry.count()).toBe(records)
})

test('a source that is as it was is not asked: a configuration applies while its database is away', async () => {
  const { document, workspaceId } = await appliedEverything()
  await rm(dirname(String(document.connections[0]?.settings.path)), { recursive: true })
  const [source] = document.dataSources
  const configuration = { ...document, dataSources: [{ ...source, pollIntervalMs: 500 }] }
  expect(await applied({ workspaceId, configuration })).toMatchObject({ __typename: 'Workspace' })
  const asked = { ...document, dataSources: [{ ...source, keyColumns: ['email'] }] }
  expect(await applied({ workspaceId, configuration: asked })).toMatchObject({
    issues: [{ path: ['dataSources', '0', 'connection'] }],
  })
})

test('edits are told field by field, and what was renamed keeps its id', async () => {
  const { document, workspaceId } = await appliedEverything()
  const before = await nodes(workspaceId)
  const [action] = document.actions
  const [connector] = document.connectors
  const configuration = {
    ...document,
    connectors: [{ ...connector, name: 'Braze', was: 'Braze EU', isEnabled: false }],
    actions: [
      {
        ...action,
        connector: 'Braze',
        notes: '',
        labels: [],
        mappings: [{ parameter: 'externalId', from: { kind: 'attribute', attribute: 'email' } }],
      },
    ],
  }
  const comparison = await compared({ workspaceId, configuration })
  expect(comparison.changes).toEqual([
    {
      part: 'CONNECTORS',
      name: 'Braze',
      change: 'UPDATED',
      fields: [
        { path: ['name'], change: 'UPDATED', before: 'Braze EU', after: 'Braze' },
        { path: ['isEnabled'], change: 'UPDATED', before: true, after: false },
      ],
    },
    {
      part: 'ACTIONS',
      name: 'Profiles',
      change: 'UPDATED',
      fields: expect.arrayContaining([
        { path: ['labels'], change: 'UPDATED', before: ['vip'], after: [] },
        {
          path: ['mappings', 'externalId', 'from', 'attribute'],
          change: 'UPDATED',
          before: 'id',
          after: 'email',
        },
      ]),
    },
  ])
  const fingerprint = comparison.fingerprint
  expect(await applied({ workspaceId, configuration, fingerprint })).toMatchObject({
    __typename: 'Workspace',
  })
  const after = await nodes(workspaceId)
  expect(after.connectors[0]).toMatchObject({
    id: before.connectors[0].id,
    name: 'Braze',
    secretsSet: ['apiKey'],
  })
  expect(after.actions[0]).toMatchObject({
    id: before.actions[0].id,
    templates: before.actions[0].templates,
    labels: [],
  })
  // The old name tells nothing any more.
  expect(await compared({ workspaceId, configuration })).toMatchObject({ changes: [] })
})

test('what the configuration lacks stays and may be named, or goes with deleteOthers', async () => {
  const { document, workspaceId } = await appliedEverything()
  const part = { sluice: 1, segments: [{ ...document.segments[0], notes: '', labels: [] }] }
  expect(await compared({ workspaceId, configuration: part })).toMatchObject({
    changes: [{ part: 'SEGMENTS', name: 'Dutch', change: 'UPDATED' }],
    others: [
      { part: 'LABELS', name: 'vip' },
      { part: 'ATTRIBUTES', name: 'email' },
      { part: 'ATTRIBUTES', name: 'spare' },
      { part: 'CONNECTIONS', name: 'Files' },
      { part: 'DATA_SOURCES', name: 'Customers' },
      { part: 'CONNECTORS', name: 'Braze EU' },
      { part: 'ACTIONS', name: 'Profiles' },
    ],
  })
  await applied({ workspaceId, configuration: part })
  expect((await nodes(workspaceId)).actions).toHaveLength(1)

  // Nothing is left that the segment could be for.
  expect(await compared({ workspaceId, configuration: part, deleteOthers: true })).toMatchObject({
    issues: [{ path: ['segments', '0', 'dataSources', '0'], code: 'unknown_data_source' }],
  })
  const { actions: _actions, labels: _labels, ...rest } = document
  const without = {
    ...rest,
    segments: part.segments,
    connectors: [{ ...document.connectors[0], labels: [] }],
  }
  const input = { workspaceId, configuration: without, deleteOthers: true }
  expect((await compared(input)).changes).toMatchObject([
    { part: 'LABELS', name: 'vip', change: 'DELETED' },
    { part: 'CONNECTORS', change: 'UPDATED' },
    { part: 'ACTIONS', name: 'Profiles', change: 'DELETED' },
  ])
  await applied(input)
  expect(await nodes(workspaceId)).toMatchObject({ actions: [], labels: [] })
  expect(await compared(input)).toMatchObject({ changes: [], others: [] })
})

test('everything that is wrong is told at once, at its place, and nothing is done', async () => {
  const { document, workspaceId } = await appliedEverything()
  const before = await exported(workspaceId)
  const records = await app.db.auditEntry.count()
  const configuration = {
    ...document,
    lables: [],
    segments: [{ ...document.segments[0], rescann: 1 }],
  }
  expect((await applied({ workspaceId, configuration })).issues).toEqual([
    expect.objectContaining({
      path: ['segments', '0', 'rescann'],
      code: 'unknown_field',
      message: expect.stringContaining('Did you mean "rescan"?'),
    }),
    expect.objectContaining({ path: ['lables'], message: expect.stringContaining('Did you mean "labels"?') }),
  ])
  const meaningless = {
    ...document,
    labels: [{ name: 'no blanks', colour: 'red' }],
    segments: [
      {
        ...document.segments[0],
        conditions: { any: [{ all: [{ attribute: 'lnd', operator: 'equals', value: 'NL' }] }] },
        labels: ['gone'],
      },
    ],
    connectors: [
      document.connectors[0],
      {
        ...document.connectors[0],
        name: 'Second',
        labels: [],
        settings: { endpoint: 'https://rest.fra-01.braze.eu', apiKey: { env: 'SLUICE_SETTING_SECOND' } },
      },
    ],
    actions: [
      {
        ...document.actions[0],
        labels: [],
        connector: 'Brase EU',
        templates: [{ name: 'Mail', source: 'one\n{{/if}}' }],
      },
      { ...document.actions[0], labels: [] },
    ],
  }
  const answer = await applied({ workspaceId, configuration: meaningless })
  const told = answer.issues.map(
    ({ code, path }: { code: string; path: string[] }) => `${path.join('.')} ${code}`,
  )
  expect(told).toEqual(
    expect.arrayContaining([
      'labels.0.name invalid_text',
      'labels.0.colour invalid_format',
      'segments.0.conditions.any.0.all.0.attribute unknown_attribute',
      'segments.0.labels.0 unknown_label',
      'connectors.1.settings.apiKey secret_missing',
      'actions.0.connector unknown_connector',
      'actions.1.name name_taken',
    ]),
  )
  expect(answer.issues).toContainEqual(
    expect.objectContaining({ path: ['actions', '0', 'templates', '0', 'source'], line: 2 }),
  )
  expect(await exported(workspaceId)).toEqual(before)
  expect(await app.db.auditEntry.count()).toBe(records)
  expect(await app.db.draft.count({ where: { workspaceId: decodeGlobalId(workspaceId).id } })).toBe(0)
})

test('names that lead nowhere are told along with fields that are none, where that is sure', async () => {
  const { document, workspaceId } = await appliedEverything()
  const [segment] = document.segments
  const wrong = { ...document.actions[0], segment: 'Gone', isEnabld: true }
  const told = async (configuration: object) =>
    (await applied({ workspaceId, configuration })).issues.map(
      ({ code, path }: { code: string; path: string[] }) => `${path.join('.')} ${code}`,
    )
  expect(await told({ ...document, actions: [wrong] })).toEqual([
    'actions.0.isEnabld unknown_field',
    'actions.0.segment unknown_segment',
  ])
  // The segment without a name may be the one that is meant.
  const nameless = await told({ ...document, segments: [{ ...segment, name: 1 }], actions: [wrong] })
  expect(nameless).not.toContain('actions.0.segment unknown_segment')
  // And so may one in a list that is called something else.
  const misnamed = await told({ ...document, segmnets: [{ ...segment, name: 'Gone' }], actions: [wrong] })
  expect(misnamed).not.toContain('actions.0.segment unknown_segment')
})

test('the name of a variable has a longest', async () => {
  const { document, workspaceId } = await emptyWorkspace()
  const secrets = [{ variable: 'X'.repeat(1_000), value: 'x' }]
  expect(await applied({ workspaceId, configuration: document, secrets })).toMatchObject({
    __typename: 'InvalidInput',
    issues: [{ path: ['secrets', '0', 'variable'] }],
  })
})

test('a fault in the last write leaves nothing of the others', async () => {
  const { document, workspaceId } = await emptyWorkspace()
  await app.db.$executeRaw`ALTER TABLE attribute ADD CONSTRAINT no_spare CHECK (name <> 'spare') NOT VALID`
  const { errors } = await app.ask(applyDocument, {
    input: { workspaceId, configuration: document, secrets: [apiKey] },
  })
  await app.db.$executeRaw`ALTER TABLE attribute DROP CONSTRAINT no_spare`
  expect(errors).toMatchObject([{ extensions: { code: 'internal_error' } }])
  expect((await exported(workspaceId)).document).toEqual({ sluice: 1 })
})

test('an edit in between is a conflict, and nothing is done', async () => {
  const { document, workspaceId } = await appliedEverything()
  const { fingerprint } = await compared({ workspaceId, configuration: document })
  const [segment] = (await nodes(workspaceId)).segments
  await mutate(app, 'updateSegment', { id: segment.id, revision: segment.revision, notes: 'By hand.' })
  const configuration = { ...document, actions: [] }
  expect(await applied({ workspaceId, configuration, deleteOthers: true, fingerprint })).toMatchObject({
    __typename: 'WorkingCopyConflict',
    code: 'changed_meanwhile',
  })
  expect((await nodes(workspaceId)).actions).toHaveLength(1)
  expect(await applied({ workspaceId, configuration, fingerprint: 'none' })).toMatchObject({
    issues: [{ path: ['fingerprint'] }],
  })
})

test('a dry run tells what only the data source knows, and changes nothing', async () => {
  const { document, workspaceId } = await emptyWorkspace()
  const input = { workspaceId, secrets: [apiKey], dryRun: true }
  expect(await applied({ ...input, configuration: document })).toMatchObject({ __typename: 'Workspace' })
  expect((await exported(workspaceId)).document).toEqual({ sluice: 1 })
  const configuration = {
    ...document,
    segments: [
      {
        ...document.segments[0],
        conditions: { any: [{ all: [{ attribute: 'country', operator: 'equals', value: 'NL' }] }] },
      },
    ],
  }
  // Without a look at the source nobody knows its columns.
  expect(await compared({ workspaceId, configuration })).toMatchObject({
    __typename: 'ConfigurationComparison',
  })
  expect((await applied({ ...input, configuration })).issues).not.toEqual([])
})

test('secrets go in by their variables, stay, are replaced, go, and never come out', async () => {
  const { document, workspaceId } = await appliedEverything()
  const id = decodeGlobalId((await nodes(workspaceId)).connectors[0].id).id
  const secretOf = async () => {
    const row = await app.db.connector.findUniqueOrThrow({ where: { id } })
    return openSecrets(await app.deps.workspaceKeys.of(row.workspaceId), row.secrets)
  }
  expect(await secretOf()).toEqual({ apiKey: apiKey.value })
  const rotated = { ...apiKey, value: 'canary-of-another' }
  await applied({ workspaceId, configuration: document, secrets: [rotated] })
  expect(await secretOf()).toEqual({ apiKey: rotated.value })
  expect((await nodes(workspaceId)).connectors[0].revision).toBe(2)

  const [connector] = document.connectors
  const settings = (more: object) => ({
    ...document,
    connectors: [{ ...connector, settings: { ...connector?.settings, ...more } }],
  })
  const moved = settings({ endpoint: 'https://rest.iad-01.braze.com' })
  expect(await applied({ workspaceId, configuration: moved })).toMatchObject({
    issues: [{ path: ['connectors', '0', 'settings', 'apiKey'], code: 'secret_required' }],
  })
  const open = await applied({ workspaceId, configuration: settings({ apiKey: 'canary-in-the-open' }) })
  expect(open).toMatchObject({ issues: [{ code: 'secret_in_document' }, {}] })
  for (const env of ['SLUICE_SECRET_KEY', 'HOME', 'SLUICE_TOKEN']) {
    expect(await applied({ workspaceId, configuration: settings({ apiKey: { env } }) })).toMatchObject({
      issues: [{ path: ['connectors', '0', 'settings', 'apiKey', 'env'], code: 'bad_variable_name' }],
    })
  }
  const records = await app.db.auditEntry.findMany({ where: { verb: 'applyConfiguration' } })
  const drafts = await app.db.document.findMany()
  const told = JSON.stringify([await exported(workspaceId), open, records, drafts, app.log])
  expect(told).not.toContain('canary')
})

test('a repeated request with the same key is done once', async () => {
  const { document, workspaceId } = await emptyWorkspace()
  const input = { workspaceId, configuration: document, secrets: [apiKey] }
  const keyed = applyDocument
    .replace('$input: ApplyConfigurationInput!', '$input: ApplyConfigurationInput!, $key: String!')
    .replace('(input: $input)', '(input: $input, idempotencyKey: $key)')
  for (const _ of [1, 2]) {
    const { data } = await app.ask(keyed, { input, key: 'once' })
    expect(data.applyConfiguration).toMatchObject({ __typename: 'Workspace' })
  }
  expect(
    await app.db.auditEntry.count({
      where: { verb: 'applyConfiguration', entity: 'Workspace', entityId: decodeGlobalId(workspaceId).id },
    }),
  ).toBe(1)
})

test('a data source does not leave a segment while an action that stays reads the two together', async () => {
  const { document, workspaceId } = await appliedEverything()
  const second = {
    ...document.dataSources[0],
    name: 'Second',
    attributes: document.dataSources[0]?.attributes,
  }
  const configuration = {
    sluice: 1,
    dataSources: [second],
    segments: [{ ...document.segments[0], dataSources: ['Second'] }],
  }
  expect(await applied({ workspaceId, configuration })).toMatchObject({
    issues: [{ path: ['segments', '0', 'dataSources'], code: 'in_use' }],
  })
})

test('a version comes out too, with the notes of now', async () => {
  const { document, workspaceId } = await appliedEverything()
  const version = await mutate(app, 'publishVersion', { workspaceId, notes: 'why' })
  await applied({ workspaceId, configuration: { ...document, actions: [] }, deleteOthers: true })
  expect((await exported(workspaceId)).document).not.toHaveProperty('actions')
  expect((await exported(workspaceId, version.id)).document).toEqual(document)
  expect(await exported(workspaceId, `Version_${randomUUID()}`)).toMatchObject({ code: 'not_found' })
})

test('what is replaced is kept as a draft', async () => {
  const { document, workspaceId } = await appliedEverything()
  await applied({ workspaceId, configuration: { ...document, actions: [] }, deleteOthers: true })
  const { data } = await app.ask(
    'query ($id: ID!) { workspace(id: $id) { drafts { edges { node { id name } } } } }',
    { id: workspaceId },
  )
  const [{ node }] = data.workspace.drafts.edges
  expect(node.name).toBe('Before applying a configuration')
  expect((await exported(workspaceId, node.id)).document).toEqual(document)
})

test.each([
  ['no object', [], [], 'invalid_type'],
  ['another version of the format', { sluice: 2 }, ['sluice'], 'invalid_value'],
  ['a prototype', JSON.parse('{ "sluice": 1, "__proto__": [] }'), ['__proto__'], 'unknown_field'],
  ['too much depth', { sluice: 1, segments: [{ conditions: deep(200) }] }, [], 'too_deep'],
])('%s is refused', async (_what, configuration, path, code) => {
  const { workspaceId } = await emptyWorkspace()
  expect((await compared({ workspaceId, configuration })).issues).toContainEqual(
    expect.objectContaining({ path, code }),
  )
})

test('a configuration may be larger than other requests', async () => {
  const { document, workspaceId } = await appliedEverything()
  const [action] = document.actions
  const source = `{{mail}}${' '.repeat(90_000)}`
  const actions = Array.from({ length: 15 }, (_, index) => ({
    ...action,
    name: `Profiles ${index}`,
    templates: [{ name: 'Mail', source }],
  }))
  expect(await applied({ workspaceId, configuration: { ...document, actions } })).toMatchObject({
    __typename: 'Workspace',
  })
  expect((await nodes(workspaceId)).actions).toHaveLength(16)
})

function deep(levels: number): unknown {
  return levels === 0 ? 1 : { any: deep(levels - 1) }
}

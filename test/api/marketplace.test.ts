/** What the marketplace shows of installed plugins: searched, filtered, sorted, counted. */
import braze from '@sluice/connector-braze'
import { type ConnectorDefinition, defineConnector } from '@sluice/connector-sdk'
import webhook from '@sluice/connector-webhook'
import duckdb from '@sluice/source-duckdb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRegistry } from '../../server/registry/registry.ts'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { addMember } from '../harness/people.ts'
import { seed } from '../harness/seed.ts'
import { testConnector } from '../harness/test-connector.ts'

const variant = (id: string, changes: Partial<ConnectorDefinition>) => ({
  definition: defineConnector({ ...testConnector, id, ...changes }),
  packageName: `connector-${id}`,
  packageVersion: '1.0.0',
})
const closed = { kind: 'full', reason: 'Orbit has closed its API. Use "Braze".' } as const
const terms = { title: 'Terms of Ålands Ads', url: 'https://ads.example/terms' }

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({
    registry: createRegistry({
      connectors: [
        { definition: webhook, packageName: '@sluice/connector-webhook', packageVersion: '0.1.0' },
        { definition: braze, packageName: '@sluice/connector-braze', packageVersion: '1.2.3' },
        variant('zoo-mail', { name: 'zoo mail', categories: ['E-mail'], deprecated: 'Use "Braze".' }),
        variant('orbit', { name: 'Orbit', categories: ['Analytics'], deprecated: closed }),
        variant('alands', {
          name: 'Ålands Ads',
          categories: ['Advertising'],
          dataKinds: ['records', 'events'],
          docs: { ...testConnector.docs, terms },
        }),
      ],
      sources: [{ definition: duckdb, packageName: '@sluice/source-duckdb', packageVersion: '4.5.6' }],
      unavailable: [
        {
          packageName: 'broken',
          packageVersion: '0.0.1',
          role: 'connector',
          code: 'plugin_import_failed',
          reason: 'It throws.',
        },
        { packageName: 'absent', code: 'plugin_not_installed', reason: 'Run npm install.' },
        {
          packageName: 'a-source',
          role: 'source',
          code: 'plugin_import_failed',
          reason: 'It throws.',
        },
      ],
    }),
  })
})
afterAll(() => app.close())

async function find(filter: object = {}, args = '') {
  const { data, errors } = await app.ask(
    `query ($filter: MarketplaceFilterInput) {
      marketplace(filter: $filter${args}) {
        totalCount
        categories { category count }
        dataKinds { dataKind count }
        edges { node { name } }
        pageInfo { hasNextPage endCursor }
      }
    }`,
    { filter },
  )
  expect(errors).toBeUndefined()
  const { edges, ...found } = data.marketplace
  return { ...found, names: edges.map(({ node }: { node: { name: string } }) => node.name) }
}

it('lists what is available and what is not, by name', async () => {
  const { data } = await app.ask(`{ marketplace { edges { node {
    __typename name isAvailable packageName packageVersion
    ... on ConnectorType { id vendor }
    ... on UnavailablePlugin { role code reason }
  } } } }`)
  const nodes = data.marketplace.edges.map(({ node }: { node: object }) => node)
  expect(nodes.map(({ name }: { name: string }) => name)).toEqual([
    ...['absent', 'Ålands Ads', 'Braze', 'broken', 'Orbit', 'Webhook', 'zoo mail'],
  ])
  expect(nodes[2]).toMatchObject({ __typename: 'ConnectorType', isAvailable: true, packageVersion: '1.2.3' })
  expect(nodes[3]).toEqual({
    ...{ __typename: 'UnavailablePlugin', name: 'broken', isAvailable: false, role: 'CONNECTOR' },
    ...{ packageName: 'broken', packageVersion: '0.0.1', code: 'plugin_import_failed', reason: 'It throws.' },
  })
  expect(nodes[0]).toMatchObject({ packageVersion: null, role: null, code: 'plugin_not_installed' })
})

it('sorts by name in both directions, by the rules of a language', async () => {
  const both = await find({ isAvailable: true }, ', orderBy: NAME_DESCENDING')
  expect(both.names).toEqual(['zoo mail', 'Webhook', 'Orbit', 'Braze', 'Ålands Ads'])
  const swedish = await find({ isAvailable: true }, ', orderBy: NAME_ASCENDING, locale: "sv"')
  expect(swedish.names).toEqual(['Braze', 'Orbit', 'Webhook', 'zoo mail', 'Ålands Ads'])
  const { errors } = await app.ask('{ marketplace(locale: "not a language") { totalCount } }')
  expect(errors?.[0]?.extensions).toMatchObject({
    code: 'invalid_input',
    issues: [{ path: ['locale'], code: 'unknown_locale' }],
  })
})

it('finds by what is typed, in names, vendors, categories and titles of actions', async () => {
  expect((await find({ search: 'bra' })).names).toEqual(['Braze'])
  expect((await find({ search: 'any http' })).names).toEqual(['Webhook'])
  // By its name before by its category.
  expect((await find({ search: 'mail' })).names).toEqual(['zoo mail', 'Braze'])
  expect((await find({ search: 'track us' })).names).toEqual(['Braze'])
  expect((await find({ search: 'trcak user' })).names).toEqual(['Braze'])
  expect((await find({ search: 'brok' })).names).toEqual(['broken'])
  expect(await find({ search: 'salesforce' })).toMatchObject({ names: [], totalCount: 0, categories: [] })
  const byName = await find({ search: 'mail' }, ', orderBy: NAME_ASCENDING')
  expect(byName.names).toEqual(['Braze', 'zoo mail'])
})

it('filters, and counts what a filter menu offers', async () => {
  expect((await find({ categories: ['E-mail', 'Advertising'] })).names).toEqual([
    ...['Ålands Ads', 'Braze', 'zoo mail'],
  ])
  expect((await find({ dataKinds: ['EVENTS'] })).names).toEqual(['Ålands Ads'])
  expect((await find({ isAvailable: false })).names).toEqual(['absent', 'broken'])
  const { categories, dataKinds, names } = await find({ categories: ['E-mail'], dataKinds: ['RECORDS'] })
  expect(names).toEqual(['Braze', 'zoo mail'])
  expect(categories.map(({ category, count }: { category: string; count: number }) => [category, count]))
    // As if no category were chosen.
    .toEqual([
      ...[
        ['Advertising', 1],
        ['Analytics', 1],
        ['Custom', 1],
        ['Customer engagement', 1],
      ],
      ...[
        ['Developer tools', 1],
        ['E-mail', 2],
        ['Mobile', 1],
      ],
    ])
  expect(dataKinds).toEqual([{ dataKind: 'RECORDS', count: 2 }])
})

it('gives page by page, with the count of all', async () => {
  const first = await find({}, ', first: 3')
  expect(first).toMatchObject({ totalCount: 7, names: ['absent', 'Ålands Ads', 'Braze'] })
  const second = await find({}, `, first: 100, after: "${first.pageInfo.endCursor}"`)
  expect(second.names).toEqual(['broken', 'Orbit', 'Webhook', 'zoo mail'])
  expect(second.pageInfo.hasNextPage).toBe(false)
})

it('shows the summary of a connector type: page, settings, actions with their fields', async () => {
  const { data, errors } = await app.ask(`{
    connectorType(id: "braze") {
      id name vendor categories summary requirements instructions icon dataKinds
      links { title url isInternal } changelog { version date notes } deprecation { kind reason } terms { url }
      settings { name title type isRequired isSecret }
      settingsForm packageName packageVersion
      actions {
        type title description version modes parametersForm
        parameters { name title type group isRequired isOpen isRepeated hasLiveChoices options examples when }
      }
    }
  }`)
  expect(errors).toBeUndefined()
  const type = data.connectorType
  expect(type).toMatchObject({
    ...{ id: 'braze', name: 'Braze', packageVersion: '1.2.3', dataKinds: ['RECORDS'] },
    ...{ deprecation: null, terms: null, changelog: [{ version: '0.1.0', date: '2026-11-30' }] },
  })
  expect(type.icon).toMatch(/^data:image\/svg\+xml;base64,/)
  expect(type.instructions.length).toBeGreaterThan(1)
  expect(type.settings).toMatchObject([
    { name: 'endpoint', type: 'TEXT', isRequired: true, isSecret: false },
    { name: 'apiKey', type: 'TEXT', isRequired: true, isSecret: true },
    { name: 'objectLimit', type: 'CHOICE', isRequired: false, isSecret: false },
  ])
  expect(type.settingsForm.properties.apiKey).toMatchObject({ type: 'string', secret: true })
  expect(type.settingsForm.required).toEqual(['endpoint', 'apiKey'])
  const actionOf = (name: string) => type.actions.find((action: { type: string }) => action.type === name)
  const trackUser = actionOf('track-user')
  expect(trackUser).toMatchObject({ title: 'Track User', version: 1, modes: ['UPSERT'] })
  expect(trackUser.parametersForm.properties.events).toMatchObject({ repeated: true, type: 'array' })
  expect(trackUser.parameters.map(({ name }: { name: string }) => name)).toEqual(
    Object.keys(trackUser.parametersForm.properties),
  )
  const parameterOf = (action: { parameters: { name: string }[] }, wanted: string) =>
    action.parameters.find(({ name }) => name === wanted)
  expect(parameterOf(trackUser, 'externalId')).toMatchObject({ group: 'User ID', type: 'TEXT' })
  expect(parameterOf(trackUser, 'attributes')).toMatchObject({ isOpen: true })
  expect(parameterOf(trackUser, 'events')).toMatchObject({ isRepeated: true, type: 'LIST' })
  expect(parameterOf(actionOf('campaign'), 'campaignId')).toMatchObject({ hasLiveChoices: true })
  const none = await app.ask('{ connectorType(id: "nothing") { id } }')
  expect(none).toMatchObject({ data: { connectorType: null } })
})

it('shows source types with their form', async () => {
  const fields = 'id name summary links { url } settingsForm settings { name } defaultSettleMs packageVersion'
  const { data, errors } = await app.ask(
    `{ sourceTypes { ${fields} } sourceType(id: "duckdb") { id settings { title isRequired } } }`,
  )
  expect(errors).toBeUndefined()
  expect(data.sourceTypes).toMatchObject([{ id: 'duckdb', defaultSettleMs: 0, packageVersion: '4.5.6' }])
  expect(data.sourceTypes[0].settingsForm.type).toBe('object')
  expect(data.sourceType.id).toBe('duckdb')
  expect(data.sourceType.settings.length).toBe(data.sourceTypes[0].settings.length)
})

it('shows what is installed and cannot be used, sources too', async () => {
  const { data } = await app.ask('{ unavailablePlugins { role packageName packageVersion code reason } }')
  expect(data.unavailablePlugins).toMatchObject([
    { packageName: 'broken', packageVersion: '0.0.1', code: 'plugin_import_failed', reason: 'It throws.' },
    { packageName: 'absent', packageVersion: null, code: 'plugin_not_installed', reason: 'Run npm install.' },
    { packageName: 'a-source', role: 'SOURCE' },
  ])
})

it('counts the connectors of a workspace by type', async () => {
  const { workspace } = await seed(app).workspace().connector().connector().create()
  const elsewhere = await seed(app).workspace().connector().create()
  const member = await addMember(app, workspace, 'VIEWER')
  const counts = async (workspaceId: string) => {
    const { data, errors } = await app.ask(
      'query ($id: ID!) { connectorTypes { id connectorCount(workspaceId: $id) } }',
      { id: workspaceId },
      member.token,
    )
    expect(errors).toBeUndefined()
    const entries = data.connectorTypes.map(
      ({ id, connectorCount }: { id: string; connectorCount: number }) => [id, connectorCount],
    )
    return Object.fromEntries(entries)
  }
  expect(await counts(workspace.id)).toEqual({ webhook: 0, braze: 2, 'zoo-mail': 0, orbit: 0, alands: 0 })
  expect(await counts(elsewhere.workspace.id)).toMatchObject({ braze: 0 })
})

it('makes a connector only when its terms are accepted', async () => {
  const { workspace } = await seed(app).workspace().create()
  const input = { workspaceId: workspace.id, name: 'Ads', type: 'alands', settings: { apiKey: 'k' } }
  expect(await answerOf(app, 'createConnector', input)).toMatchObject({
    __typename: 'InvalidInput',
    issues: [{ path: ['acceptTerms'], code: 'terms_not_accepted' }],
  })
  const made = await answerOf(
    app,
    'createConnector',
    { ...input, acceptTerms: true },
    '... on Connector { status }',
  )
  expect(made).toMatchObject({ __typename: 'Connector', status: 'INACTIVE' })
})

it('tells which types are deprecated, and makes nothing with one that no longer works', async () => {
  const { data } = await app.ask('{ connectorTypes { id deprecation { kind reason } } }')
  const deprecated = data.connectorTypes.filter(
    ({ deprecation }: { deprecation: unknown }) => deprecation !== null,
  )
  expect(deprecated).toEqual([
    { id: 'zoo-mail', deprecation: { kind: 'FUNCTIONAL', reason: 'Use "Braze".' } },
    { id: 'orbit', deprecation: { kind: 'FULL', reason: closed.reason } },
  ])
  const { workspace } = await seed(app).workspace().create()
  const input = { workspaceId: workspace.id, name: 'A', settings: { apiKey: 'k' } }
  expect(await answerOf(app, 'createConnector', { ...input, type: 'orbit' })).toMatchObject({
    __typename: 'InvalidInput',
    issues: [{ path: ['type'], code: 'connector_type_discontinued' }],
  })
  const old = await answerOf(
    app,
    'createConnector',
    { ...input, type: 'zoo-mail' },
    '... on Connector { status }',
  )
  expect(old).toMatchObject({ status: 'DEPRECATED' })
})

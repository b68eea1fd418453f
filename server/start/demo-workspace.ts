/** Sets up the demo through the public GraphQL API: a source, a segment, two vendors with an action each, a published version. */
import { ApiError, type GraphqlClient } from './graphql-client.ts'

export const demoName = 'Demo'

interface Simulator {
  readonly url: string
  readonly apiKey: string
}

/** What stands in for the vendors. */
export interface DemoVendors {
  readonly braze: Simulator
  /** Null for a demo without it. */
  readonly webhook: Simulator | null
}

interface Saved {
  readonly id: string
  readonly revision: number
}

interface Problem {
  readonly message: string
  readonly issues?: readonly { readonly path: string; readonly message: string }[]
  readonly problems?: readonly { readonly path: string; readonly message: string }[]
}

interface Named extends Saved {
  readonly name: string
  readonly isEnabled: boolean
}

interface DemoWorkspace {
  readonly id: string
  readonly name: string
  readonly liveVersion: { readonly number: number } | null
  readonly dataSourceConnections: readonly Named[]
  readonly dataSources: readonly Named[]
  readonly segments: readonly Named[]
  readonly connectors: readonly (Named & {
    readonly type: string
    readonly settings: { readonly endpoint?: unknown; readonly url?: unknown }
  })[]
  readonly actions: readonly Named[]
}

const attribute = (parameter: string, name: string, key?: string) => ({
  parameter,
  ...(key === undefined ? {} : { key }),
  from: { kind: 'attribute', attribute: name },
})

const mappings = [
  attribute('externalId', 'external_id'),
  attribute('email', 'email'),
  attribute('firstName', 'first_name'),
  attribute('lastName', 'last_name'),
  attribute('country', 'country'),
  attribute('language', 'language'),
  attribute('homeCity', 'city'),
  attribute('dob', 'birth_date'),
  attribute('attributes', 'plan', 'plan'),
  attribute('attributes', 'lifetime_value', 'lifetime_value'),
  attribute('attributes', 'orders', 'orders'),
]

/** What the webhook gets of each customer: columns that are empty are null in it. */
const webhookBody = `{
  "external_id": {{external_id.toJson}},
  "email": {{email.toJson}},
  "name": {{first_name.toJson}},
  "country": {{country.toJson}},
  "plan": {{plan.toJson}},
  "orders": {{orders.toInteger.toJson}}
}`

const webhookMappings = [
  { parameter: 'body', from: { kind: 'template', template: 'Customer' } },
  attribute('recipient', 'external_id'),
  { parameter: 'isRepeatable', from: { kind: 'constant', value: true } },
]

/**
 * Creates what is missing of the demo and publishes it: a start that was interrupted is finished by the next one.
 * Where a simulator has moved to another port since, its connector follows.
 *
 * @returns whether a version was published
 */
export async function setUpDemo(
  api: GraphqlClient,
  warehouse: string,
  { braze, webhook }: DemoVendors,
): Promise<'published' | 'unchanged'> {
  const demo = await findDemo(api)
  const workspaceId = demo?.id ?? (await save(api, 'createWorkspace', { name: demoName })).id
  const create = async (
    verb: string,
    existing: readonly Named[] | undefined,
    input: { readonly name: string } & Readonly<Record<string, unknown>>,
  ) => existing?.find(({ name }) => name === input.name) ?? (await save(api, verb, { workspaceId, ...input }))

  const connection = await create('createDataSourceConnection', demo?.dataSourceConnections, {
    name: 'Warehouse',
    type: 'duckdb',
    settings: { path: warehouse },
  })
  const dataSource = await create('createDataSource', demo?.dataSources, {
    name: 'Customers in the warehouse',
    connectionId: connection.id,
    query: { table: { name: 'customers' } },
    keyColumns: ['customer_no'],
    cursorMode: 'TIMESTAMP_INCREMENTING',
    timestampColumn: 'updated_at',
    incrementColumn: 'customer_no',
  })
  const segment = await create('createSegment', demo?.segments, {
    name: 'Agreed to marketing',
    dataSourceIds: [dataSource.id],
    conditions: { any: [{ all: [{ attribute: 'marketing_consent', operator: 'isTrue' }] }] },
  })
  const hookUrl = webhook === null ? null : `${webhook.url}/customers`
  const settingsOf: Readonly<Record<string, object>> = {
    braze: { endpoint: braze.url, apiKey: braze.apiKey },
    ...(webhook !== null && {
      webhook: { url: hookUrl, authentication: 'bearer', token: webhook.apiKey },
    }),
  }
  const connector = await create('createConnector', demo?.connectors, {
    name: 'Braze (simulated)',
    type: 'braze',
    settings: settingsOf['braze'],
  })
  const action = await create('createAction', demo?.actions, {
    name: 'Customers to Braze profiles',
    connectorId: connector.id,
    dataSourceId: dataSource.id,
    segmentId: segment.id,
    type: 'track-user',
    mappings,
  })

  const own: readonly unknown[] = [braze.url, hookUrl]
  const moved = demo?.connectors.filter(({ settings: { endpoint, url } }) => {
    const address = endpoint ?? url
    return isLoopback(address) && !own.includes(address)
  })
  for (const { id, revision, type } of moved ?? []) {
    const settings = settingsOf[type]
    if (settings !== undefined) await save(api, 'updateConnector', { id, revision, settings })
  }
  const isFirst = demo === undefined || demo.liveVersion === null
  if (!isFirst && moved?.length === 0) return 'unchanged'
  if (isFirst) {
    await activate(api, 'activateConnector', connector.id)
    await activate(api, 'activateAction', action.id)
    if (webhook !== null) {
      const hook = await create('createConnector', demo?.connectors, {
        name: 'Webhook (simulated)',
        type: 'webhook',
        settings: settingsOf['webhook'],
      })
      const hookAction = await create('createAction', demo?.actions, {
        name: 'Customers to a webhook',
        connectorId: hook.id,
        dataSourceId: dataSource.id,
        segmentId: segment.id,
        type: 'send-batched-custom-data',
        templates: [{ name: 'Customer', kind: 'BODY', format: 'JSON', source: webhookBody }],
        mappings: webhookMappings,
      })
      await activate(api, 'activateConnector', hook.id)
      await activate(api, 'activateAction', hookAction.id)
    }
  }
  const notes = isFirst ? 'The demo as npm start sets it up' : 'A simulator has moved to another port'
  await save(api, 'publishVersion', { workspaceId, notes })
  return 'published'
}

async function findDemo(api: GraphqlClient): Promise<DemoWorkspace | undefined> {
  const { workspaces } = await api<{ readonly workspaces: readonly DemoWorkspace[] }>(`{
    workspaces {
      id
      name
      liveVersion { number }
      dataSourceConnections { id name revision }
      dataSources { id name revision }
      segments { id name revision }
      connectors { id name type revision isEnabled settings }
      actions { id name revision isEnabled }
    }
  }`)
  return workspaces.find(({ name }) => name === demoName)
}

/** The revision is read here: an update before may have moved it. */
async function activate(api: GraphqlClient, verb: string, id: string): Promise<void> {
  const { node } = await api<{ readonly node: { readonly revision: number; readonly isEnabled: boolean } }>(
    `query ($id: ID!) {
      node(id: $id) { ... on Connector { revision isEnabled } ... on Action { revision isEnabled } }
    }`,
    { id },
  )
  if (!node.isEnabled) await save(api, verb, { id, revision: node.revision })
}

function isLoopback(endpoint: unknown): boolean {
  return typeof endpoint === 'string' && endpoint.startsWith('http://127.0.0.1:')
}

/** What is asked for beside the id and the problems that every mutation has. */
const selections: Readonly<Record<string, string>> = {
  createConnector: '... on Connector { revision }',
  createAction: '... on Action { revision }',
  publishVersion: '... on NotPublishable { problems { path message } }',
}

/** Runs a mutation; a problem that it answers with ends the start, in the API's own words. */
async function save(api: GraphqlClient, verb: string, input: object): Promise<Saved> {
  const inputType = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}Input`
  const { result } = await api<{ readonly result: Saved | Problem }>(
    `mutation ($input: ${inputType}!) {
      result: ${verb}(input: $input) {
        ... on Node { id }
        ... on Problem { message }
        ... on InvalidInput { issues { path message } }
        ${selections[verb] ?? ''}
      }
    }`,
    { input },
  )
  if ('id' in result) return { id: result.id, revision: result.revision }
  const details = [...(result.issues ?? []), ...(result.problems ?? [])]
  throw new ApiError(
    [result.message, ...details.map(({ path, message }) => `  ${path}: ${message}`)].join('\n'),
    { mayPass: false },
  )
}

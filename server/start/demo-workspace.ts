/** Sets up the demo through the public GraphQL API: a source, a segment, Braze, an action, a published version. */
import { ApiError, type GraphqlClient } from './graphql-client.ts'

export const demoName = 'Demo'

interface Simulator {
  readonly url: string
  readonly apiKey: string
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

type Result = Saved | Problem

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

/** Creates the demo and publishes it. */
export async function createDemo(api: GraphqlClient, warehouse: string, simulator: Simulator): Promise<void> {
  const workspaceId = (await save(api, 'createWorkspace', 'CreateWorkspaceInput', { name: demoName })).id
  const dataSource = await save(api, 'createDataSource', 'CreateDataSourceInput', {
    workspaceId,
    name: 'Customers in the warehouse',
    type: 'duckdb',
    settings: { path: warehouse },
    table: { name: 'customers' },
    keyColumns: ['customer_no'],
    cursorMode: 'TIMESTAMP_INCREMENTING',
    timestampColumn: 'updated_at',
    incrementColumn: 'customer_no',
  })
  const segment = await save(api, 'createSegment', 'CreateSegmentInput', {
    workspaceId,
    name: 'Agreed to marketing',
    dataSourceIds: [dataSource.id],
    conditions: { any: [{ all: [{ attribute: 'marketing_consent', operator: 'isTrue' }] }] },
  })
  const connector = await save(api, 'createConnector', 'CreateConnectorInput', {
    workspaceId,
    name: 'Braze (simulated)',
    type: 'braze',
    settings: { endpoint: simulator.url, apiKey: simulator.apiKey },
  })
  const action = await save(api, 'createAction', 'CreateActionInput', {
    workspaceId,
    name: 'Customers to Braze profiles',
    connectorId: connector.id,
    dataSourceId: dataSource.id,
    segmentId: segment.id,
    type: 'track-user',
    mappings,
  })
  await save(api, 'activateConnector', 'ActivateConnectorInput', connector)
  await save(api, 'activateAction', 'ActivateActionInput', action)
  await publish(api, workspaceId, 'The demo as it is set up by npm start')
}

interface DemoWorkspace {
  readonly id: string
  readonly name: string
  readonly connectors: readonly (Saved & { readonly settings: { readonly endpoint?: unknown } })[]
}

/** Where the simulator has moved to another port since the last start, the connector follows. */
export async function pointDemoAt(api: GraphqlClient, simulator: Simulator): Promise<void> {
  const { workspaces } = await api<{ readonly workspaces: readonly DemoWorkspace[] }>(
    '{ workspaces { id name connectors { id revision settings } } }',
  )
  const demo = workspaces.find(({ name }) => name === demoName)
  const simulated = demo?.connectors.filter(({ settings }) => isLoopback(settings.endpoint)) ?? []
  const moved = simulated.filter(({ settings }) => settings.endpoint !== simulator.url)
  for (const { id, revision } of moved) {
    const settings = { endpoint: simulator.url, apiKey: simulator.apiKey }
    await save(api, 'updateConnector', 'UpdateConnectorInput', { id, revision, settings })
  }
  if (demo !== undefined && moved.length > 0) {
    await publish(api, demo.id, 'The simulator has moved to another port')
  }
}

function isLoopback(endpoint: unknown): boolean {
  return typeof endpoint === 'string' && endpoint.startsWith('http://127.0.0.1:')
}

async function publish(api: GraphqlClient, workspaceId: string, notes: string): Promise<void> {
  await save(api, 'publishVersion', 'PublishVersionInput', { workspaceId, notes })
}

/** What is asked for beside the id and the problems that every mutation has. */
const selections: Readonly<Record<string, string>> = {
  createConnector: '... on Connector { revision }',
  createAction: '... on Action { revision }',
  publishVersion: '... on NotPublishable { problems { path message } }',
}

/** Runs a mutation; a problem that it answers with ends the start, in the API's own words. */
async function save(api: GraphqlClient, verb: string, inputType: string, input: object): Promise<Saved> {
  const { result } = await api<{ readonly result: Result }>(
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
  )
}

/** A connector whose type no longer works after an upgrade: it stands still, keeps nobody from publishing the rest. */
import { type ConnectorDefinition, defineConnector } from '@sluice/connector-sdk'
import duckdb from '@sluice/source-duckdb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCompiledLanes } from '../../server/deliveries/compiled-lanes.ts'
import { createPlanDelivery } from '../../server/deliveries/plan-delivery.ts'
import { createRegistry, type Registry } from '../../server/registry/registry.ts'
import { sealPosition } from '../../server/sources/sealed-position.ts'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { mutate } from '../harness/mutate.ts'
import { seed } from '../harness/seed.ts'
import { testConnector } from '../harness/test-connector.ts'

const registryWith = (changes: Partial<ConnectorDefinition>) =>
  createRegistry({
    connectors: [
      {
        definition: defineConnector({ ...testConnector, ...changes }),
        packageName: 'connector-test',
        packageVersion: '1.0.0',
      },
    ],
    sources: [{ definition: duckdb, packageName: '@sluice/source-duckdb', packageVersion: '0.1.0' }],
    unavailable: [],
  })

/** What the running Sluice has loaded: it changes with its next start. */
let loaded = registryWith({})
const registry: Registry = {
  connectors: () => loaded.connectors(),
  connector: (id) => loaded.connector(id),
  sources: () => loaded.sources(),
  source: (id) => loaded.source(id),
  unavailable: () => loaded.unavailable(),
  plugins: {
    connector: (id) => loaded.plugins.connector(id),
    source: (id) => loaded.plugins.source(id),
  },
}

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ registry })
})
afterAll(() => app.close())

it('stands still, is told of wherever one looks, and is out of the way once it is switched off', async () => {
  const from = { kind: 'attribute', attribute: 'email' }
  const mappings = ['user', 'value'].map((parameter) => ({ parameter, from }))
  const { action, connector, workspace } = await seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector({ apiKey: 'k' }, { type: 'test' })
    .action(mappings, { type: 'set-user' })
    .publish()
  await sourceIsSeen()

  loaded = registryWith({ deprecated: { kind: 'full', reason: 'The vendor is gone. Use another.' } })
  const { data } = await app.ask(
    `query ($action: ID!, $connector: ID!) {
      action(id: $action) { notRunnable isEnabled }
      connector(id: $connector) { status isInstalled }
    }`,
    { action: action.id, connector: connector.id },
  )
  expect(data).toEqual({
    action: { notRunnable: 'connector_type_discontinued', isEnabled: true },
    connector: { status: 'DEPRECATED', isInstalled: true },
  })
  expect(await plan()).toEqual({ kind: 'idle' })

  const publish = () =>
    answerOf(
      app,
      'publishVersion',
      { workspaceId: workspace.id, notes: 'again' },
      '... on Version { number } ... on NotPublishable { problems { nodeId path code message } }',
    )
  expect(await publish()).toMatchObject({
    __typename: 'NotPublishable',
    problems: [
      {
        ...{ nodeId: connector.id, path: ['type'], code: 'connector_type_discontinued' },
        message: expect.stringContaining('The vendor is gone. Use another.'),
      },
    ],
  })
  await mutate(app, 'deactivateAction', action)
  await mutate(app, 'deactivateConnector', connector)
  expect(await publish()).toMatchObject({ __typename: 'Version', number: 2 })
})

it('goes on where it stood when an older package is back', async () => {
  await app.db.workspace.updateMany({ data: { liveVersion: 1 } })
  expect(await plan()).toEqual({ kind: 'idle' })
  loaded = registryWith({ deprecated: 'Use another.' })
  expect(await plan()).toMatchObject({ kind: 'deliver' })
})

/** Says that there are rows to deliver. */
async function sourceIsSeen(): Promise<void> {
  const { dataSourceId, workspaceId } = await app.db.lane.findFirstOrThrow()
  const bound = sealPosition(await app.deps.workspaceKeys.of(workspaceId), ['3'])
  await app.db.sourceProgress.create({ data: { dataSourceId, workspaceId, bound } })
}

/** As a worker that starts now: it has compiled nothing yet. */
async function plan() {
  const { id } = await app.db.lane.findFirstOrThrow()
  const compiledLanes = createCompiledLanes({ db: app.db, registry })
  return createPlanDelivery({ ...app.deps, db: app.db, compiledLanes })(id)
}

/** Several connectors activated or deactivated at once: all or none, with all problems told by their place. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { mutate } from '../harness/mutate.ts'
import { type Seeded, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const changed = '... on ChangedConnectors { connectors { name isEnabled revision } }'
const problems = '... on InvalidInput { issues { path code message } }'

/** Two connectors, inactive. */
async function configured() {
  const { workspace } = await seed(app).workspace().create()
  const create = (name: string) =>
    mutate(app, 'createConnector', {
      workspaceId: workspace.id,
      name,
      type: 'braze',
      settings: { endpoint: 'http://127.0.0.1:9', apiKey: 'key' },
    })
  return { workspace, a: await create('A'), b: await create('B') }
}

const ref = ({ id, revision }: Seeded) => ({ id, revision })

test('all are switched, each with a revision and an entry in the record; what is as wanted stays', async () => {
  const { a, b, workspace } = await configured()
  const active = await mutate(app, 'activateConnector', ref(b))
  // The revision of what is active already does not matter.
  const connectors = [ref(a), ref(b)]
  expect(await answerOf(app, 'activateConnectors', { connectors }, changed)).toEqual({
    __typename: 'ChangedConnectors',
    connectors: [
      { name: 'A', isEnabled: true, revision: 2 },
      { name: 'B', isEnabled: true, revision: active.revision },
    ],
  })
  const off = { connectors: [{ ...ref(a), revision: 2 }, ref(active)] }
  expect(await answerOf(app, 'deactivateConnectors', off, changed)).toMatchObject({
    connectors: [
      { isEnabled: false, revision: 3 },
      { isEnabled: false, revision: 3 },
    ],
  })
  const entries = await app.db.auditEntry.findMany({
    where: { workspaceId: workspace.id.replace('Workspace_', ''), verb: { endsWith: 'Connectors' } },
    orderBy: { id: 'asc' },
  })
  expect(entries.map(({ verb, entityId }) => [verb, `Connector_${entityId}`])).toEqual([
    ['activateConnectors', a.id],
    ...[a.id, b.id].toSorted().map((id) => ['deactivateConnectors', id]),
  ])
})

test('none is switched where one was changed meanwhile or is not there, and every such one is told', async () => {
  const { a, b } = await configured()
  await mutate(app, 'updateConnector', { ...ref(b), name: 'B renamed' })
  const nowhere = 'Connector_019a0000-0000-7000-8000-000000000000'
  const connectors = [ref(b), ref(a), { id: nowhere, revision: 1 }]
  expect(await answerOf(app, 'activateConnectors', { connectors }, problems)).toMatchObject({
    __typename: 'InvalidInput',
    issues: [
      {
        path: ['connectors', '0', 'revision'],
        code: 'revision_conflict',
        message: expect.stringMatching(/"B renamed".* revision 2/),
      },
      { path: ['connectors', '2', 'id'], code: 'unknown_connector' },
    ],
  })
  const { data } = await app.ask('query ($id: ID!) { connector(id: $id) { isEnabled revision } }', a)
  expect(data.connector).toEqual({ isEnabled: false, revision: 1 })
})

test('connectors of others are not there, and those of two workspaces are not changed together', async () => {
  const here = await configured()
  const there = await configured()
  const connectors = [ref(here.a), ref(there.a)]
  expect(await answerOf(app, 'activateConnectors', { connectors })).toMatchObject({
    issues: [{ path: ['connectors'], code: 'several_workspaces' }],
  })
  const token = await app.tokenFor(here.workspace.id.replace('Workspace_', ''))
  expect(await answerOf(app, 'activateConnectors', { connectors }, '', token)).toMatchObject({
    issues: [{ path: ['connectors', '1', 'id'], code: 'unknown_connector' }],
  })
  expect(await answerOf(app, 'activateConnectors', { connectors: [ref(there.a)] }, '', token)).toMatchObject({
    __typename: 'NotFound',
  })
  expect(
    await app.db.connector.count({ where: { id: there.a.id.replace('Connector_', ''), isEnabled: true } }),
  ).toBe(0)
})

test('at the same moment two that overlap are done one after the other, and one of them is told', async () => {
  const { a, b } = await configured()
  const answers = await Promise.all(
    [
      [ref(a), ref(b)],
      [ref(b), ref(a)],
    ].map((connectors) => answerOf(app, 'deleteConnectors', { connectors }, changed)),
  )
  const types = answers.map(({ __typename }) => __typename)
  expect(types.filter((type) => type === 'ChangedConnectors')).toHaveLength(1)
  // How far the first one is when the second one looks decides which it is.
  expect(types.some((type) => type === 'InvalidInput' || type === 'NotFound')).toBe(true)
})

test('a mutation of several with a key is done once', async () => {
  const { a, b } = await configured()
  const input = { connectors: [ref(a), ref(b)] }
  const document = `mutation ($input: DeleteConnectorsInput!) {
    deleteConnectors(input: $input, idempotencyKey: "several") { __typename }
  }`
  const first = await app.ask(document, { input })
  expect(first.data.deleteConnectors).toEqual({ __typename: 'ChangedConnectors' })
  const again = await app.ask(document, { input })
  expect(again.data.deleteConnectors).toEqual({ __typename: 'AlreadyDone' })
})

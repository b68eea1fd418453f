/** Actions are found as people type, filtered and sorted by what they are and did, page by page. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { rowIdOf } from '../harness/list-scene.ts'
import { countDone } from '../harness/metric-buckets.ts'
import { mutate } from '../harness/mutate.ts'
import { externalId, seed } from '../harness/seed.ts'

let app: TestApp
let made: Awaited<ReturnType<typeof configured>>

/** Three of Braze, of which one is off, and one of a webhook; all published. */
async function configured() {
  const base = await seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector({ endpoint: 'http://127.0.0.1:9', apiKey: 'x' }, { name: 'Shop' })
    .action([externalId], { name: 'Alpha' })
    .create()
  const workspaceId = base.workspace.id
  const common = { workspaceId, dataSourceId: base.source.id, segmentId: base.segment.id }
  const add = async (name: string, fields: object) =>
    mutate(app, 'createAction', { ...common, name, mappings: [externalId], ...fields })
  const ofShop = { connectorId: base.connector.id }
  const beta = await mutate(app, 'activateAction', await add('beta 100%', { ...ofShop, type: 'delete-user' }))
  const gamma = await add('Gamma', { ...ofShop, type: 'track-user' })
  const webhook = await answerOf(
    app,
    'createConnector',
    { workspaceId, name: 'Hooks', type: 'webhook', settings: { url: 'http://127.0.0.1:9/hook' } },
    '... on Connector { id revision }',
  )
  await mutate(app, 'activateConnector', { id: webhook.id, revision: webhook.revision })
  const delta = await mutate(
    app,
    'activateAction',
    await add('Delta', {
      connectorId: webhook.id,
      type: 'send-custom-data',
      mappings: [{ parameter: 'body', from: { kind: 'template', template: 'Body' } }],
      templates: [{ name: 'Body', source: '{{id}}', kind: 'BODY' }],
    }),
  )
  await mutate(app, 'publishVersion', { workspaceId, notes: 'x' })
  return { ...base, alpha: base.action, beta, gamma, delta, webhook }
}

beforeAll(async () => {
  app = await createTestApp()
  made = await configured()
})
afterAll(() => app.close())

const page = `totalCount edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage endCursor startCursor }`

async function findIn(workspaceId: string, args: string, fields = page) {
  const { data, errors } = await app.ask(
    `query ($id: ID!) { workspace(id: $id) { findActions${args} { ${fields} } } }`,
    { id: workspaceId },
  )
  expect(errors).toBeUndefined()
  return data.workspace.findActions
}

async function namesOf(args: string): Promise<string[]> {
  const { edges } = await findIn(made.workspace.id, args)
  return edges.map(({ node }: { node: { name: string } }) => node.name)
}

test.each([
  ['everything', '', ['Alpha', 'beta 100%', 'Delta', 'Gamma']],
  ['a part of a name, whatever its case', '(filter: { search: "ALP" })', ['Alpha']],
  ['the name of its connector', '(filter: { search: "hook" })', ['Delta']],
  ['the vendor', '(filter: { search: "braze" })', ['Alpha', 'beta 100%', 'Gamma']],
  ['its operation', '(filter: { search: "delete us" })', ['beta 100%']],
  ['several words in any order', '(filter: { search: " shop  gam" })', ['Gamma']],
  ['words of which one fits nothing', '(filter: { search: "shop delta" })', []],
  ['what the database takes for a wildcard', '(filter: { search: "100%" })', ['beta 100%']],
  ['an underscore, which stands for itself', '(filter: { search: "a_a" })', []],
  ['the type of its connector', '(filter: { connectorTypes: ["webhook"] })', ['Delta']],
  ['its switch', '(filter: { isEnabled: false })', ['Gamma']],
  ['its status', '(filter: { statuses: [ACTIVE] })', ['Alpha', 'beta 100%', 'Delta']],
  ['several statuses', '(filter: { statuses: [INACTIVE, PAUSED] })', ['Gamma']],
  ['no status at all', '(filter: { statuses: [] })', []],
  ['the last first', '(orderBy: { by: NAME, isDescending: true })', ['Gamma', 'Delta', 'beta 100%', 'Alpha']],
  ['when it was created', '(orderBy: { by: CREATED })', ['Alpha', 'beta 100%', 'Gamma', 'Delta']],
])('actions are found by %s', async (_what, args, names) => {
  expect(await namesOf(args)).toEqual(names)
})

test('by connector, data source, segment and label', async () => {
  const { connector, gamma, segment, source, webhook, workspace } = made
  expect(await namesOf(`(filter: { connectorIds: ["${webhook.id}"] })`)).toEqual(['Delta'])
  expect(await namesOf(`(filter: { connectorIds: ["${connector.id}"], search: "a" })`)).toHaveLength(3)
  expect(
    await namesOf(`(filter: { dataSourceIds: ["${source.id}"], segmentIds: ["${segment.id}"] })`),
  ).toHaveLength(4)
  const label = await mutate(app, 'createLabel', {
    workspaceId: workspace.id,
    name: 'gold',
    colour: '#000000',
  })
  const filter = `(filter: { labelIds: ["${label.id}"] })`
  expect(await namesOf(filter)).toEqual([])
  await answerOf(app, 'labelActions', { actionIds: [gamma.id], labelIds: [label.id] })
  expect(await namesOf(filter)).toEqual(['Gamma'])
})

test('by what they did in a range of time', async () => {
  const { alpha, delta, workspace } = made
  const of = { workspaceId: rowIdOf(workspace.id) }
  const ago = (ms: number) => new Date(Date.now() - ms).toISOString()
  await countDone(app.db, [
    { ...of, actionId: rowIdOf(alpha.id), at: ago(60_000), matched: 5n, delivered: 5n },
    { ...of, actionId: rowIdOf(delta.id), at: ago(3 * 86_400_000), matched: 9n, refused: 2n },
  ])
  expect(await namesOf('(orderBy: { by: TOTAL_VOLUME, isDescending: true })')).toEqual([
    'Alpha',
    ...['beta 100%', 'Gamma', 'Delta'].toSorted(byIdDescending),
  ])
  expect(
    (
      await namesOf('(orderBy: { by: TOTAL_VOLUME, isDescending: true }, range: { name: PAST_7_DAYS })')
    ).slice(0, 2),
  ).toEqual(['Delta', 'Alpha'])
  expect(await namesOf('(filter: { hasErrors: true })')).toEqual([])
  const week = 'range: { name: PAST_7_DAYS }'
  expect(await namesOf(`(filter: { hasErrors: true }, ${week})`)).toEqual(['Delta'])
  expect(await namesOf(`(filter: { hasErrors: false }, ${week})`)).toHaveLength(3)
  expect((await namesOf(`(orderBy: { by: ERRORS, isDescending: true }, ${week})`))[0]).toBe('Delta')
})

/** Those that did nothing are in the order of their ids. */
function byIdDescending(left: string, right: string): number {
  const ids: Readonly<Record<string, string>> = {
    'beta 100%': made.beta.id,
    Gamma: made.gamma.id,
    Delta: made.delta.id,
  }
  return (ids[left] ?? '') < (ids[right] ?? '') ? 1 : -1
}

test('page by page, forwards and backwards, with the number of all', async () => {
  const first = await findIn(made.workspace.id, '(first: 3)')
  expect(first).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: true } })
  const rest = await findIn(made.workspace.id, `(first: 3, after: "${first.pageInfo.endCursor}")`)
  expect(rest).toMatchObject({
    totalCount: 4,
    edges: [{ node: { name: 'Gamma' } }],
    pageInfo: { hasNextPage: false },
  })
  const back = await findIn(made.workspace.id, `(last: 2, before: "${rest.pageInfo.startCursor}")`)
  expect(back.edges.map(({ node }: { node: { name: string } }) => node.name)).toEqual(['beta 100%', 'Delta'])
  const { errors } = await app.ask(
    'query ($id: ID!, $after: String) { workspace(id: $id) { findActions(orderBy: { by: CREATED }, after: $after) { totalCount } } }',
    { id: made.workspace.id, after: first.pageInfo.endCursor },
  )
  expect(errors?.[0]?.extensions?.['code']).toBe('invalid_input')
})

test('what is deleted, and what is of another workspace, is not found', async () => {
  const other = await seed(app).workspace().csvSource().segment().connector().action().create()
  expect(await findIn(other.workspace.id, '', 'totalCount')).toEqual({ totalCount: 1 })
  await mutate(app, 'deleteAction', other.action)
  expect(await findIn(other.workspace.id, '', 'totalCount')).toEqual({ totalCount: 0 })
})

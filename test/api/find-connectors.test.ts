/** Connectors found as the overview lists them: searched as somebody types, filtered, sorted by every column, page by page. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRegistry } from '../../server/registry/registry.ts'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { countDone } from '../harness/metric-buckets.ts'
import { mutate } from '../harness/mutate.ts'
import { addMember } from '../harness/people.ts'
import { realPlugins } from '../harness/real-plugins.ts'
import { externalId, type Seeded, seed } from '../harness/seed.ts'

let app: TestApp
let workspace: Seeded
/** By their names. */
const made = new Map<string, Seeded>()

/** An hour ago, so that both ranges have it. */
const recently = new Date(Date.now() - 3_600_000).toISOString()
const daysAgo = new Date(Date.now() - 3 * 86_400_000).toISOString()

const rowId = ({ id }: Seeded) => id.replace(/^\w+_/, '')
const idOf = (name: string) => made.get(name)?.id ?? ''

async function connector(name: string, type = 'braze', isActive = true) {
  const settings =
    type === 'braze' ? { endpoint: 'http://127.0.0.1:9', apiKey: 'key' } : { baseUrl: 'http://127.0.0.1:9' }
  const created = await mutate(app, 'createConnector', { workspaceId: workspace.id, name, type, settings })
  made.set(name, isActive ? await mutate(app, 'activateConnector', created) : created)
}

async function action(
  name: string,
  of: string,
  parts: { readonly source: Seeded; readonly segment: Seeded },
) {
  return mutate(app, 'createAction', {
    ...{ workspaceId: workspace.id, name, connectorId: idOf(of), type: 'track-user', mappings: [externalId] },
    ...{ dataSourceId: parts.source.id, segmentId: parts.segment.id },
  })
}

beforeAll(async () => {
  // A type that should not be used any more, beside the real ones.
  const [braze] = realPlugins.connectors().filter(({ definition }) => definition.id === 'braze')
  if (braze === undefined) throw new Error('Braze is not installed.')
  const old = {
    ...braze,
    definition: {
      ...braze.definition,
      id: 'old-mail',
      name: 'Old Mail',
      vendor: 'Oldies',
      deprecated: 'Use Braze.',
    },
  }
  app = await createTestApp({
    registry: createRegistry({
      connectors: [...realPlugins.connectors(), old as typeof braze],
      sources: realPlugins.sources(),
      unavailable: [],
    }),
  })
  const parts = await seed(app).workspace().csvSource().segment().create()
  workspace = parts.workspace
  await connector('alpha')
  await connector('Beta 100%')
  await connector('gamma', 'braze', false)
  const created = await mutate(app, 'createConnector', {
    ...{ workspaceId: workspace.id, name: 'Delta', type: 'old-mail' },
    settings: { endpoint: 'http://127.0.0.1:9', apiKey: 'key' },
  })
  made.set('Delta', created)
  const one = await action('one', 'alpha', parts)
  const two = await action('two', 'alpha', parts)
  const three = await action('three', 'Beta 100%', parts)
  const of = { workspaceId: rowId(workspace) }
  await countDone(app.db, [
    {
      ...of,
      actionId: rowId(one),
      at: recently,
      matched: 10n,
      delivered: 7n,
      warned: 1n,
      refused: 2n,
      retries: 5n,
    },
    { ...of, actionId: rowId(two), at: daysAgo, matched: 100n, delivered: 100n },
    { ...of, actionId: rowId(three), at: recently, matched: 50n, delivered: 50n, retries: 1n },
    { ...of, actionId: rowId(three), at: daysAgo, matched: 9n, exhausted: 9n },
  ])
})
afterAll(() => app.close())

const document = `query ($id: ID!, $filter: ConnectorFilterInput, $orderBy: ConnectorOrderInput, $range: TimeRangeInput,
  $first: Int, $after: String, $last: Int, $before: String) {
  workspace(id: $id) {
    findConnectors(filter: $filter, orderBy: $orderBy, range: $range,
      first: $first, after: $after, last: $last, before: $before) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node { name } }
    }
  }
}`

async function find(variables: object = {}, token = app.token) {
  const { data, errors } = await app.ask(document, { id: workspace.id, ...variables }, token)
  expect(errors).toBeUndefined()
  const { edges, ...page } = data.workspace.findConnectors
  return { ...page, names: edges.map(({ node }: { node: { name: string } }) => node.name) }
}

const found = async (filter: object, more: object = {}) => (await find({ filter, ...more })).names

describe('search', () => {
  test.each([
    ['al', ['alpha']],
    ['ALPHA', ['alpha']],
    ['braz', ['alpha', 'Beta 100%', 'gamma']],
    ['braze bet', ['Beta 100%']],
    ['bet braze', ['Beta 100%']],
    ['oldies', ['Delta']],
    ['old-mail', ['Delta']],
    ['100%', ['Beta 100%']],
    ['%', ['Beta 100%']],
    ['_', []],
    ['\\', []],
    ['alpha gamma', []],
    ['   ', ['alpha', 'Beta 100%', 'Delta', 'gamma']],
  ])('%j finds %j', async (search, names) => {
    expect(await found({ search })).toEqual(names)
  })
})

describe('filters', () => {
  test('by status, whatever the type is', async () => {
    expect(await found({ statuses: ['ACTIVE'] })).toEqual(['alpha', 'Beta 100%'])
    expect(await found({ statuses: ['INACTIVE'] })).toEqual(['gamma'])
    expect(await found({ statuses: ['DEPRECATED', 'INACTIVE'] })).toEqual(['Delta', 'gamma'])
  })
  test('by type and category', async () => {
    expect(await found({ types: ['old-mail'] })).toEqual(['Delta'])
    const [category] = realPlugins.connector('braze')?.definition.categories ?? []
    expect(await found({ categories: [category] })).toEqual(['alpha', 'Beta 100%', 'Delta', 'gamma'])
    expect(await found({ categories: ['nothing of the kind'] })).toEqual([])
  })
  test('by label, and by whose favourite it is', async () => {
    const label = await mutate(app, 'createLabel', {
      workspaceId: workspace.id,
      name: 'mail',
      colour: '#000000',
    })
    await answerOf(app, 'labelConnectors', { connectorIds: [idOf('gamma')], labelIds: [label.id] })
    expect(await found({ labelIds: [label.id] })).toEqual(['gamma'])
    const viewer = await addMember(app, workspace, 'VIEWER')
    await answerOf(app, 'favouriteConnector', { id: idOf('alpha') }, '', viewer.token)
    const favourites = async (isFavourite: boolean, token: string) =>
      (await find({ filter: { isFavourite } }, token)).names
    expect(await favourites(true, viewer.token)).toEqual(['alpha'])
    expect(await favourites(true, app.token)).toEqual([])
    expect(await favourites(false, viewer.token)).toEqual(['Beta 100%', 'Delta', 'gamma'])
  })
  test('by errors in the range', async () => {
    expect(await found({ hasErrors: true })).toEqual(['alpha'])
    const range = { name: 'PAST_7_DAYS' }
    expect(await found({ hasErrors: true }, { range })).toEqual(['alpha', 'Beta 100%'])
    expect(await found({ hasErrors: false }, { range })).toEqual(['Delta', 'gamma'])
  })
  test('all of them together', async () => {
    expect(await found({ hasErrors: true, search: 'a', statuses: ['ACTIVE'], types: ['braze'] })).toEqual([
      'alpha',
    ])
  })
})

describe('sorted', () => {
  test.each([
    ['NAME', ['alpha', 'Beta 100%', 'Delta', 'gamma']],
    ['VENDOR', ['Delta']],
    ['TYPE', ['Delta']],
    ['STATUS', ['Delta', 'gamma']],
    ['ACTIONS', ['Beta 100%', 'alpha']],
    ['TOTAL_VOLUME', ['alpha', 'Beta 100%']],
    ['SUCCESS', ['alpha', 'Beta 100%']],
    ['ERRORS', ['alpha']],
    ['RETRIES', ['Beta 100%', 'alpha']],
    ['CHANGED', ['gamma', 'Delta', 'alpha', 'Beta 100%']],
    ['CREATED', ['alpha', 'Beta 100%', 'gamma', 'Delta']],
  ])('by %s the last ones are %j', async (by, lastOnes) => {
    const { names } = await find({ orderBy: { by } })
    if (by === 'VENDOR' || by === 'TYPE') expect(names).toHaveLength(4)
    else if (by === 'STATUS') expect(names.slice(-2).toSorted()).toEqual(lastOnes)
    else expect(names.slice(-lastOnes.length)).toEqual(lastOnes)
    const descending = await find({ orderBy: { by, isDescending: true } })
    expect(descending.names).toEqual(names.toReversed())
  })
  test('by counts of another range', async () => {
    const { names } = await find({
      orderBy: { by: 'TOTAL_VOLUME', isDescending: true },
      range: { name: 'PAST_7_DAYS' },
    })
    expect(names.slice(0, 2)).toEqual(['alpha', 'Beta 100%'])
  })
})

describe('page by page', () => {
  test.each(['NAME', 'TOTAL_VOLUME', 'CHANGED', 'STATUS'])('by %s, forwards and backwards', async (by) => {
    for (const isDescending of [false, true]) {
      const orderBy = { by, isDescending }
      const all = await find({ orderBy })
      const first = await find({ orderBy, first: 3 })
      expect(first).toMatchObject({
        totalCount: 4,
        names: all.names.slice(0, 3),
        pageInfo: { hasNextPage: true, hasPreviousPage: false },
      })
      const second = await find({ orderBy, first: 3, after: first.pageInfo.endCursor })
      expect(second).toMatchObject({
        totalCount: 4,
        names: all.names.slice(3),
        pageInfo: { hasNextPage: false, hasPreviousPage: true },
      })
      const back = await find({ orderBy, last: 2, before: second.pageInfo.startCursor })
      expect(back).toMatchObject({ names: all.names.slice(1, 3), pageInfo: { hasPreviousPage: true } })
      expect((await find({ orderBy, last: 1 })).names).toEqual(all.names.slice(-1))
    }
  })
  test('a connector that comes in between does not move the others', async () => {
    const first = await find({ first: 1 })
    await connector('aaa')
    const second = await find({ first: 1, after: first.pageInfo.endCursor })
    expect(second.names).toEqual(['Beta 100%'])
    const { revision, id } = made.get('aaa') ?? { id: '', revision: 0 }
    await mutate(app, 'deleteConnector', { id, revision })
    expect((await find()).totalCount).toBe(4)
  })
  test('an empty list is one page', async () => {
    expect(await find({ filter: { search: 'nowhere' } })).toMatchObject({
      totalCount: 0,
      names: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false },
    })
  })
})

describe('refused', () => {
  const byName = Buffer.from(JSON.stringify(['NAME', 'x', '019a0000-0000-7000-8000-000000000000']))
  test.each([
    [{ after: 'nothing' }, 'after', 'bad_cursor'],
    [{ orderBy: { by: 'CREATED' }, before: byName.toString('base64url') }, 'before', 'bad_cursor'],
    [{ filter: { search: 'x'.repeat(201) } }, 'search', 'too_big'],
    [{ filter: { labelIds: [`Connector_019a0000-0000-7000-8000-000000000000`] } }, 'labelIds', 'bad_id'],
    [{ range: { name: 'CUSTOM' } }, 'from', 'range_unclear'],
    [{ range: { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' } }, 'from', 'period_empty'],
  ])('%j', async (variables, path, code) => {
    const { errors } = await app.ask(document, { id: workspace.id, ...variables })
    expect(JSON.stringify(errors)).toContain(code)
    expect(JSON.stringify(errors)).toContain(path)
  })
})

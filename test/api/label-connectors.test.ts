/** Labels on connectors: put on several and taken off again, read from both sides, carried along by a merge. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { mutate } from '../harness/mutate.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const changed = '... on ChangedConnectors { connectors { name revision labels { name colour } } }'

async function configured() {
  const first = await seed(app).workspace().connector(undefined, { name: 'One' }).create()
  const second = await mutate(app, 'createConnector', {
    workspaceId: first.workspace.id,
    name: 'Two',
    type: 'braze',
    settings: { endpoint: 'http://127.0.0.1:9', apiKey: 'key' },
  })
  const label = async (name: string, colour = '#000000') =>
    (await mutate(app, 'createLabel', { workspaceId: first.workspace.id, name, colour })).id as string
  return { workspace: first.workspace, one: first.connector, two: second, label }
}

test('labels go on several connectors at once and off again, without an edit of the connectors', async () => {
  const { one, two, label } = await configured()
  const [a, b] = [await label('a', '#112233'), await label('b')]
  const connectorIds = [one.id, two.id, one.id]
  expect(await answerOf(app, 'labelConnectors', { connectorIds, labelIds: [b, a] }, changed)).toEqual({
    __typename: 'ChangedConnectors',
    connectors: [
      {
        name: 'One',
        revision: one.revision,
        labels: [
          { name: 'a', colour: '#112233' },
          { name: 'b', colour: '#000000' },
        ],
      },
      {
        name: 'Two',
        revision: two.revision,
        labels: [{ name: 'a' }, { name: 'b' }].map((each) => expect.objectContaining(each)),
      },
    ],
  })
  // What has one keeps it.
  await answerOf(app, 'labelConnectors', { connectorIds, labelIds: [a] }, changed)
  await answerOf(app, 'unlabelConnectors', { connectorIds: [two.id], labelIds: [a, b] }, changed)
  const { data } = await app.ask(
    'query ($a: ID!, $b: ID!) { a: label(id: $a) { connectors { name } } b: label(id: $b) { connectors { name } } }',
    { a, b },
  )
  expect(data).toEqual({ a: { connectors: [{ name: 'One' }] }, b: { connectors: [{ name: 'One' }] } })
})

test('merged labels are one on connectors too, and a deleted label is off them', async () => {
  const { one, two, label } = await configured()
  const [kept, gone, both] = [await label('kept'), await label('gone'), await label('both')]
  await answerOf(app, 'labelConnectors', { connectorIds: [one.id], labelIds: [gone, both] })
  await answerOf(app, 'labelConnectors', { connectorIds: [two.id], labelIds: [kept, both] })
  const merged = await answerOf(
    app,
    'mergeLabels',
    { id: kept, revision: 1, otherIds: [gone, both] },
    '... on Label { revision connectors { name labels { name } } }',
  )
  expect(merged).toEqual({
    __typename: 'Label',
    revision: 2,
    connectors: [
      { name: 'One', labels: [{ name: 'kept' }] },
      { name: 'Two', labels: [{ name: 'kept' }] },
    ],
  })
  await answerOf(app, 'deleteLabel', { id: kept, revision: 2 })
  const { data } = await app.ask('query ($id: ID!) { connector(id: $id) { labels { name } } }', one)
  expect(data.connector.labels).toEqual([])
})

test('labels and connectors of different workspaces never meet', async () => {
  const here = await configured()
  const there = await configured()
  const theirs = await there.label('theirs')
  const ours = await here.label('ours')
  expect(
    await answerOf(app, 'labelConnectors', { connectorIds: [here.one.id], labelIds: [theirs] }),
  ).toMatchObject({ __typename: 'NotFound' })
  expect(
    await answerOf(app, 'labelConnectors', { connectorIds: [here.one.id, there.one.id], labelIds: [ours] }),
  ).toMatchObject({ issues: [{ path: ['connectorIds'], code: 'several_workspaces' }] })
  const token = await app.tokenFor(here.workspace.id.replace('Workspace_', ''))
  expect(
    await answerOf(app, 'labelConnectors', { connectorIds: [there.one.id], labelIds: [ours] }, '', token),
  ).toMatchObject({ __typename: 'NotFound' })
  expect(
    await answerOf(
      app,
      'labelConnectors',
      { connectorIds: [here.one.id, there.one.id], labelIds: [ours] },
      '',
      token,
    ),
  ).toMatchObject({ __typename: 'NotFound' })
  const { data } = await app.ask('query ($id: ID!) { label(id: $id) { connectors { name } } }', { id: ours })
  expect(data.label.connectors).toEqual([])
})

test('so many labels and connectors are named at most', async () => {
  const { one, label } = await configured()
  const id = await label('a')
  expect(
    await answerOf(app, 'labelConnectors', {
      connectorIds: [],
      labelIds: Array.from({ length: 21 }, () => id),
    }),
  ).toMatchObject({ issues: [{ path: ['connectorIds'] }, { path: ['labelIds'] }] })
  expect(
    await answerOf(app, 'labelConnectors', {
      connectorIds: Array.from({ length: 101 }, () => one.id),
      labelIds: [id],
    }),
  ).toMatchObject({ issues: [{ path: ['connectorIds'] }] })
})

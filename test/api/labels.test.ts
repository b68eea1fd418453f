/** Labels: created, renamed, recoloured, merged, deleted, put on segments and taken off. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const problems = `... on Problem { code } ... on InvalidInput { issues { path code } }`
const conflict = '__typename ... on RevisionConflict { currentRevision }'
const label = `__typename ... on Label { id name colour revision segments { name } } ${problems}`

async function change(verb: string, input: object, fields = label, token = app.token) {
  const type = `${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}Input`
  const { data, errors } = await app.ask(
    `mutation ($input: ${type}!) { ${verb}(input: $input) { ${fields} } }`,
    { input },
    token,
  )
  expect(errors).toBeUndefined()
  return data[verb]
}

async function labelled(id: string) {
  const { data } = await app.ask(
    `query ($id: ID!) { segment(id: $id) { revision labels { name colour } } }`,
    { id },
  )
  return data.segment
}

const segments = `__typename ... on LabelledSegments { segments { name labels { name } } } ${problems}`

test('a label is created, renamed, recoloured, and listed by name', async () => {
  const { workspace } = await seed(app).workspace().create()
  const created = await change('createLabel', {
    workspaceId: workspace.id,
    name: ' B2B_2026 ',
    colour: '#1A7F37',
  })
  expect(created).toMatchObject({ name: 'B2B_2026', colour: '#1a7f37', revision: 1 })
  await change('createLabel', { workspaceId: workspace.id, name: 'A', colour: '#000000' })
  const { id } = created
  expect(await change('renameLabel', { id, revision: 1, name: 'B2B' })).toMatchObject({
    name: 'B2B',
    revision: 2,
  })
  expect(await change('recolourLabel', { id, revision: 1, colour: '#ffffff' }, conflict)).toMatchObject({
    __typename: 'RevisionConflict',
    currentRevision: 2,
  })
  expect(await change('recolourLabel', { id, revision: 2, colour: '#ffffff' })).toMatchObject({
    colour: '#ffffff',
  })
  const { data } = await app.ask(`query ($id: ID!) { workspace(id: $id) { labels { name } } }`, {
    id: workspace.id,
  })
  expect(data.workspace.labels).toEqual([{ name: 'A' }, { name: 'B2B' }])
})

test.each([
  ['Käse', '#000000', 'name'],
  ['two words', '#000000', 'name'],
  ['', '#000000', 'name'],
  ['x'.repeat(51), '#000000', 'name'],
  ['ok', 'red', 'colour'],
  ['ok', '#0000000', 'colour'],
])('a label %j in %j is refused for its %s', async (name, colour, path) => {
  const { workspace } = await seed(app).workspace().create()
  const refused = await change('createLabel', { workspaceId: workspace.id, name, colour })
  expect(refused).toMatchObject({ __typename: 'InvalidInput', issues: [{ path: [path] }] })
})

test('a name is taken once in a workspace', async () => {
  const { workspace } = await seed(app).workspace().create()
  const input = { workspaceId: workspace.id, name: 'Twice', colour: '#000000' }
  await change('createLabel', input)
  expect(await change('createLabel', input)).toMatchObject({ __typename: 'NameTaken' })
})

test('labels go on several segments at once and off again, without an edit of the segments', async () => {
  const first = await seed(app).workspace().csvSource().segment({ any: [] }, { name: 'One' }).create()
  const workspaceId = first.workspace.id
  const second = await change(
    'duplicateSegment',
    { id: first.segment.id, name: 'Two' },
    '... on Segment { id revision }',
  )
  const a = await change('createLabel', { workspaceId, name: 'a', colour: '#000000' })
  const b = await change('createLabel', { workspaceId, name: 'b', colour: '#00ff00' })
  const segmentIds = [first.segment.id, second.id]
  expect(await change('labelSegments', { segmentIds, labelIds: [b.id, a.id] }, segments)).toMatchObject({
    segments: [
      { name: 'One', labels: [{ name: 'a' }, { name: 'b' }] },
      { name: 'Two', labels: [{ name: 'a' }, { name: 'b' }] },
    ],
  })
  await change('labelSegments', { segmentIds, labelIds: [a.id] }, segments)
  await change('unlabelSegments', { segmentIds: [second.id], labelIds: [a.id, b.id] }, segments)
  expect(await labelled(first.segment.id)).toEqual({
    revision: first.segment.revision,
    labels: [
      { name: 'a', colour: '#000000' },
      { name: 'b', colour: '#00ff00' },
    ],
  })
  expect(await labelled(second.id)).toMatchObject({ labels: [] })

  const copy = await change(
    'duplicateSegment',
    { id: first.segment.id },
    '... on Segment { labels { name } }',
  )
  expect(copy).toEqual({ labels: [{ name: 'a' }, { name: 'b' }] })
})

test('merged labels are one, on everything that had any of them', async () => {
  const { segment, workspace } = await seed(app).workspace().csvSource().segment().create()
  const workspaceId = workspace.id
  const other = await change('duplicateSegment', { id: segment.id }, '... on Segment { id }')
  const [kept, gone, both] = await Promise.all(
    ['kept', 'gone', 'both'].map((name) => change('createLabel', { workspaceId, name, colour: '#000000' })),
  )
  await change('labelSegments', { segmentIds: [segment.id], labelIds: [gone.id, both.id] }, segments)
  await change('labelSegments', { segmentIds: [other.id], labelIds: [kept.id, both.id] }, segments)
  const merged = await change('mergeLabels', {
    id: kept.id,
    revision: 1,
    otherIds: [gone.id, both.id, kept.id],
  })
  expect(merged).toMatchObject({ name: 'kept', revision: 2, segments: [{}, {}] })
  expect(await labelled(segment.id)).toMatchObject({ labels: [{ name: 'kept' }] })
  expect(await labelled(other.id)).toMatchObject({ labels: [{ name: 'kept' }] })
  const { data } = await app.ask(`query ($id: ID!) { label(id: $id) { name } }`, { id: gone.id })
  expect(data.label).toBeNull()
})

test('a deleted label is off everything', async () => {
  const { segment, workspace } = await seed(app).workspace().csvSource().segment().create()
  const { id } = await change('createLabel', { workspaceId: workspace.id, name: 'x', colour: '#000000' })
  await change('labelSegments', { segmentIds: [segment.id], labelIds: [id] }, segments)
  expect(await change('deleteLabel', { id, revision: 7 }, conflict)).toMatchObject({ currentRevision: 1 })
  const deleted = await change(
    'deleteLabel',
    { id, revision: 1 },
    `... on Workspace { labels { name } } ${problems}`,
  )
  expect(deleted).toEqual({ labels: [] })
  expect(await labelled(segment.id)).toMatchObject({ labels: [] })
  expect(await change('deleteLabel', { id, revision: 1 }, `__typename`)).toEqual({ __typename: 'NotFound' })
})

test('labels and segments of different workspaces never meet', async () => {
  const here = await seed(app).workspace().csvSource().segment().create()
  const there = await seed(app).workspace().csvSource().segment().create()
  const { id } = await change('createLabel', {
    workspaceId: there.workspace.id,
    name: 'x',
    colour: '#000000',
  })
  const labelIds = [id]
  expect(await change('labelSegments', { segmentIds: [here.segment.id], labelIds }, segments)).toMatchObject({
    __typename: 'NotFound',
  })
  const segmentIds = [here.segment.id, there.segment.id]
  expect(await change('labelSegments', { segmentIds, labelIds }, segments)).toMatchObject({
    issues: [{ path: ['segmentIds'], code: 'several_workspaces' }],
  })
  const token = await app.tokenFor(here.workspace.id.replace('Workspace_', ''))
  const asHere = (verb: string, input: object, fields: string) => change(verb, input, fields, token)
  expect(await asHere('labelSegments', { segmentIds: [there.segment.id], labelIds }, segments)).toMatchObject(
    {
      __typename: 'NotFound',
    },
  )
  expect(await asHere('renameLabel', { id, revision: 1, name: 'mine' }, label)).toMatchObject({
    __typename: 'NotFound',
  })
  const own = await change('createLabel', { workspaceId: here.workspace.id, name: 'y', colour: '#000000' })
  expect(await asHere('mergeLabels', { id: own.id, revision: 1, otherIds: [id] }, label)).toMatchObject({
    __typename: 'NotFound',
  })
})

/** What the next publish would change, and what differs between any two: versions, drafts, the working copy. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { asWrittenBefore } from '../harness/as-written-before.ts'
import { mutate } from '../harness/mutate.ts'
import { externalId, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const email = { parameter: 'email', from: { kind: 'attribute', attribute: 'email' } }
const differences = 'kind entityId name change fields { path change before after }'

async function changes(id: string) {
  const { data, errors } = await app.ask(
    `query ($id: ID!) { workspace(id: $id) { changes { ${differences} changedAt changedBy } } }`,
    { id },
  )
  expect(errors).toBeUndefined()
  return data.workspace.changes
}

async function comparison(id: string, before: string, after?: string) {
  const { data, errors } = await app.ask(
    `query ($id: ID!, $before: ID!, $after: ID) {
      workspace(id: $id) {
        comparison(before: $before, after: $after) {
          __typename
          ... on Comparison { changes { ${differences} } }
          ... on Problem { code }
        }
      }
    }`,
    { id, before, after },
  )
  expect(errors).toBeUndefined()
  return data.workspace.comparison
}

function configured() {
  const templates = [{ name: 'Mail', source: '{{email}}' }]
  return seed(app).workspace().csvSource().segment().connector().action([externalId, email], { templates })
}

test('before the first publish all is new, with who made it; after it nothing is left', async () => {
  const made = await configured().create()
  const all = await changes(made.workspace.id)
  expect(all).toMatchObject([
    { kind: 'CONNECTION', entityId: made.source.connectionId, change: 'CREATED', changedBy: 'owner' },
    { kind: 'SOURCE', entityId: made.source.id, change: 'CREATED', changedBy: 'owner' },
    { kind: 'SEGMENT', entityId: made.segment.id, change: 'CREATED', changedBy: 'owner' },
    { kind: 'CONNECTOR', entityId: made.connector.id, change: 'CREATED', changedBy: 'owner' },
    { kind: 'ACTION', entityId: made.action.id, change: 'CREATED', changedBy: 'owner' },
  ])
  expect(all[3].fields).toContainEqual({
    path: ['settings'],
    change: 'ADDED',
    before: null,
    after: { endpoint: 'http://127.0.0.1:9' },
  })
  expect(JSON.stringify(all)).not.toContain('seed-key')
  await mutate(app, 'publishVersion', { workspaceId: made.workspace.id, notes: 'test' })
  expect(await changes(made.workspace.id)).toEqual([])
})

test('each field that differs is told with both values; elements of lists by their names', async () => {
  const made = await configured().publish()
  const { data } = await app.ask('query ($id: ID!) { action(id: $id) { templates { id } } }', made.action)
  await mutate(app, 'updateTemplate', {
    id: data.action.templates[0].id,
    revision: 1,
    source: 'Dear {{email}}',
  })
  await mutate(app, 'updateAction', {
    id: made.action.id,
    revision: 2,
    retryDelaysMs: [5],
    mappings: [{ parameter: 'externalId', from: { kind: 'attribute', attribute: 'email' } }],
  })
  await mutate(app, 'updateConnector', {
    id: made.connector.id,
    revision: 2,
    settings: { endpoint: 'http://127.0.0.1:9' },
  })
  await mutate(app, 'updateSegment', {
    id: made.segment.id,
    revision: 1,
    conditions: { any: [{ all: [{ attribute: 'age', operator: 'greaterThan', value: 18 }] }] },
  })
  const told = await changes(made.workspace.id)
  expect(told).toMatchObject([
    {
      kind: 'SEGMENT',
      change: 'UPDATED',
      changedBy: 'owner',
      changedAt: expect.any(String),
      fields: [
        {
          path: ['conditions', 'any', '0'],
          change: 'ADDED',
          before: null,
          after: { all: [{ attribute: 'age', operator: 'greaterThan', value: 18 }] },
        },
      ],
    },
    {
      kind: 'ACTION',
      entityId: made.action.id,
      change: 'UPDATED',
      fields: expect.arrayContaining([
        {
          path: ['mappings', 'externalId', 'from', 'attribute'],
          change: 'UPDATED',
          before: 'id',
          after: 'email',
        },
        { path: ['mappings', 'email'], change: 'REMOVED', before: email, after: null },
        {
          path: ['templates', 'Mail', 'source'],
          change: 'UPDATED',
          before: '{{email}}',
          after: 'Dear {{email}}',
        },
        { path: ['retryDelaysMs'], change: 'UPDATED', before: [60_000, 300_000, 1_800_000], after: [5] },
      ]),
    },
  ])
  expect(told).toHaveLength(2)
  expect(told[1].fields).toHaveLength(4)
})

test('any two can be compared, in both directions, and the working copy with each', async () => {
  const made = await configured().publish()
  const { id } = made.workspace
  await mutate(app, 'deleteAction', { id: made.action.id, revision: 2 })
  const second = await mutate(app, 'publishVersion', { workspaceId: id, notes: 'without' })
  const draft = await answerOf(app, 'saveDraft', { workspaceId: id }, '... on Draft { id }')
  await mutate(app, 'updateSegment', { id: made.segment.id, revision: 1, name: 'Renamed' })
  const gone = [{ kind: 'ACTION', entityId: made.action.id, change: 'DELETED' }]
  expect(await comparison(id, made.version.id, second.id)).toMatchObject({ changes: gone })
  expect(await comparison(id, made.version.id, draft.id)).toMatchObject({ changes: gone })
  expect(await comparison(id, second.id, made.version.id)).toMatchObject({
    changes: [{ kind: 'ACTION', entityId: made.action.id, change: 'CREATED' }],
  })
  expect(await comparison(id, draft.id, second.id)).toEqual({ __typename: 'Comparison', changes: [] })
  expect(await comparison(id, made.version.id)).toMatchObject({
    changes: [
      { kind: 'SEGMENT', change: 'UPDATED', fields: [{ path: ['name'], after: 'Renamed' }] },
      ...gone,
    ],
  })
  expect(await changes(id)).toMatchObject([{ kind: 'SEGMENT', name: 'Renamed', change: 'UPDATED' }])
})

test('ids of other entities are shown as this API has them', async () => {
  const made = await configured().publish()
  const other = await mutate(app, 'createSegment', {
    workspaceId: made.workspace.id,
    name: 'Other',
    dataSourceIds: [made.source.id],
    conditions: { any: [] },
  })
  await mutate(app, 'updateAction', { id: made.action.id, revision: 2, segmentId: other.id })
  const [created, updated] = await changes(made.workspace.id)
  expect(created.fields).toContainEqual({
    path: ['dataSourceIds'],
    change: 'ADDED',
    before: null,
    after: [made.source.id],
  })
  expect(updated.fields).toEqual([
    { path: ['segmentId'], change: 'UPDATED', before: made.segment.id, after: other.id },
  ])
})

test('what is not of the workspace cannot be compared; what is no version or draft neither', async () => {
  const [made, other] = [await configured().publish(), await configured().publish()]
  expect(await comparison(made.workspace.id, other.version.id)).toMatchObject({ code: 'not_found' })
  expect(await comparison(made.workspace.id, made.action.id)).toMatchObject({ code: 'invalid_input' })
})

test('a version of before segments told their sources is compared as far as it tells', async () => {
  const made = await configured().publish()
  await asWrittenBefore(app, made.version.id)
  expect(await changes(made.workspace.id)).toEqual([])
  await mutate(app, 'updateSegment', { id: made.segment.id, revision: 1, name: 'Renamed' })
  expect(await changes(made.workspace.id)).toMatchObject([{ fields: [{ path: ['name'] }] }])
})

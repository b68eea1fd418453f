/** A stale edit changes nothing and shows both sides, field by field, for every noun; secrets never come out. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { mutate } from '../harness/mutate.ts'
import { externalId, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const conflict = '... on RevisionConflict { currentRevision current { id } fields { name yours theirs } }'

function configured() {
  const templates = [{ name: 'Mail', source: '{{email}}' }]
  return seed(app).workspace().csvSource().segment().connector().action([externalId], { templates }).create()
}

interface Edit {
  readonly id: string
  readonly revision: number
  readonly [field: string]: unknown
}

/** The second edit was made on what was there before the first one. */
async function conflictOf(verb: string, first: Edit, stale: object) {
  await mutate(app, verb, first)
  return answerOf(app, verb, { id: first.id, revision: first.revision, ...stale }, conflict)
}

test('fields that both have changed are shown with both values; those that are alike are not', async () => {
  const made = await configured()
  const { data } = await app.ask(
    'query ($id: ID!) { action(id: $id) { name templates { id } } }',
    made.action,
  )
  const mine = [{ parameter: 'externalId', from: { kind: 'attribute', attribute: 'email' } }]
  expect(
    await conflictOf(
      'updateAction',
      { ...made.action, retryDelaysMs: [1], retryForMs: 5000 },
      {
        name: data.action.name,
        retryDelaysMs: [2],
        retryForMs: 5000,
        mappings: mine,
        segmentId: made.segment.id,
      },
    ),
  ).toEqual({
    __typename: 'RevisionConflict',
    code: 'revision_conflict',
    message: expect.any(String),
    currentRevision: 3,
    current: { id: made.action.id },
    fields: [
      { name: 'mappings', yours: mine, theirs: [externalId] },
      { name: 'retryDelaysMs', yours: [2], theirs: [1] },
    ],
  })

  const adults = { any: [{ all: [{ attribute: 'age', operator: 'greaterThan', value: 18 }] }] }
  expect(
    await conflictOf(
      'updateSegment',
      { ...made.segment, name: 'Theirs' },
      { conditions: adults, dataSourceIds: [made.source.id] },
    ),
  ).toMatchObject({ fields: [{ name: 'conditions', yours: adults, theirs: { any: [] } }] })

  const template = { id: data.action.templates[0].id as string, revision: 1 }
  expect(
    await conflictOf('updateTemplate', { ...template, source: 'A' }, { source: 'B', kind: 'BODY' }),
  ).toMatchObject({
    fields: [
      { name: 'kind', yours: 'BODY', theirs: 'CUSTOM' },
      { name: 'source', yours: 'B', theirs: 'A' },
    ],
  })

  const source = { id: made.source.id, revision: made.source.revision }
  expect(
    await conflictOf(
      'updateDataSource',
      { ...source, settleMs: 5 },
      { settleMs: 6, timeZone: 'UTC', connectionId: made.source.connectionId },
    ),
  ).toMatchObject({
    fields: [{ name: 'settleMs', yours: 6, theirs: 5 }],
  })
  expect(
    await conflictOf(
      'updateDataSourceConnection',
      { id: made.source.connectionId, revision: 1, name: 'Theirs' },
      { settings: { path: '/elsewhere.csv' } },
    ),
  ).toMatchObject({
    fields: [{ name: 'settings', yours: { path: '/elsewhere.csv' }, theirs: { path: made.source.path } }],
  })
  expect(await conflictOf('renameWorkspace', { ...made.workspace, name: 'A' }, { name: 'B' })).toMatchObject({
    fields: [{ name: 'name', yours: 'B', theirs: 'A' }],
  })
})

test('the secrets of neither side are shown', async () => {
  const made = await configured()
  const stale = { settings: { endpoint: 'http://127.0.0.1:8', apiKey: 'my-secret' } }
  const answer = await conflictOf('updateConnector', { ...made.connector, name: 'Theirs' }, stale)
  expect(answer.fields).toEqual([
    {
      name: 'settings',
      yours: { endpoint: 'http://127.0.0.1:8' },
      theirs: { endpoint: 'http://127.0.0.1:9' },
    },
  ])
  expect(JSON.stringify(answer)).not.toMatch(/my-secret|seed-key/)
})

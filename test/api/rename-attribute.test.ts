/** Renaming an attribute: one change of the whole working copy, after which everything means what it meant before. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import { readWorkingCopy } from '../../server/versions/working-copy.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { mutate } from '../harness/mutate.ts'
import { externalId, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const row = (globalId: string) => decodeGlobalId(globalId).id

async function ask(document: string, variables: object) {
  const { data, errors } = await app.ask(document, variables)
  expect(errors).toBeUndefined()
  return data
}

/** A published action that reads `id` as its key and sends it, with a segment by `age` and a template with `email`. */
async function running() {
  const isAdult = { attribute: 'age', operator: 'greaterThan', value: 18 }
  const made = await seed(app)
    .workspace()
    .csvSource()
    .segment({ any: [{ all: [isAdult] }] })
    .connector()
    .action(
      [
        externalId,
        { parameter: 'email', from: { kind: 'attribute', attribute: 'email' } },
        { parameter: 'attributes', key: 'text', from: { kind: 'template', template: 'Text' } },
      ],
      {
        templates: [{ name: 'Text', source: '{{email}} {{where}}' }],
        templateVariables: [{ name: 'where', attribute: 'country' }],
      },
    )
    .publish()
  const workspaceId = row(made.workspace.id)
  return {
    ...made,
    workspaceId,
    rename: async (name: string, to: string, revision?: number) => {
      const found = await app.db.attribute.findUniqueOrThrow({
        where: { workspaceId_name: { workspaceId, name } },
      })
      const { renameAttribute } = await ask(
        `mutation ($input: RenameAttributeInput!) {
          renameAttribute(input: $input) {
            __typename
            ... on Attribute { name revision }
            ... on Problem { code }
            ... on InvalidInput { issues { path code } }
            ... on RevisionConflict { currentRevision current { ... on Attribute { name } } }
          }
        }`,
        { input: { id: `Attribute_${found.id}`, revision: revision ?? found.revision, name: to } },
      )
      return renameAttribute
    },
    documents: async () => (await readWorkingCopy(app.db, workspaceId)).documents,
    /** What its action would send. */
    sent: async () => {
      const { action } = await ask(
        'query ($id: ID!) { action(id: $id) { dryRun(limit: 10) { ... on ActionDryRun { requests { body } } } } }',
        made.action,
      )
      return action.dryRun.requests
    },
  }
}

test('conditions, mappings, key, cursor and templates mean the same under the new name', async () => {
  const { rename, documents, sent, workspace, source, workspaceId } = await running()
  const before = await sent()
  expect(JSON.stringify(before)).toContain('ann@example.com NL')
  for (const name of ['id', 'email', 'age', 'country']) {
    expect(await rename(name, `my ${name}`)).toEqual({
      __typename: 'Attribute',
      name: `my ${name}`,
      revision: 2,
    })
  }
  const { sources, segments, actions } = await documents()
  expect(sources[0]?.keyColumns).toEqual(['my id'])
  expect(segments[0]?.conditions.any[0]?.all[0]?.attribute).toBe('my age')
  expect(actions[0]).toMatchObject({
    mappings: [{ from: { attribute: 'my id' } }, { from: { attribute: 'my email' } }, {}],
    templates: [{ source: '{{email}} {{where}}' }],
    templateVariables: [
      { name: 'where', attribute: 'my country' },
      { name: 'email', attribute: 'my email' },
    ],
  })
  expect(await sent()).toEqual(before)
  const { dataSource } = await ask(
    'query ($id: ID!) { dataSource(id: $id) { keyColumns incrementColumn columns { name attribute } } }',
    source,
  )
  expect(dataSource).toMatchObject({
    ...{ keyColumns: ['id'], incrementColumn: 'id' },
    columns: expect.arrayContaining([{ name: 'email', attribute: 'my email' }]),
  })
  // The published version is as it was; what it has read keeps its place under the next one.
  const lanes = await app.db.lane.count({ where: { workspaceId } })
  const published = await mutate(app, 'publishVersion', { workspaceId: workspace.id, notes: 'new names' })
  expect([published.number, lanes]).toEqual([2, 1])
  expect(await sent()).toEqual(before)
  expect(await mutate(app, 'checkDataSource', { id: source.id })).toMatchObject({ revision: 5 })
})

test('a version of before brings the old names back, with attributes of these names', async () => {
  const { rename, documents, version, workspaceId } = await running()
  const before = await documents()
  await rename('age', 'years')
  const { loadWorkingCopy } = await ask(
    'mutation ($input: LoadWorkingCopyInput!) { loadWorkingCopy(input: $input) { __typename } }',
    { input: { from: version.id } },
  )
  expect(loadWorkingCopy.__typename).not.toMatch(/Conflict|Invalid|NotFound/)
  expect(await documents()).toEqual(before)
  const attributes = await app.db.attribute.findMany({ where: { workspaceId }, orderBy: { name: 'asc' } })
  expect(attributes.map(({ name, type }) => [name, type])).toEqual([
    ['age', 'number'],
    ['country', 'string'],
    ['email', 'string'],
    ['id', 'number'],
    ['is_active', 'boolean'],
    ['years', 'number'],
  ])
})

test('there and back is the same working copy, with every revision grown', async () => {
  const { rename, documents, workspaceId } = await running()
  const before = await documents()
  const revision = async () => (await app.db.action.findFirstOrThrow({ where: { workspaceId } })).revision
  const grown = await revision()
  for (const name of ['email', 'age', 'id', 'country', 'is_active']) {
    await rename(name, `${name} 2`)
    expect(await documents()).not.toEqual(before)
    await rename(`${name} 2`, name)
    expect(await documents()).toEqual(before)
  }
  // By email, id and country; nothing of the action names the others.
  expect(await revision()).toBe(grown + 6)
})

test('whoever edits what it has changed learns of it, and the record tells all', async () => {
  const { rename, segment, source, workspace } = await running()
  await rename('age', 'years')
  const { updateSegment } = await ask(
    `mutation ($input: UpdateSegmentInput!) {
      updateSegment(input: $input) { __typename ... on RevisionConflict { currentRevision } }
    }`,
    { input: { id: segment.id, revision: 1, name: 'Old' } },
  )
  expect(updateSegment).toEqual({ __typename: 'RevisionConflict', currentRevision: 2 })
  const { workspace: found } = await ask(
    `query ($id: ID!) {
      workspace(id: $id) { auditTrail(first: 3, filter: { verb: "renameAttribute" }) { edges { node { type nodeId } } } }
    }`,
    workspace,
  )
  expect(found.auditTrail.edges.map(({ node }: { readonly node: object }) => node)).toEqual(
    expect.arrayContaining([
      { type: 'Attribute', nodeId: expect.any(String) },
      { type: 'DataSource', nodeId: source.id },
      { type: 'Segment', nodeId: segment.id },
    ]),
  )
})

test('a stale revision, a name that is taken or cannot be: nothing is renamed', async () => {
  const { rename, documents } = await running()
  const before = await documents()
  expect(await rename('age', 'years', 9)).toEqual({
    ...{
      __typename: 'RevisionConflict',
      code: 'revision_conflict',
      currentRevision: 1,
      current: { name: 'age' },
    },
  })
  expect(await rename('age', 'email')).toMatchObject({ __typename: 'NameTaken' })
  expect(await rename('age', ' ')).toMatchObject({ issues: [{ path: ['name'], code: 'too_small' }] })
  expect(await rename('age', 'EMAIL')).toMatchObject({
    issues: [{ path: ['name'], code: 'duplicate_attribute' }],
  })
  expect(await documents()).toEqual(before)
})

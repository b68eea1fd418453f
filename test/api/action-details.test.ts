/** What a page about one action shows: everything in one query. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { rowIdOf } from '../harness/list-scene.ts'
import { mutate } from '../harness/mutate.ts'
import { externalId, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

async function ask(id: string, fields: string) {
  const { data, errors } = await app.ask(`query ($id: ID!) { action(id: $id) { ${fields} } }`, { id })
  expect(errors).toBeUndefined()
  return data.action
}

const home = { parameter: 'attributes', key: 'home', from: { kind: 'attribute', attribute: 'country' } }
const template = { name: 'Mail', source: '{{email}}' }

test('source, segment, mappings with titles, templates, labels, notes, status, versions and preview', async () => {
  const { action, connector, segment, source, workspace } = await seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector()
    .action([externalId, home], { templates: [template], notes: 'Ask Ann.' })
    .publish('First')
  const label = await mutate(app, 'createLabel', {
    workspaceId: workspace.id,
    name: 'gold',
    colour: '#112233',
  })
  await answerOf(app, 'labelActions', { actionIds: [action.id], labelIds: [label.id] })
  const details = await ask(
    action.id,
    `id name type actionType { title } status isEnabled isLive notes revision
     dataSource { id } segment { id } connector { id }
     parameters { name title group isRequired isKnown filledBy { key from } }
     templates { name source } labels { name colour } issues { code }
     versions { edges { node { number notes } } }
     typeChange(type: "delete-user") { ... on ChangedActionType { dropped } }
     dryRun(limit: 1) { ... on ActionDryRun { records { key } } }
     metrics { matched } deliveries { edges { node { id } } } deadLetters { edges { node { id } } }`,
  )
  const { parameters, ...rest } = details
  expect(rest).toMatchObject({
    id: action.id,
    actionType: { title: 'Track User' },
    ...{ status: 'ACTIVE', isEnabled: true, isLive: true, notes: 'Ask Ann.' },
    ...{ dataSource: { id: source.id }, segment: { id: segment.id }, connector: { id: connector.id } },
    templates: [template],
    labels: [{ name: 'gold', colour: '#112233' }],
    issues: [],
    versions: { edges: [{ node: { number: 1, notes: 'First' } }] },
    typeChange: { dropped: [home] },
    dryRun: { records: [{ key: ['1'] }] },
  })
  expect(parameters).toContainEqual({
    name: 'externalId',
    title: 'External ID',
    group: expect.any(String),
    isRequired: false,
    isKnown: true,
    filledBy: [{ key: null, from: externalId.from }],
  })
  expect(parameters.find(({ name }: { name: string }) => name === 'attributes')).toMatchObject({
    filledBy: [{ key: 'home', from: home.from }],
  })
  expect(parameters.find(({ name }: { name: string }) => name === 'email')).toMatchObject({ filledBy: [] })
})

test('the versions that changed it are told, and those that changed others are not', async () => {
  const { action, workspace } = await seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector()
    .action([externalId], { templates: [template] })
    .publish('created')
  const publish = (notes: string) => mutate(app, 'publishVersion', { workspaceId: workspace.id, notes })
  await mutate(app, 'duplicateAction', { id: action.id })
  await publish('another one')
  const { templates } = await ask(action.id, 'templates { id revision }')
  await mutate(app, 'updateTemplate', { ...templates[0], source: 'x' })
  await publish('its template')
  await mutate(app, 'deleteAction', action)
  await publish('gone')
  const { versions } = await ask(action.id, 'versions { edges { node { notes } } }')
  expect(versions.edges.map((edge: { node: { notes: string } }) => edge.node.notes)).toEqual([
    'gone',
    'its template',
    'created',
  ])
})

test('its status is the first reason for which it sends nothing', async () => {
  const made = await seed(app).workspace().csvSource().segment().connector().action().create()
  const { action, source, workspace } = made
  const status = async () => (await ask(action.id, 'status')).status
  expect(await status()).toBe('NOT_PUBLISHED')
  const publish = () => mutate(app, 'publishVersion', { workspaceId: workspace.id, notes: 'x' })
  await publish()
  expect(await status()).toBe('ACTIVE')
  const dataSourceId = rowIdOf(source.id)
  await app.db.sourceProgress.create({
    data: { dataSourceId, workspaceId: rowIdOf(workspace.id), errorCode: 'unreachable' },
  })
  expect(await status()).toBe('SOURCE_FAILING')
  await app.db.action.updateMany({ where: { id: rowIdOf(action.id) }, data: { type: 'gone' } })
  expect(await status()).toBe('NOT_RUNNABLE')
  await answerOf(app, 'pauseAction', { id: action.id })
  expect(await status()).toBe('PAUSED')
  await answerOf(app, 'stopAll', { id: workspace.id })
  expect(await status()).toBe('HALTED')
  await app.db.action.updateMany({ where: { id: rowIdOf(action.id) }, data: { type: 'track-user' } })
  await mutate(app, 'updateDataSource', { id: source.id, revision: source.revision, isEnabled: false })
  await publish()
  expect(await status()).toBe('SOURCE_OFF')
  await mutate(app, 'deactivateAction', action)
  expect(await status()).toBe('INACTIVE')
})

test('what is mapped to a parameter that the installed type has not is told, and where a type is gone', async () => {
  const { action } = await seed(app).workspace().csvSource().segment().connector().action().create()
  const where = { id: rowIdOf(action.id) }
  const from = { kind: 'constant', value: 'x' }
  await app.db.action.updateMany({ where, data: { mappings: [{ parameter: 'former', from }] } })
  const known = await ask(action.id, 'parameters { name isKnown filledBy { from } } issues { code }')
  expect(known.parameters.at(-1)).toEqual({ name: 'former', isKnown: false, filledBy: [{ from }] })
  expect(known.issues).toContainEqual({ code: 'unknown_parameter' })
  await app.db.action.updateMany({ where, data: { type: 'gone' } })
  const gone = await ask(action.id, 'actionType { title } parameters { name isKnown } issues { code }')
  expect(gone).toEqual({
    actionType: null,
    parameters: [{ name: 'former', isKnown: false }],
    issues: [{ code: 'unknown_action_type' }],
  })
})

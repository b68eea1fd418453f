/** An action is copied: all that is configured, and nothing of what it has done. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { pluginsWithLists, prepareAction, seedListAction } from '../harness/list-scene.ts'
import { serveLists } from '../harness/list-vendor.ts'
import { useLocalServers } from '../harness/local-server.ts'
import { mutate } from '../harness/mutate.ts'
import { externalId, seed } from '../harness/seed.ts'

const servers = useLocalServers()
let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ registry: pluginsWithLists })
})
afterAll(() => app.close())

const fields = `... on Action {
  id name type mappings startFrom retryDelaysMs retryForMs requestTimeoutMs applyWithinMs notes isEnabled isLive revision
  templateVariables { name attribute } templates { name kind format source } labels { name }
  connector { id } dataSource { id } segment { id } preparation { state } deliveries { edges { node { id } } }
}`

const mappings = [externalId, { parameter: 'email', from: { kind: 'template', template: 'Mail' } }]
const settings = {
  templates: [{ name: 'Mail', source: '{{mail}}' }],
  templateVariables: [{ name: 'mail', attribute: 'email' }],
  startFrom: 'NOW',
  retryDelaysMs: [5],
  retryForMs: 7_000,
  requestTimeoutMs: 900,
  applyWithinMs: 800,
  notes: 'Ask Ann.',
}

async function read(id: string) {
  const { data } = await app.ask(`query ($id: ID!) { node(id: $id) { ${fields} } }`, { id })
  return data.node
}

test('a copy has all that its original has, and is switched off', async () => {
  const { action, workspace } = await seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector()
    .action(mappings, { name: 'To Braze', ...settings })
    .publish()
  const label = await mutate(app, 'createLabel', {
    workspaceId: workspace.id,
    name: 'gold',
    colour: '#000000',
  })
  await answerOf(app, 'labelActions', { actionIds: [action.id], labelIds: [label.id] })
  const original = await read(action.id)
  expect(original).toMatchObject({ ...settings, isLive: true, isEnabled: true, labels: [{ name: 'gold' }] })

  const copy = await answerOf(app, 'duplicateAction', { id: action.id }, fields)
  expect(copy).toEqual({
    ...original,
    __typename: 'Action',
    id: expect.not.stringMatching(action.id),
    name: 'To Braze - copy',
    isEnabled: false,
    isLive: false,
    revision: 1,
  })
  const names = [
    await answerOf(app, 'duplicateAction', { id: action.id }, '... on Action { name }'),
    await answerOf(app, 'duplicateAction', { id: action.id, name: ' Mine ' }, '... on Action { name }'),
  ]
  expect(names).toMatchObject([{ name: 'To Braze - copy 2' }, { name: 'Mine' }])
  expect(await answerOf(app, 'duplicateAction', { id: action.id, name: 'Mine' })).toMatchObject({
    __typename: 'NameTaken',
  })
  expect(await answerOf(app, 'duplicateAction', { id: action.id, name: '' })).toMatchObject({
    issues: [{ path: ['name'] }],
  })

  // The copy is edited apart from its original.
  const { data } = await app.ask('query ($id: ID!) { action(id: $id) { templates { id revision } } }', copy)
  await answerOf(app, 'updateTemplate', { ...data.action.templates[0], source: 'other' })
  expect(await read(action.id)).toMatchObject({ templates: [{ source: '{{mail}}' }] })
})

test('what was created at the vendor for an action is not its copy’s', async () => {
  const vendor = await serveLists(servers)
  const { action } = await seedListAction(app, vendor.url)
  expect(await prepareAction(app, action.id)).toMatchObject({ preparation: { state: 'DONE' } })
  const copy = await answerOf(app, 'duplicateAction', { id: action.id }, fields)
  expect(copy).toMatchObject({ preparation: null })
  expect(await prepareAction(app, copy.id)).toMatchObject({ preparation: { state: 'DONE' } })
})

test('a deleted action has no copy', async () => {
  const { action } = await seed(app).workspace().csvSource().segment().connector().action().create()
  await answerOf(app, 'deleteAction', action)
  expect(await answerOf(app, 'duplicateAction', { id: action.id })).toMatchObject({ __typename: 'NotFound' })
})

/** Mappings that were saved for an older version of their action: shown, edited, checked and run as the installed one. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCompiledLanes } from '../../server/deliveries/compiled-lanes.ts'
import { asJsonArray } from '../../server/workspaces/json.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { pluginsWithLists, prepareAction, rowIdOf, seedListAction } from '../harness/list-scene.ts'
import { serveLists } from '../harness/list-vendor.ts'
import { useLocalServers } from '../harness/local-server.ts'

const servers = useLocalServers()
let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ registry: pluginsWithLists })
})
afterAll(() => app.close())

const from = { kind: 'attribute', attribute: 'email' }
const old = [{ parameter: 'mail', from }]
const current = [{ parameter: 'email', from }]

/** An action as an older version of its package had saved it. */
async function savedFor(typeVersion: number) {
  const vendor = await serveLists(servers)
  const seeded = await seedListAction(app, vendor.url)
  const data = { typeVersion, mappings: asJsonArray(old) }
  await app.db.action.updateMany({ where: { id: rowIdOf(seeded.action.id) }, data })
  return { ...seeded, vendor }
}

async function read(id: string) {
  const { data } = await app.ask(`query ($id: ID!) { action(id: $id) { typeVersion mappings } }`, { id })
  return data.action
}

async function rename(id: string, revision: number) {
  const { data } = await app.ask(
    `mutation ($input: UpdateActionInput!) {
      updateAction(input: $input) {
        __typename
        ... on Action { typeVersion }
        ... on InvalidInput { issues { path code } }
      }
    }`,
    { input: { id, revision, name: `Renamed ${id}` } },
  )
  return data.updateAction
}

async function publish(workspaceId: string) {
  const { data } = await app.ask(
    `mutation ($input: PublishVersionInput!) {
      publishVersion(input: $input) {
        __typename
        ... on Version { number }
        ... on NotPublishable { problems { path code } }
      }
    }`,
    { input: { workspaceId, notes: 'test' } },
  )
  return data.publishVersion
}

test('they are shown as the installed version has them, and an edit saves them so', async () => {
  const { action } = await savedFor(1)
  expect(await read(action.id)).toEqual({ typeVersion: 2, mappings: current })
  const where = { id: rowIdOf(action.id) }
  expect(await app.db.action.findUniqueOrThrow({ where })).toMatchObject({ typeVersion: 1, mappings: old })
  expect(await rename(action.id, action.revision)).toEqual({ __typename: 'Action', typeVersion: 2 })
  expect(await app.db.action.findUniqueOrThrow({ where })).toMatchObject({
    typeVersion: 2,
    mappings: current,
  })
})

test('they stand in the way of nothing where they can be brought forward', async () => {
  const { action } = await savedFor(1)
  const { data } = await app.ask('query ($id: ID!) { action(id: $id) { notRunnable } }', { id: action.id })
  expect(data.action).toEqual({ notRunnable: null })
})

test('a version that was published with them runs with them brought forward', async () => {
  const { action, workspace } = await savedFor(1)
  expect(await prepareAction(app, action.id)).toMatchObject({ preparation: { state: 'DONE' } })
  const { number } = await publish(workspace.id)
  const lanes = createCompiledLanes({ db: app.db, registry: pluginsWithLists })
  const lane = await lanes(rowIdOf(workspace.id), number, rowIdOf(action.id))
  expect(lane.action).toMatchObject({ typeVersion: 2, mappings: current })
  const [published] = await app.db.document.findMany({
    where: { workspaceId: rowIdOf(workspace.id), kind: 'action' },
  })
  expect(published?.body).toMatchObject({ typeVersion: 1, mappings: old })
})

test('those that cannot be brought forward are listed before publishing, and shown as they stand', async () => {
  const { action, workspace } = await savedFor(7)
  expect(await read(action.id)).toEqual({ typeVersion: 7, mappings: old })
  const issue = { path: ['mappings'], code: 'action_version_unknown' }
  expect((await publish(workspace.id)).problems).toContainEqual(issue)
  expect(await rename(action.id, action.revision)).toMatchObject({ issues: [issue] })
})

/** An action that needs a list of its own: created once at a real local vendor, whatever happens on the way. */
import { afterAll, beforeAll, expect, test } from 'vitest'
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

const done = { __typename: 'Action', preparation: { state: 'DONE', errorCode: null, attempts: 1 } }

async function preparationOf(id: string) {
  const { data } = await app.ask(
    `query ($id: ID!) { action(id: $id) { preparation { state errorCode attempts } } }`,
    { id },
  )
  return data.action.preparation
}

async function publish(workspaceId: string) {
  const { data } = await app.ask(
    `mutation ($input: PublishVersionInput!) {
      publishVersion(input: $input) {
        __typename
        ... on NotPublishable { problems { nodeId path code } }
      }
    }`,
    { input: { workspaceId, notes: 'test' } },
  )
  return data.publishVersion
}

async function tryOut(id: string) {
  const { data } = await app.ask(
    `mutation ($input: SendSampleInput!) {
      sendSample(input: $input) {
        __typename
        ... on SentSample { verdict exchanges { request { url body } } }
        ... on InvalidInput { issues { path code } }
      }
    }`,
    { input: { id, key: ['1'] } },
  )
  return data.sendSample
}

async function dryRunUrls(id: string): Promise<readonly string[]> {
  const { data } = await app.ask(
    `query ($id: ID!) { action(id: $id) { dryRun { ... on ActionDryRun { requests { url body } } } } }`,
    { id },
  )
  return data.action.dryRun.requests.map(({ url, body }: { url: string; body: string }) => `${url} ${body}`)
}

test('an action is published once what it needs is created, and sends to that', async () => {
  const vendor = await serveLists(servers)
  const { action, workspace } = await seedListAction(app, vendor.url)
  expect(await preparationOf(action.id)).toBeNull()
  expect(await publish(workspace.id)).toEqual({
    __typename: 'NotPublishable',
    problems: [{ nodeId: action.id, path: ['preparation'], code: 'action_not_prepared' }],
  })
  expect(await tryOut(action.id)).toMatchObject({ issues: [{ code: 'action_not_prepared' }] })
  const [standIn] = await dryRunUrls(action.id)
  expect(standIn).toContain('/lists/(listId)/members')
  expect(standIn).toContain('"origin":"(listId)"')

  expect(await prepareAction(app, action.id)).toEqual(done)
  expect(await prepareAction(app, action.id)).toEqual(done)
  expect(vendor.lists).toEqual(['list-canary-1'])
  expect((await publish(workspace.id)).__typename).toBe('Version')
  expect((await dryRunUrls(action.id))[0]).toContain('/lists/list-canary-1/members')
  expect(await tryOut(action.id)).toMatchObject({ verdict: 'delivered' })
  expect(vendor.members).toEqual([
    { list: 'list-canary-1', member: { email: 'ann@example.com', origin: 'list-canary-1' } },
  ])
})

test('people who ask at once have it created once', async () => {
  const vendor = await serveLists(servers)
  const { action } = await seedListAction(app, vendor.url)
  const answers = await Promise.all([1, 2, 3].map(() => prepareAction(app, action.id)))
  expect(vendor.lists).toHaveLength(1)
  expect(answers).toContainEqual(done)
  for (const answer of answers)
    if (!('preparation' in answer)) expect(answer.code).toBe('preparation_running')
  expect(await prepareAction(app, action.id)).toEqual(done)
})

test('what nobody knows is shown, and repeated only on demand', async () => {
  const vendor = await serveLists(servers)
  vendor.troubles.push('cut-after')
  const { action } = await seedListAction(app, vendor.url)
  const unknown = { __typename: 'NotPrepared', code: 'preparation_unknown', errorCode: 'connection_lost' }
  expect(await prepareAction(app, action.id)).toMatchObject(unknown)
  expect(await prepareAction(app, action.id)).toMatchObject(unknown)
  expect(vendor.keys).toHaveLength(1)
  expect(await preparationOf(action.id)).toEqual({
    state: 'UNKNOWN',
    errorCode: 'connection_lost',
    attempts: 1,
  })
  expect(await prepareAction(app, action.id, true)).toMatchObject({
    preparation: { state: 'DONE', attempts: 2 },
  })
})

test('a vendor that creates a thing once by its key is asked again with the same one', async () => {
  const vendor = await serveLists(servers, true)
  vendor.troubles.push('cut-after', 'unreadable')
  const { action } = await seedListAction(app, vendor.url, 'add-member-once')
  for (const _ of vendor.troubles.slice()) {
    expect(await prepareAction(app, action.id)).toMatchObject({ code: 'preparation_unknown' })
  }
  expect(await prepareAction(app, action.id)).toMatchObject({ preparation: { state: 'DONE', attempts: 3 } })
  expect(vendor.lists).toHaveLength(1)
  expect(new Set(vendor.keys).size).toBe(1)
})

test('a clear no may be repeated', async () => {
  const vendor = await serveLists(servers)
  vendor.troubles.push('refused', 'unavailable')
  const { action } = await seedListAction(app, vendor.url)
  expect(await prepareAction(app, action.id)).toMatchObject({
    code: 'preparation_failed',
    errorCode: 'too_many_lists',
  })
  expect(await prepareAction(app, action.id)).toMatchObject({
    code: 'preparation_unknown',
    errorCode: 'http_503',
  })
  expect(await preparationOf(action.id)).toMatchObject({ state: 'UNKNOWN', attempts: 2 })
})

test('a process that died on the way leaves the question to people', async () => {
  const vendor = await serveLists(servers)
  const { action, connector, workspace } = await seedListAction(app, vendor.url)
  const row = {
    workspaceId: rowIdOf(workspace.id),
    actionId: rowIdOf(action.id),
    connectorId: rowIdOf(connector.id),
    type: 'add-member',
  }
  const begun = { state: 'RUNNING', attempt: 1, startedAt: new Date() } as const
  await app.db.preparation.create({ data: { ...row, ...begun } })
  expect(await prepareAction(app, action.id, true)).toMatchObject({ code: 'preparation_running' })
  const startedAt = new Date(Date.now() - 61_000)
  await app.db.preparation.updateMany({ where: row, data: { startedAt } })
  expect(await preparationOf(action.id)).toMatchObject({ state: 'UNKNOWN' })
  expect(await prepareAction(app, action.id)).toMatchObject({ code: 'preparation_unknown' })
  expect(vendor.lists).toEqual([])
  expect(await prepareAction(app, action.id, true)).toMatchObject({ preparation: { state: 'DONE' } })
})

test('an action whose type is gone says so, and a foreign one is not found', async () => {
  const { action, workspace } = await seedListAction(app, 'http://127.0.0.1:9')
  await app.db.action.updateMany({ where: { id: rowIdOf(action.id) }, data: { type: 'gone' } })
  expect(await prepareAction(app, action.id)).toMatchObject({
    issues: [{ path: ['type'], code: 'unknown_action_type' }],
  })
  expect(await prepareAction(app, `Action_${rowIdOf(workspace.id)}`)).toMatchObject({ code: 'not_found' })
})

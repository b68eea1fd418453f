/** A pass with what was prepared for its action: it sends to that, and without it sends nothing. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../test/harness/app.ts'
import { pluginsWithLists, prepareAction, rowIdOf, seedListAction } from '../../test/harness/list-scene.ts'
import { serveLists } from '../../test/harness/list-vendor.ts'
import { useLocalServers } from '../../test/harness/local-server.ts'
import { sealPosition } from '../sources/sealed-position.ts'
import { createCommitter } from './committer.ts'
import { createCompiledLanes } from './compiled-lanes.ts'
import { createPlanDelivery } from './plan-delivery.ts'
import { createSendPass } from './send-pass.ts'

const servers = useLocalServers()
let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ registry: pluginsWithLists })
})
afterAll(() => app.close())

/** A planned delivery of three rows, whose action was prepared. */
async function plannedDelivery() {
  const { db, deps } = app
  const vendor = await serveLists(servers)
  const { action, workspace } = await seedListAction(app, vendor.url)
  await prepareAction(app, action.id)
  await app.ask(`mutation ($input: PublishVersionInput!) { publishVersion(input: $input) { __typename } }`, {
    input: { workspaceId: workspace.id, notes: 'test' },
  })
  const actionId = rowIdOf(action.id)
  const { dataSourceId, id: laneId, workspaceId } = await db.lane.findFirstOrThrow({ where: { actionId } })
  const bound = sealPosition(await deps.workspaceKeys.of(workspaceId), ['3'])
  await db.sourceProgress.create({ data: { dataSourceId, workspaceId, bound } })
  const compiledLanes = createCompiledLanes({ db, registry: pluginsWithLists })
  const planned = await createPlanDelivery({ ...deps, db, compiledLanes })(laneId)
  if (planned.kind !== 'deliver') return expect.unreachable(planned.kind)
  const sendPass = createSendPass({
    ...deps,
    db,
    compiledLanes,
    committer: createCommitter({ db }),
    now: Date.now,
    wakeLane: async () => {},
    wakeDelivery: async () => {},
  })
  return { actionId, vendor, send: () => sendPass(planned.deliveryId, new AbortController().signal) }
}

it('sends to the list that was created for its action', async () => {
  const { send, vendor } = await plannedDelivery()
  expect(await send()).toEqual({ kind: 'over' })
  expect(vendor.members).toEqual(
    ['ann', 'bob', 'cyd'].map((name) => ({
      list: 'list-canary-1',
      member: { email: `${name}@example.com`, origin: 'list-canary-1' },
    })),
  )
})

it('sends nothing while that is missing, and goes on once it is there', async () => {
  const { actionId, send, vendor } = await plannedDelivery()
  const where = { actionId }
  await app.db.preparation.updateMany({ where, data: { state: 'UNKNOWN' } })
  expect(await send()).toEqual({ kind: 'paused' })
  expect(await app.db.delivery.findFirst({ where })).toMatchObject({ errorCode: 'action_not_prepared' })
  expect(vendor.members).toEqual([])
  await app.db.preparation.updateMany({ where, data: { state: 'DONE' } })
  expect(await send()).toEqual({ kind: 'over' })
  expect(vendor.members).toHaveLength(3)
})

/** Planning a lane's deliveries: one after the other, each once, whoever plans and whatever is lost on the way. */
import { appendFile } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Delivery, Lane, PrismaClient } from '../../prisma/generated/client/client.ts'
import { createTestApp, type TestApp } from '../../test/harness/app.ts'
import { losingNext } from '../../test/harness/losing-next.ts'
import { seed } from '../../test/harness/seed.ts'
import type { ConnectSource } from '../sources/connect.ts'
import { openPosition, sealPosition } from '../sources/sealed-position.ts'
import type { WorkspaceKey } from '../workspaces/keys.ts'
import { createCompiledLanes } from './compiled-lanes.ts'
import { createPlanDelivery } from './plan-delivery.ts'

let app: TestApp
let path: string
let lane: Lane
let key: WorkspaceKey
beforeAll(async () => {
  app = await createTestApp()
})
beforeEach(async () => {
  await app.db.lane.deleteMany()
  const made = await seed(app).workspace().csvSource().segment().connector().action().publish()
  path = made.source.path
  lane = await app.db.lane.findFirstOrThrow()
  key = await app.deps.workspaceKeys.of(lane.workspaceId)
})
afterAll(() => app.close())

interface Planner {
  readonly db?: PrismaClient
  readonly connectSource?: ConnectSource
}

function plan({ db = app.db, connectSource = app.deps.connectSource }: Planner = {}) {
  const { registry } = app.deps
  const compiledLanes = createCompiledLanes({ db, registry })
  return createPlanDelivery({ ...app.deps, db, connectSource, compiledLanes })(lane.id)
}

/** Says that the source has been seen up to the row with this id. */
async function announce(id: number): Promise<void> {
  const { dataSourceId, workspaceId } = lane
  const bound = sealPosition(key, [String(id)])
  await app.db.sourceProgress.upsert({
    where: { dataSourceId },
    create: { dataSourceId, workspaceId, bound },
    update: { bound },
  })
}

function deliveries(): Promise<readonly Delivery[]> {
  return app.db.delivery.findMany({ orderBy: { sequence: 'asc' } })
}

async function stretches() {
  const open = (sealed: Uint8Array | null) => (sealed === null ? null : openPosition(key, sealed)[0])
  return (await deliveries()).map(({ after, sequence, until }) => [sequence, open(after), open(until)])
}

describe('a lane whose source has moved on', () => {
  it('gets a delivery from where it stands to what was announced', async () => {
    await announce(2)
    const planned = await plan()
    const [delivery] = await deliveries()
    expect(planned).toEqual({ kind: 'deliver', deliveryId: delivery?.id })
    expect(await stretches()).toEqual([[1, null, '2']])
    expect(delivery).toMatchObject({ state: 'PENDING', versionNumber: 1, isFirstPassDone: false })
  })

  it.each<[string, Partial<Delivery>]>([
    ['has items that wait', { isFirstPassDone: true, state: 'WAITING' }],
    ['is completed', { isFirstPassDone: true, state: 'COMPLETED' }],
    ['was cancelled', { state: 'CANCELLED' }],
  ])('gets the next one behind the last, although that one %s', async (_, data) => {
    await announce(2)
    await plan()
    await app.db.delivery.updateMany({ data })
    await announce(3)
    expect(await plan()).toMatchObject({ kind: 'deliver' })
    expect(await stretches()).toEqual([
      [1, null, '2'],
      [2, '2', '3'],
    ])
  })

  it('gets none for rows that cannot match, and is moved past them', async () => {
    await announce(3)
    await plan()
    await app.db.delivery.updateMany({ data: { isFirstPassDone: true } })
    await announce(9)
    expect(await plan()).toEqual({ kind: 'again' })
    expect(await plan()).toEqual({ kind: 'idle' })
    await appendFile(path, '10,dan@example.com,NL,20,true\n')
    await announce(10)
    expect(await plan()).toMatchObject({ kind: 'deliver' })
    expect(await stretches()).toEqual([
      [1, null, '3'],
      [2, '9', '10'],
    ])
  })

  it('gets none while the version that runs has its source switched off', async () => {
    await announce(3)
    const { id, revision } = await app.db.dataSource.findUniqueOrThrow({ where: { id: lane.dataSourceId } })
    const change = (verb: string, input: object) =>
      app.ask(
        `mutation ($input: ${verb[0]?.toUpperCase()}${verb.slice(1)}Input!) { ${verb}(input: $input) { __typename } }`,
        { input },
      )
    await change('updateDataSource', { id: `DataSource_${id}`, revision, isEnabled: false })
    await change('publishVersion', { workspaceId: `Workspace_${lane.workspaceId}`, notes: 'off' })
    expect(await plan()).toEqual({ kind: 'idle' })
    expect(await deliveries()).toEqual([])
  })

  it('gets none while its action is paused', async () => {
    await announce(3)
    await app.db.action.updateMany({ data: { pausedAt: new Date() } })
    expect(await plan()).toEqual({ kind: 'idle' })
    expect(await deliveries()).toEqual([])
  })

  it('gets none when nothing was announced, or nothing new', async () => {
    expect(await plan()).toEqual({ kind: 'idle' })
    await announce(3)
    await plan()
    await app.db.delivery.updateMany({ data: { isFirstPassDone: true } })
    expect(await plan()).toEqual({ kind: 'idle' })
    expect(await deliveries()).toHaveLength(1)
  })
})

describe('a delivery whose first pass is not done', () => {
  let id: string
  beforeEach(async () => {
    await announce(2)
    await plan()
    await announce(3)
    id = (await deliveries())[0]?.id ?? ''
  })

  it.each(['PENDING', 'RUNNING', 'WAITING', 'PAUSED'] as const)(
    'is what is planned while it is %s, and nothing beside it',
    async (state) => {
      await app.db.delivery.updateMany({ data: { state } })
      expect([await plan(), await plan()]).toEqual([1, 2].map(() => ({ kind: 'deliver', deliveryId: id })))
      expect(await stretches()).toEqual([[1, null, '2']])
    },
  )

  it('is what is planned although its action is paused, or runs no more', async () => {
    await app.db.action.updateMany({ data: { pausedAt: new Date() } })
    expect(await plan()).toEqual({ kind: 'deliver', deliveryId: id })
    await app.db.workspace.updateMany({ data: { liveVersion: null } })
    expect(await plan()).toEqual({ kind: 'deliver', deliveryId: id })
  })
})

describe('a delivery', () => {
  it('is planned once by two that plan at once, and both learn of it', async () => {
    await announce(2)
    const together = meeting(2)
    const connectSource: ConnectSource = async (source) => {
      // Both have seen that nothing is open.
      await together()
      return app.deps.connectSource(source)
    }
    const planned = await Promise.all([plan({ connectSource }), plan({ connectSource })])
    expect(planned.map(({ kind }) => kind).toSorted()).toEqual(['again', 'deliver'])
    expect(planned).toContainEqual(await plan())
    expect(await stretches()).toEqual([[1, null, '2']])
  })

  it('is planned by the one that comes first, also where the other has seen more of the source', async () => {
    await announce(2)
    const connectSource: ConnectSource = async (source) => {
      const connection = await app.deps.connectSource(source)
      await announce(3)
      await plan()
      return connection
    }
    expect(await plan({ connectSource })).toEqual({ kind: 'again' })
    expect(await stretches()).toEqual([[1, null, '3']])
  })

  it('is planned once although the answer was lost', async () => {
    await announce(2)
    await expect(plan({ db: losingNext(app.db, '$transaction') })).rejects.toThrow('Connection')
    await announce(3)
    expect(await plan()).toEqual({ kind: 'deliver', deliveryId: (await deliveries())[0]?.id })
    expect(await stretches()).toEqual([[1, null, '2']])
  })
})

/** Lets nobody through before so many have come. */
function meeting(expected: number): () => Promise<void> {
  let come = 0
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return () => {
    come += 1
    if (come === expected) open()
    return opened
  }
}

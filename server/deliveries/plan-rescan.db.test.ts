/** Re-scans: time alone makes rows meet a segment, and each is sent once when it does. */
import { appendFile } from 'node:fs/promises'
import { createWebhookReceiver, type WebhookReceiver } from '@sluice/connector-testing/simulator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../test/harness/app.ts'
import { rowIdOf } from '../../test/harness/list-scene.ts'
import { seed } from '../../test/harness/seed.ts'
import { sealPosition } from '../sources/sealed-position.ts'
import { createCommitter } from './committer.ts'
import { createCompiledLanes } from './compiled-lanes.ts'
import { createPlanDelivery } from './plan-delivery.ts'
import { createSendPass } from './send-pass.ts'

let app: TestApp
let receiver: WebhookReceiver
beforeAll(async () => {
  app = await createTestApp()
  receiver = await createWebhookReceiver()
})
afterAll(async () => {
  await receiver.close()
  await app.close()
})

const hour = 3_600_000
const day = 24 * hour
const base = Date.now()
/** Half a day from now, whenever the test is run. */
const rescan = { kind: 'DAILY', hour: (new Date(base).getUTCHours() + 12) % 24 }
const daysAgo = (days: number) => new Date(base - days * day).toISOString().slice(0, 19).replace('T', ' ')

const lastWeek = { attribute: 'seen', operator: 'occurredMoreThanAgo', value: { amount: 7, unit: 'days' } }
const rows = [
  { id: 1, name: 'ann', seen: daysAgo(6) },
  { id: 2, name: 'ann', seen: daysAgo(8) },
  { id: 3, name: 'ann', seen: daysAgo(1) },
]

/** A published action on people not seen for a week, and a lane whose clock is set by the test. */
async function publishedLane(
  conditions: readonly object[],
  fields: object = {},
  from: Parameters<ReturnType<typeof seed>['csvSource']>[0] = rows,
) {
  const { db, deps } = app
  const made = await seed(app)
    .workspace()
    .csvSource(from)
    .segment({ any: [{ all: conditions }] }, fields)
    .connector({ url: `${receiver.url}/hook` }, { type: 'webhook' })
    .action([{ parameter: 'body', from: { kind: 'template', template: 'Body' } }], {
      type: 'send-custom-data',
      templates: [{ name: 'Body', kind: 'BODY', format: 'JSON', source: '{"id": {{id}}}' }],
    })
    .publish()
  const actionId = rowIdOf(made.action.id)
  const lane = await db.lane.findFirstOrThrow({ where: { actionId } })
  const { dataSourceId, workspaceId } = lane
  const key = await deps.workspaceKeys.of(workspaceId)
  const compiledLanes = createCompiledLanes({ db, registry: deps.registry })
  let now = base
  const ports = { ...deps, db, compiledLanes, now: () => now }
  const plan = createPlanDelivery(ports)
  const sendPass = createSendPass({
    ...ports,
    ...{ committer: createCommitter({ db }), now: Date.now },
    ...{ wakeLane: async () => {}, wakeDelivery: async () => {} },
  })
  return {
    ...made,
    lane,
    async announce(id: number) {
      const bound = sealPosition(key, [String(id)])
      await db.sourceProgress.upsert({
        where: { dataSourceId },
        create: { dataSourceId, workspaceId, bound },
        update: { bound },
      })
    },
    /** Plans what is due, and gives it to a worker that is stopped in the midst of it. */
    async begunAt(days: number, isEnough: () => boolean): Promise<string> {
      now = base + days * day
      const planned = await plan(lane.id)
      if (planned.kind !== 'deliver') throw new Error(`Nothing was planned: ${planned.kind}`)
      const stop = new AbortController()
      const watch = setInterval(() => isEnough() && stop.abort(), 1)
      try {
        await expect(sendPass(planned.deliveryId, stop.signal)).rejects.toThrow()
      } finally {
        clearInterval(watch)
      }
      return planned.deliveryId
    },
    /** Plans until nothing is due, and tells the ids that were sent, delivery by delivery. */
    async sentAt(days: number): Promise<readonly (readonly unknown[])[]> {
      now = base + days * day
      const sent: unknown[][] = []
      for (;;) {
        const planned = await plan(lane.id)
        if (planned.kind === 'idle') return sent
        if (planned.kind === 'again') continue
        const before = receiver.received.length
        expect(await sendPass(planned.deliveryId, new AbortController().signal)).toEqual({ kind: 'over' })
        sent.push(receiver.received.slice(before).map(({ body }) => (body as { id: unknown }).id))
      }
    },
  }
}

it.each([
  ['the source can tell exactly', [lastWeek]],
  [
    'only Sluice can tell',
    [lastWeek, { attribute: 'name', operator: 'contains', value: 'A', ignoreCase: true }],
  ],
])('send what newly meets a segment, once, where %s', async (_, conditions) => {
  const { announce, lane, sentAt, source } = await publishedLane(conditions, { rescan })
  await announce(3)
  expect(await sentAt(0)).toEqual([[2]])
  expect(await sentAt(0)).toEqual([])
  // Ann of row 1 is eight days away now.
  expect(await sentAt(2)).toEqual([[1]])
  // A row that is new meets it as it is read, and is not sent again by the next re-scan.
  await appendFile(source.path, `4,ann,${daysAgo(30)}\n5,ann,${daysAgo(0)}\n`)
  await announce(5)
  expect(await sentAt(2.04)).toEqual([[4]])
  expect(await sentAt(3.5)).toEqual([[]])
  expect(await sentAt(6.7)).toEqual([[3]])
  expect(await sentAt(9)).toEqual([[5]])
  const rescans = await app.db.delivery.findMany({
    where: { laneId: lane.id, rescanSince: { not: null } },
    orderBy: { sequence: 'asc' },
  })
  // Each goes on from the moment of the one before.
  expect(rescans.map(({ rescanSince }) => rescanSince)).toEqual([
    lane.createdAt,
    ...rescans.slice(0, -1).map(({ createdAt }) => createdAt),
  ])
})

it('come at the times that a segment has, as long as its conditions need them', async () => {
  const made = await publishedLane([lastWeek], { rescan: { kind: 'DAILY', hour: 5 } })
  const due = async () => {
    const { nextRescanAt } = await app.db.lane.findUniqueOrThrow({ where: { id: made.lane.id } })
    return nextRescanAt
  }
  const first = await due()
  expect(first?.toISOString()).toMatch(/T05:00:00\.000Z$/)
  expect((first?.getTime() ?? 0) - Date.now()).toBeLessThanOrEqual(day)
  const change = async (verb: string, type: string, input: object) => {
    const { data, errors } = await app.ask(
      `mutation ($input: ${type}!) { ${verb}(input: $input) { __typename ... on Problem { message } } }`,
      { input },
    )
    expect(errors).toBeUndefined()
    return data[verb]
  }
  const { id } = made.segment
  await change('updateSegment', 'UpdateSegmentInput', { id, revision: 1, conditions: { any: [] } })
  await change('publishVersion', 'PublishVersionInput', { workspaceId: made.workspace.id, notes: 'All' })
  expect(await due()).toBeNull()
})

it('are daily where nothing else is said, and without them nothing is published', async () => {
  const { segment, workspace } = await publishedLane([lastWeek])
  const { data } = await app.ask(`query ($id: ID!) { segment(id: $id) { rescan { kind hour } } }`, {
    id: segment.id,
  })
  expect(data.segment.rescan).toEqual({ kind: 'DAILY', hour: 0 })
  await app.db
    .$executeRaw`UPDATE segment SET rescan = NULL WHERE id = ${segment.id.replace('Segment_', '')}::uuid`
  const publish = await app.ask(
    `mutation ($input: PublishVersionInput!) {
      publishVersion(input: $input) { ... on NotPublishable { problems { code path } } }
    }`,
    { input: { workspaceId: workspace.id, notes: 'Again' } },
  )
  expect(publish.data.publishVersion.problems).toEqual([{ code: 'rescan_missing', path: ['rescan'] }])
})

it('are not planned for a lane that has read nothing, and wait for the next time', async () => {
  const { lane, sentAt } = await publishedLane([lastWeek], { rescan: { kind: 'HOURLY' } })
  expect(await sentAt(1)).toEqual([])
  const { nextRescanAt } = await app.db.lane.findUniqueOrThrow({ where: { id: lane.id } })
  expect(nextRescanAt?.getTime()).toBeGreaterThan(base + day)
})

it('that are broken off go on where they stopped', async () => {
  const many = Array.from({ length: 600 }, (_, index) => ({ id: index + 1, name: 'ann', seen: daysAgo(6) }))
  const { announce, begunAt, lane, sentAt } = await publishedLane([lastWeek], { rescan }, many)
  await announce(600)
  expect(await sentAt(0)).toEqual([])
  const before = receiver.received.length
  const deliveryId = await begunAt(2, () => receiver.received.length >= before + 50)
  expect(receiver.received.length).toBeLessThan(before + 600)
  // What is open is planned again before anything else.
  await sentAt(2)
  const sent = receiver.received.slice(before).map(({ body }) => (body as { id: number }).id)
  expect(new Set(sent)).toEqual(new Set(many.map(({ id }) => id)))
  const counts = await app.db.delivery.findUniqueOrThrow({ where: { id: deliveryId } })
  expect(counts).toMatchObject({ state: 'COMPLETED', matched: 600n, delivered: 600n })
  expect(await app.db.delivery.count({ where: { laneId: lane.id, rescanSince: { not: null } } })).toBe(1)
})

it('ask nothing again that people had read again since', async () => {
  const { action, announce, sentAt } = await publishedLane([lastWeek], { rescan })
  await announce(3)
  expect(await sentAt(0)).toEqual([[2]])
  const start = async (verb: string, type: string, input: object) => {
    const { data, errors } = await app.ask(
      `mutation ($input: ${type}!) { ${verb}(input: $input) { __typename } }`,
      { input },
    )
    expect(errors).toBeUndefined()
    return data[verb].__typename
  }
  expect(await start('pauseAction', 'PauseActionInput', { id: action.id })).toBe('Action')
  expect(
    await start('setProcessingStart', 'SetProcessingStartInput', { actionId: action.id, from: 'BEGINNING' }),
  ).toBe('ProcessingStart')
  await app.db.action.update({
    where: { id: rowIdOf(action.id) },
    data: { pausedAt: null, pauseReason: null },
  })
  // Read anew two days later, row 1 meets it as it is read; the re-scan of that day found nothing that was read.
  expect(await sentAt(2)).toEqual([[1, 2]])
  expect(await sentAt(7)).toEqual([[3]])
})

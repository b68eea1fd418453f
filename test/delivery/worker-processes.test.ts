/** Server and worker as different processes: progress is seen across them, and what happens to one worker loses nothing. */
import { Client, Connection } from '@temporalio/client'
import { afterAll, beforeAll, expect } from 'vitest'
import { deliverContract } from '../../workflows/contracts.ts'
import type { Counts } from '../harness/observe.ts'
import type { RoleProcess } from '../harness/role-process.ts'
import { attribute, type Scene, withScenes } from '../harness/scene.ts'
import type { Row } from '../harness/seed.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { watchOverWebSocket } from '../harness/subscribe.ts'
import { until } from '../harness/until.ts'

let stack: Stack
let worker: RoleProcess
const it = withScenes(() => stack)
beforeAll(async () => {
  stack = await startStack({ worker: 'none' })
  worker = await stack.startWorker()
})
afterAll(() => stack.close())

const mappings = [attribute('externalId', 'id'), attribute('attributes', 'plan', 'plan')]
const always = Number.POSITIVE_INFINITY
/** W of the delivery protocol: what is in flight, or answered and not yet committed. */
const mostRepeated = 128
/** A worker that is gone is noticed by its heartbeat. */
const heartbeatMs = 30_000

function users(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => ({ id: index + 1, plan: index % 2 === 0 ? 'a' : 'b' }))
}

it('a subscriber of the server sees what a worker in another process commits', async ({ createScene }) => {
  const scene = await createScene({ from: users(1), mappings })
  await scene.settled(1)
  const metrics = watchOverWebSocket<Counts>({
    url: stack.url,
    token: stack.token,
    query: `subscription ($id: ID!) { actionMetrics(actionId: $id) { matched delivered waiting } }`,
    variables: { id: scene.action.id },
  })
  expect(await metrics.next()).toEqual({ matched: 1, delivered: 1, waiting: 0 })
  await scene.replaceRows(users(500))
  await until('the vendor has them', () => scene.braze.objects === 500)
  await within(5_000, async () => {
    for (;;) {
      const { delivered } = await metrics.next()
      if (delivered === 500) return
    }
  })
  await metrics.stop()
})

it('a worker that is killed in the middle loses nothing, and its successor repeats little', {
  timeout: 4 * heartbeatMs,
}, async ({ createScene }) => {
  const rows = users(30_000)
  const scene = await createScene({
    from: rows,
    mappings,
    braze: { keepRequests: always },
    faults: [{ kind: 'slow', delayMs: 100, times: always }],
  })
  await until('a part is delivered', () => scene.braze.objects >= 9_000)
  await worker.kill()
  const before = scene.braze.objects
  expect(before).toBeLessThan(30_000)
  scene.braze.faults.clear()
  worker = await stack.startWorker()

  const { counts, deliveries, deadLetters } = await scene.settled(30_000, 3 * heartbeatMs)
  expect(counts).toMatchObject({ matched: 30_000, delivered: 30_000, waiting: 0, retries: 0 })
  expect(deliveries).toHaveLength(1)
  expect(deadLetters).toEqual([])
  const plans = [...scene.braze.profiles()].map(({ externalId, attributes }) => [
    externalId,
    attributes['plan'],
  ])
  expect(Object.fromEntries(plans)).toEqual(Object.fromEntries(rows.map(({ id, plan }) => [id, plan])))
  expect(repeatedRequests(scene)).toBeLessThanOrEqual(mostRepeated)
  expect(scene.braze.requests - rows.length / 75).toBeLessThanOrEqual(mostRepeated)
})

it('a pass that a late one has fenced begins anew, in the same workflow', {
  timeout: 4 * heartbeatMs,
}, async ({ createScene }) => {
  const scene = await createScene({
    from: users(30_000),
    mappings,
    faults: [{ kind: 'slow', delayMs: 100, times: always }],
  })
  await until('a part is delivered', () => scene.braze.objects >= 1_000)
  const { id } = await stack.db.delivery.findFirstOrThrow({ where: { state: 'RUNNING' } })
  const connection = await Connection.connect({ address: stack.temporal.address })
  stack.onClose(() => connection.close())
  const { workflow } = new Client({ connection, namespace: stack.temporal.namespace })
  const handle = workflow.getHandle(deliverContract.workflowId({ deliveryId: id }))
  const { runId } = await handle.describe()
  // As a try does that Temporal gave up, and whose begin came through only now.
  const { pass } = await stack.db.delivery.update({ where: { id }, data: { pass: { increment: 1 } } })
  scene.braze.faults.clear()

  const { counts } = await scene.settled(30_000, 3 * heartbeatMs)
  expect(counts).toMatchObject({ matched: 30_000, delivered: 30_000, waiting: 0 })
  expect((await handle.describe()).runId).toBe(runId)
  expect((await stack.db.delivery.findUniqueOrThrow({ where: { id } })).pass).toBe(pass + 1)
})

/** How many requests carried users that an earlier one had carried. */
function repeatedRequests({ braze }: Scene): number {
  const seen = new Set<string>()
  let repeated = 0
  for (const { body } of braze.log) {
    const ids = (body as { attributes: { external_id: string }[] }).attributes.map(
      ({ external_id: id }) => id,
    )
    if (ids.some((id) => seen.has(id))) repeated += 1
    for (const id of ids) seen.add(id)
  }
  return repeated
}

async function within<Result>(ms: number, work: () => Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took more than ${ms} ms.`)), ms)
  })
  try {
    return await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}

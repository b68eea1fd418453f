/** Requests that depend on one another, through the real parts: ids that an answer gives, and jobs that outlive a worker. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { settled } from '../harness/observe.ts'
import { startJobsVendor, startPeopleVendor } from '../harness/people-and-jobs.ts'
import type { RoleProcess } from '../harness/role-process.ts'
import { attribute } from '../harness/scene.ts'
import { seed } from '../harness/seed.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { testPlugins } from '../harness/test-plugins.ts'
import { until } from '../harness/until.ts'

let stack: Stack
let worker: RoleProcess
beforeAll(async () => {
  stack = await startStack({ worker: 'none', registry: testPlugins })
  worker = await stack.startTestWorker()
})
afterAll(() => stack.close())

const mappings = [attribute('user', 'user'), attribute('value', 'value')]

function users(...names: readonly string[]) {
  return names.map((user, index) => ({ id: index + 1, user, value: `v-${user}` }))
}

function publish(type: string, actionType: string, endpoint: string, rows: ReturnType<typeof users>) {
  return seed(stack)
    .workspace()
    .csvSource(rows)
    .segment()
    .connector({ endpoint }, { type })
    .action(mappings, { type: actionType })
    .publish()
}

it('people are identified, then their events tracked by the ids that came back', async () => {
  const vendor = await startPeopleVendor()
  stack.onClose(vendor.close)
  const { action } = await publish('people', 'track-event', vendor.url, users('ann', 'bob', 'cyd'))
  const { counts } = await settled(stack, action.id, 3)
  expect(counts).toMatchObject({ matched: 3, delivered: 3, requests: 2 })
  expect([...vendor.events]).toEqual([
    ['person-1', ['v-ann']],
    ['person-2', ['v-bob']],
    ['person-3', ['v-cyd']],
  ])
})

it('a job that outlives its worker is asked by the next one, and not made again', {
  timeout: 120_000,
}, async () => {
  const vendor = await startJobsVendor()
  stack.onClose(vendor.close)
  const { action } = await publish(
    'bulk',
    // A second upload would count twice.
    'upload-events',
    vendor.url,
    users('ann', 'bad', 'cyd'),
  )
  await until('the job was asked', () => vendor.polls() > 0)
  const kept = await stack.db.deliveryException.findMany({ where: { code: 'accepted' } })
  expect(kept).toHaveLength(3)
  for (const { job } of kept) {
    expect(job?.length).toBeGreaterThan(0)
    expect(Buffer.from(job ?? []).toString('latin1')).not.toContain('job-1')
  }
  const look = await stack.data('query ($id: ID!) { action(id: $id) { metrics { matched waiting } } }', {
    id: action.id,
  })
  expect(look.action.metrics).toEqual({ matched: 3, waiting: 3 })

  await worker.kill()
  vendor.finish()
  worker = await stack.startTestWorker()
  const { counts, deadLetters } = await settled(stack, action.id, 3, 90_000)
  expect(counts).toMatchObject({ matched: 3, delivered: 2, refused: 1, unknown: 0, retries: 0 })
  expect(deadLetters).toMatchObject([{ code: 'bad_row', outcome: 'REFUSED' }])
  expect(vendor.uploads()).toBe(1)
  expect([...vendor.users]).toEqual([
    ['ann', 'v-ann'],
    ['cyd', 'v-cyd'],
  ])
})

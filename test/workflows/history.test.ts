/** What Temporal keeps of a workflow: nothing of what failed, was given or came back can be read in it. */
import { randomUUID } from 'node:crypto'
import { SourceError } from '@sluice/connector-sdk'
import temporalProto from '@temporalio/proto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FencedError } from '../../engine/delivering/progress.ts'
import type { PassResult } from '../../workflows/activities/ports.ts'
import { deliverContract } from '../../workflows/contracts.ts'
import { until } from '../harness/until.ts'
import { startWorkflowDriver, type WorkflowDriver } from '../harness/workflow-driver.ts'

const { History } = temporalProto.temporal.api.history.v1
const canary = 'canary-ann@example.com'

let driver: WorkflowDriver
beforeAll(async () => {
  driver = await startWorkflowDriver()
})
afterAll(() => driver.close())

/** The history as the bytes that Temporal stores. */
async function bytesOf(workflowId: string): Promise<Buffer> {
  const history = await driver.raw.workflow.getHandle(workflowId).fetchHistory()
  return Buffer.from(History.encode(history).finish())
}

const over = (): PassResult => ({ kind: 'over' })

it('would be seen to hold a value that somebody put into it', async () => {
  const handle = await driver.raw.workflow.start('nobody', {
    workflowId: randomUUID(),
    taskQueue: 'nobody',
    args: [{ deliveryId: canary }],
  })
  const bytes = await bytesOf(handle.workflowId)
  expect(bytes.includes(canary)).toBe(true)
  expect(bytes.includes('deliveryId')).toBe(true)
  await handle.terminate()
})

it('holds arguments and results encrypted', async () => {
  const delivery = driver.pass(() => ({ kind: 'waiting', dueInMs: 123_456_789 }), over)
  const workflowId = deliverContract.workflowId({ deliveryId: delivery.id })
  await driver.starter.wakeDelivery(delivery.id)
  await until(
    'a pass is over',
    async () => (await bytesOf(workflowId)).includes('binary/sluice-encrypted') && delivery.asked() === 1,
  )
  await driver.starter.wakeDelivery(delivery.id)
  await driver.client.workflow.getHandle(workflowId).result()
  const bytes = await bytesOf(workflowId)
  for (const text of ['deliveryId', 'dueInMs', '123456789', 'waiting', 'json/plain']) {
    expect(bytes.includes(text), text).toBe(false)
  }
})

it('holds no message, no stack and no cause of what failed', async () => {
  const fails = () => {
    throw new Error(`Key (email)=(${canary}) already exists.`, { cause: new Error(canary) })
  }
  const delivery = driver.pass(fails, over)
  const workflowId = deliverContract.workflowId({ deliveryId: delivery.id })
  await driver.starter.wakeDelivery(delivery.id)
  await driver.client.workflow.getHandle(workflowId).result()

  const bytes = await bytesOf(workflowId)
  expect(bytes.includes(canary)).toBe(false)
  // The class is there for operators; who has the key reads no more than that either.
  expect(bytes.includes('Encoded failure')).toBe(true)
  expect(bytes.includes('create-activities')).toBe(false)
  const failure = await firstFailure(workflowId)
  expect(failure?.applicationFailureInfo?.type).toBe('unexpected')
  const [codec] = driver.client.options.loadedDataConverter.payloadCodecs
  const opened = (await codec?.decode([failure?.encodedAttributes ?? {}])) ?? []
  expect(Buffer.from(opened[0]?.data ?? []).toString()).toContain('unexpected')
  expect(Buffer.from(opened[0]?.data ?? []).includes(canary)).toBe(false)
})

it('has what nobody expected told outside of it, once, as it was', async () => {
  const error = new Error('a defect')
  const fails = () => {
    throw error
  }
  const delivery = driver.pass(fails, over)
  await driver.starter.wakeDelivery(delivery.id)
  await driver.client.workflow.getHandle(deliverContract.workflowId({ deliveryId: delivery.id })).result()
  expect(driver.unexpected.filter((each) => each === error)).toHaveLength(1)
})

it('holds of a failure only its class', async () => {
  const coded = (code: string) => Object.assign(new Error(canary), { code })
  const classes: readonly (readonly [unknown, string])[] = [
    [new SourceError('bad_query', canary), 'source_unavailable'],
    [coded('P1001'), 'database_unavailable'],
    [coded('P2024'), 'database_unavailable'],
    [coded('ECONNREFUSED'), 'database_unavailable'],
    [coded('seal_broken'), 'seal_broken'],
    [new FencedError(), 'pass_fenced'],
    [coded('P2002'), 'unexpected'],
    [canary, 'unexpected'],
    [{ code: 'P1001' }, 'unexpected'],
  ]
  const told = classes.map(async ([error]) => {
    const fails = () => {
      throw error
    }
    const delivery = driver.pass(fails, over)
    const workflowId = deliverContract.workflowId({ deliveryId: delivery.id })
    await driver.starter.wakeDelivery(delivery.id)
    await driver.client.workflow.getHandle(workflowId).result()
    expect((await bytesOf(workflowId)).includes(canary)).toBe(false)
    return (await firstFailure(workflowId))?.applicationFailureInfo?.type
  })
  expect(await Promise.all(told)).toEqual(classes.map(([, type]) => type))
})

async function firstFailure(workflowId: string) {
  const { events } = await driver.raw.workflow.getHandle(workflowId).fetchHistory()
  return (events ?? []).flatMap(
    ({ activityTaskStartedEventAttributes }) => activityTaskStartedEventAttributes?.lastFailure ?? [],
  )[0]
}

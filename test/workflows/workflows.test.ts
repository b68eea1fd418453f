/** The workflows on a real Temporal: what they start, what they wait for, what wakes them, and what they survive. */
import { randomBytes, randomUUID } from 'node:crypto'
import { SourceError } from '@sluice/connector-sdk'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { prepareNamespace } from '../../server/embedded/temporal-namespace.ts'
import type { PassResult, PlanResult } from '../../workflows/activities/ports.ts'
import { createWorkflowStarter } from '../../workflows/client.ts'
import {
  deliverContract,
  runLaneContract,
  syncSourceContract,
  wakeSignal,
} from '../../workflows/contracts.ts'
import { until } from '../harness/until.ts'
import { startWorkflowDriver, type WorkflowDriver } from '../harness/workflow-driver.ts'

let driver: WorkflowDriver
beforeAll(async () => {
  driver = await startWorkflowDriver()
})
afterAll(() => driver.close())

const idle = (): PlanResult => ({ kind: 'idle' })
const over = (): PassResult => ({ kind: 'over' })
const inAnHour = (): PassResult => ({ kind: 'waiting', dueInMs: 3_600_000 })
const behindOthers = (): PassResult => ({ kind: 'waiting', dueInMs: null })
const plansTo = (delivery: { readonly id: string }) => (): PlanResult => ({
  kind: 'deliver',
  deliveryId: delivery.id,
})

const laneOf = ({ id }: { readonly id: string }) => runLaneContract.workflowId({ laneId: id })
const deliverOf = ({ id }: { readonly id: string }) => deliverContract.workflowId({ deliveryId: id })

/** A door that something waits at. */
function gate() {
  let open = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open: () => open() }
}

async function statusOf(workflowId: string, runId?: string): Promise<string> {
  return (await driver.client.workflow.getHandle(workflowId, runId).describe()).status.name
}

function ended(workflowId: string): Promise<unknown> {
  return driver.client.workflow.getHandle(workflowId).result()
}

describe('runLane', () => {
  it('ends when the lane is idle', async () => {
    const lane = driver.plan(idle)
    await driver.starter.runLane(lane.id)
    await ended(laneOf(lane))
    expect(lane.asked()).toBe(1)
  })

  it('plans again at once when something moved', async () => {
    const lane = driver.plan(
      () => ({ kind: 'again' }),
      () => ({ kind: 'again' }),
      idle,
    )
    await driver.starter.runLane(lane.id)
    await ended(laneOf(lane))
    expect(lane.asked()).toBe(3)
  })

  it('starts the planned delivery, and plans the next one only when it is woken', async () => {
    const delivery = driver.pass(over)
    const lane = driver.plan(plansTo(delivery), idle)
    await driver.starter.runLane(lane.id)
    await until('the delivery is over', async () => delivery.asked() === 1)
    await ended(deliverOf(delivery))
    expect(lane.asked()).toBe(1)
    expect(await statusOf(laneOf(lane))).toBe('RUNNING')

    await driver.starter.runLane(lane.id)
    await ended(laneOf(lane))
    expect(lane.asked()).toBe(2)
  })

  it('goes from one delivery to the next, each time it is woken, in order', async () => {
    const first = driver.pass(over)
    const second = driver.pass(over)
    const lane = driver.plan(plansTo(first), plansTo(second), idle)
    await driver.starter.runLane(lane.id)
    await until('the first is sent', () => first.asked() === 1)
    expect(second.asked()).toBe(0)
    await driver.starter.runLane(lane.id)
    await until('the second is sent', () => second.asked() === 1)
    await driver.starter.runLane(lane.id)
    await ended(laneOf(lane))
    expect([lane.asked(), lane.overlaps()]).toEqual([3, 0])
  })

  it('leaves a delivery alone that runs already', async () => {
    const delivery = driver.pass(inAnHour, over)
    const lane = driver.plan(plansTo(delivery), plansTo(delivery), idle)
    await driver.starter.runLane(lane.id)
    await until('it is sent', () => delivery.asked() === 1)
    await driver.starter.runLane(lane.id)
    await until('it is planned again', () => lane.asked() === 2)
    await driver.starter.runLane(lane.id)
    await ended(laneOf(lane))
    expect(await statusOf(deliverOf(delivery))).toBe('RUNNING')
    expect(delivery.asked()).toBe(1)
    await driver.starter.wakeDelivery(delivery.id)
    await ended(deliverOf(delivery))
  })

  it('starts a delivery anew whose workflow was lost', async () => {
    const delivery = driver.pass(inAnHour, over)
    const lane = driver.plan(plansTo(delivery), plansTo(delivery), idle)
    await driver.starter.runLane(lane.id)
    await until('it is sent', () => delivery.asked() === 1)
    await driver.client.workflow.getHandle(deliverOf(delivery)).terminate()
    await driver.starter.runLane(lane.id)
    await until('it is sent again', () => delivery.asked() === 2)
    await driver.starter.runLane(lane.id)
    await ended(laneOf(lane))
  })

  it('hears a word that comes while it is planning', async () => {
    const planning = gate()
    const lane = driver.plan(() => planning.passed.then(idle), idle)
    await driver.starter.runLane(lane.id)
    await until('it is planning', () => lane.asked() === 1)
    await driver.starter.runLane(lane.id)
    planning.open()
    await ended(laneOf(lane))
    expect(lane.asked()).toBe(2)
  })

  it('is one, however often it is started', async () => {
    const planning = gate()
    const lane = driver.plan(() => planning.passed.then(idle), idle)
    await Promise.all(Array.from({ length: 10 }, () => driver.starter.runLane(lane.id)))
    await until('it is planning', () => lane.asked() === 1)
    planning.open()
    await ended(laneOf(lane))
    // All the words that came while it was planning are one more look; those before it are none.
    expect(lane.asked()).toBeLessThanOrEqual(2)
    expect(lane.overlaps()).toBe(0)
  })

  it('can run again when it has ended', async () => {
    const lane = driver.plan(idle)
    for (const times of [1, 2, 3]) {
      await driver.starter.runLane(lane.id)
      await ended(laneOf(lane))
      expect(lane.asked()).toBe(times)
    }
  })

  it('does not take its delivery with it when it ends', async () => {
    const delivery = driver.pass(inAnHour, over)
    const lane = driver.plan(plansTo(delivery), idle)
    await driver.starter.runLane(lane.id)
    await until('it is sent', () => delivery.asked() === 1)
    await driver.client.workflow.getHandle(laneOf(lane)).terminate()
    expect(await statusOf(deliverOf(delivery))).toBe('RUNNING')
    await driver.starter.wakeDelivery(delivery.id)
    await ended(deliverOf(delivery))
  })
})

describe('deliver', () => {
  it('passes again when it is due, by itself, until it is over', async () => {
    const delivery = driver.pass(
      () => ({ kind: 'waiting', dueInMs: 200 }),
      () => ({ kind: 'waiting', dueInMs: 0 }),
      over,
    )
    await driver.starter.wakeDelivery(delivery.id)
    await ended(deliverOf(delivery))
    expect([delivery.asked(), delivery.overlaps()]).toEqual([3, 0])
  })

  it.each<[string, () => PassResult]>([
    ['waits', inAnHour],
    ['waits for other deliveries', behindOthers],
    ['is paused', () => ({ kind: 'paused' })],
  ])('passes again when it is woken while it %s, and by itself only after an hour', async (_, first) => {
    const delivery = driver.pass(first, over)
    await driver.starter.wakeDelivery(delivery.id)
    // The word that started it is no reason for a second pass.
    expect(await until('it waits', () => timerOf(deliverOf(delivery)))).toBe(3_600)
    expect(delivery.asked()).toBe(1)
    await driver.starter.wakeDelivery(delivery.id)
    await ended(deliverOf(delivery))
    expect(delivery.asked()).toBe(2)
  })

  it('hears a word that comes during a pass: what it was about may be too late for that one', async () => {
    const sending = gate()
    const delivery = driver.pass(() => sending.passed.then(inAnHour), over)
    await driver.starter.wakeDelivery(delivery.id)
    await until('it is sending', () => delivery.asked() === 1)
    await driver.starter.wakeDelivery(delivery.id)
    sending.open()
    await ended(deliverOf(delivery))
    expect(delivery.asked()).toBe(2)
  })

  it('tries a pass again that failed', async () => {
    const locked = () => {
      throw new SourceError('locked', 'The file is locked.')
    }
    const delivery = driver.pass(locked, over)
    await driver.starter.wakeDelivery(delivery.id)
    await ended(deliverOf(delivery))
    expect(delivery.asked()).toBe(2)
  })

  it('goes on in another worker when its own shuts down', async () => {
    const stopped = (signal: AbortSignal) =>
      new Promise<PassResult>((_, reject) =>
        signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }),
      )
    const delivery = driver.pass(stopped, over)
    await driver.starter.wakeDelivery(delivery.id)
    await until('it is sending', () => delivery.asked() === 1)
    await driver.replaceWorker()
    await ended(deliverOf(delivery))
    expect(delivery.asked()).toBe(2)
    expect(driver.unexpected).not.toContainEqual(expect.objectContaining({ message: 'stopped' }))
  })

  it.each<[string, (signal: AbortSignal, late: Promise<PassResult>) => Promise<PassResult>]>([
    ['is told so and goes', (signal) => new Promise((_, reject) => signal.addEventListener('abort', reject))],
    ['answers much too late', (_, late) => late],
  ])('is started anew although a pass is under way, which %s', async (_, hangs) => {
    const late = gate()
    const delivery = driver.pass((signal) => hangs(signal, late.passed.then(over)), inAnHour, over)
    await driver.starter.wakeDelivery(delivery.id)
    await until('it hangs', () => delivery.asked() === 1)
    const { runId } = await driver.client.workflow.getHandle(deliverOf(delivery)).describe()
    await driver.starter.restartDelivery(delivery.id)
    await until('another pass was there, and waits', () => timerOf(deliverOf(delivery)))
    late.open()
    expect(await statusOf(deliverOf(delivery), runId)).toBe('TERMINATED')
    // What waits for a time is started anew just as well, and so is what has ended.
    for (const times of [3, 4]) {
      await driver.starter.restartDelivery(delivery.id)
      await ended(deliverOf(delivery))
      expect(delivery.asked()).toBe(times)
    }
  })

  it('starts again after it was over: a replayed or lost delivery is never locked out', async () => {
    const delivery = driver.pass(over)
    for (const times of [1, 2]) {
      await driver.starter.wakeDelivery(delivery.id)
      await ended(deliverOf(delivery))
      expect(delivery.asked()).toBe(times)
    }
  })
})

describe('syncSource', () => {
  it('polls again and again until nobody needs the source', async () => {
    const polled = () => ({ kind: 'polled' }) as const
    const source = driver.poll(polled, polled, polled, () => ({ kind: 'stop' }))
    await driver.starter.syncSource(source.id)
    await ended(syncSourceContract.workflowId({ dataSourceId: source.id }))
    expect([source.asked(), source.overlaps()]).toEqual([4, 0])
  })

  it('waits durably until its schedule is due, or until it is woken', async () => {
    const inADay = () => ({ kind: 'scheduled', dueInMs: 86_400_000 }) as const
    const soon = () => ({ kind: 'scheduled', dueInMs: 1 }) as const
    const source = driver.poll(inADay, soon, () => ({ kind: 'stop' }))
    const workflowId = syncSourceContract.workflowId({ dataSourceId: source.id })
    await driver.starter.syncSource(source.id)
    await until('it waits', async () => (await timerOf(workflowId)) === 86_400)
    await driver.replaceWorker()
    expect(source.asked()).toBe(1)
    await driver.starter.syncSource(source.id)
    await ended(workflowId)
    expect([source.asked(), source.overlaps()]).toEqual([3, 0])
  })

  it('polls on when a poll fails', async () => {
    const fails = () => {
      throw new SourceError('unreachable', 'The host does not answer.')
    }
    const source = driver.poll(fails, () => ({ kind: 'stop' }))
    await driver.starter.syncSource(source.id)
    await ended(syncSourceContract.workflowId({ dataSourceId: source.id }))
    expect(source.asked()).toBe(2)
  })
})

describe('an input that is no id', () => {
  it('is refused before anything is started', async () => {
    await expect(driver.starter.runLane('ann@example.com')).rejects.toThrow()
    await expect(driver.starter.wakeDelivery('')).rejects.toThrow()
    await expect(driver.starter.syncSource('*')).rejects.toThrow()
  })
})

it('is known to have a worker, or none', async () => {
  await until('the worker asks for work', () => driver.starter.hasWorker())
  const { address } = inject('temporal')
  const namespace = `nobody-${randomUUID()}`
  await prepareNamespace(address, namespace)
  const starter = await createWorkflowStarter({ address, namespace, masterKey: randomBytes(32) })
  expect(await starter.hasWorker()).toBe(false)
  await starter.close()
})

it('is woken by one name: the contract’s', () => {
  expect(wakeSignal).toBe('wake')
})

/** How many seconds the workflow waits at first. */
async function timerOf(workflowId: string): Promise<number | undefined> {
  const { events } = await driver.client.workflow.getHandle(workflowId).fetchHistory()
  const [timer] = (events ?? []).flatMap(
    ({ timerStartedEventAttributes }) => timerStartedEventAttributes ?? [],
  )
  return timer === undefined ? undefined : Number(timer.startToFireTimeout?.seconds ?? 0)
}

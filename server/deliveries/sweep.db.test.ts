/** What the sweep starts: all that should be under way and is not, and nothing that waits for a time or a person. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Prisma } from '../../prisma/generated/client/client.ts'
import { createLaneFixture, type LaneFixture, type TestLane } from '../../test/harness/lane-fixture.ts'
import { createRecordingWorkflows } from '../../test/harness/recording-workflows.ts'
import { until } from '../../test/harness/until.ts'
import type { WorkflowStarter } from '../../workflows/client.ts'
import { createLogger } from '../logger.ts'
import { startSweep } from './sweep.ts'

let fixture: LaneFixture
let lane: TestLane
beforeAll(async () => {
  fixture = await createLaneFixture()
})
beforeEach(async () => {
  // The sweep looks at everything: each test has the database to itself.
  await fixture.db.lane.deleteMany()
  lane = await fixture.addLane()
})
afterAll(() => fixture.close())

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000)
const never = 3_600_000

function createScene() {
  const workflows = createRecordingWorkflows()
  const lines: string[] = []
  const log = createLogger({ level: 'debug', destination: { write: (line) => lines.push(line) } })
  const idsOf = (verb: keyof WorkflowStarter, from = 0) =>
    workflows.calls.slice(from).flatMap((call) => (call.verb === verb ? [call.id] : []))
  return { deps: { db: fixture.db, workflows, log, everyMs: never }, workflows, lines, idsOf }
}

/** What the first sweep of a worker wakes. */
async function wokenAtStart(): Promise<readonly string[]> {
  const { deps, idsOf } = createScene()
  const sweep = await startSweep(deps)
  sweep.stop()
  return idsOf('wakeDelivery')
}

/** What a worker that has been there for a while starts anew: nothing is merely woken. */
async function restartedLater(): Promise<readonly string[]> {
  const { deps, idsOf, workflows } = createScene()
  const sweep = await startSweep({ ...deps, everyMs: 20 })
  const { length } = workflows.calls
  // Each sweep begins with the sources: when the third begins, the second is over.
  await until('it has swept twice more', () => idsOf('syncSource', length).length > 1)
  sweep.stop()
  expect(idsOf('wakeDelivery', length)).toEqual([])
  return [...new Set(idsOf('restartDelivery', length))]
}

type Fields = Partial<Prisma.DeliveryUncheckedCreateInput>
const due: readonly [string, Fields][] = [
  ['planned and not begun', { state: 'PENDING' }],
  ['sent by a worker that is gone', { state: 'RUNNING' }],
  ['waiting for others', { state: 'WAITING', waitingUntil: null }],
  ['waiting for a time that has come', { state: 'WAITING', waitingUntil: inMinutes(-1) }],
  ['paused, though its action goes on', { state: 'PAUSED' }],
]
const notDue: readonly [string, Fields][] = [
  ['waiting for a time to come', { state: 'WAITING', waitingUntil: inMinutes(60) }],
  ['completed', { state: 'COMPLETED' }],
  ['cancelled', { state: 'CANCELLED' }],
]

describe('a delivery', () => {
  it.each(due)(
    'is woken at once by a new worker that is %s, and started anew by others after two quiet minutes',
    async (_, fields) => {
      const quiet = await lane.addDelivery({ ...fields, lastCommitAt: inMinutes(-2.1) })
      const fresh = await lane.addDelivery({ ...fields, lastCommitAt: inMinutes(-0.5) })
      expect((await wokenAtStart()).toSorted()).toEqual([quiet.id, fresh.id].sort())
      expect(await restartedLater()).toEqual([quiet.id])
    },
  )

  it.each(notDue)('is left alone that is %s', async (_, fields) => {
    await lane.addDelivery({ ...fields, lastCommitAt: inMinutes(-60) })
    expect(await wokenAtStart()).toEqual([])
  })

  it.each(due)('is left alone that is %s, while its action is paused', async (_, fields) => {
    await lane.addDelivery({ ...fields, lastCommitAt: inMinutes(-60) })
    await fixture.db.action.updateMany({ data: { pausedAt: new Date() } })
    expect(await wokenAtStart()).toEqual([])
  })

  it('is found among any number of others, and woken once', async () => {
    const { workspaceId, id: laneId, actionId } = lane.lane
    const common = {
      workspaceId,
      laneId,
      actionId,
      versionNumber: 1,
      pluginVersion: '1',
      until: Buffer.of(1),
    }
    const deliveries = Array.from({ length: 1_201 }, (_, index) => ({
      ...common,
      id: randomUUID(),
      sequence: index + 1,
    }))
    await fixture.db.delivery.createMany({ data: deliveries })
    expect(await wokenAtStart()).toEqual(deliveries.map(({ id }) => id).sort())
  })
})

describe('a source', () => {
  it('is polled that lanes of a published version read, once however many do', async () => {
    const { workspaceId, dataSourceId } = lane.lane
    const beside = await fixture.addLane(lane)
    await fixture.db.lane.update({ where: { id: beside.lane.id }, data: { dataSourceId } })
    const unpublished = await fixture.addLane()
    await fixture.db.workspace.update({
      where: { id: unpublished.lane.workspaceId },
      data: { liveVersion: null },
    })
    const { deps, idsOf } = createScene()
    const sweep = await startSweep(deps)
    sweep.stop()
    expect(workspaceId).toBe(beside.lane.workspaceId)
    expect(idsOf('syncSource')).toEqual([dataSourceId])
  })
})

describe('a sweep', () => {
  it('that fails is told of and tried again', async () => {
    const { id } = await lane.addDelivery({ lastCommitAt: inMinutes(-60) })
    const { deps, idsOf, lines } = createScene()
    let failures = 0
    const workflows = {
      ...deps.workflows,
      async restartDelivery(deliveryId: string) {
        const sweeps = idsOf('syncSource').length
        if (sweeps === 2 || sweeps === 4) {
          failures += 1
          throw new Error('Temporal does not answer.')
        }
        await deps.workflows.restartDelivery(deliveryId)
      },
    }
    const sweep = await startSweep({ ...deps, workflows, everyMs: 20 })
    await until(
      'it has swept after both failures',
      () => failures === 2 && idsOf('restartDelivery').length > 1,
    )
    sweep.stop()
    expect(new Set(idsOf('restartDelivery'))).toEqual(new Set([id]))
    const warnings = lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'warn')
    expect(warnings).toHaveLength(2)
  })

  it('that lasts is not joined by another', async () => {
    await lane.addDelivery({ lastCommitAt: inMinutes(-60) })
    const { deps } = createScene()
    let open = () => {}
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    let underWay = 0
    let overlaps = 0
    let polls = 0
    const workflows = {
      ...deps.workflows,
      async syncSource() {
        polls += 1
        underWay += 1
        if (underWay > 1) overlaps += 1
        if (polls === 2) await opened
        underWay -= 1
      },
    }
    const sweep = await startSweep({ ...deps, workflows, everyMs: 5 })
    await until('the second sweep is under way', () => polls === 2)
    await until('other sweeps were due', ticks(20, 5))
    open()
    await until('the next one came', () => polls > 3)
    sweep.stop()
    expect(overlaps).toBe(0)
  })

  it('that has been stopped does not come again', async () => {
    const { deps, workflows } = createScene()
    const sweep = await startSweep({ ...deps, everyMs: 5 })
    sweep.stop()
    const { length } = workflows.calls
    await until('others were due', ticks(20, 5))
    // One may have been under way.
    expect(workflows.calls.length).toBeLessThanOrEqual(length + 1)
  })
})

/** Whether a timer of this process has rung so often. */
function ticks(times: number, everyMs: number): () => boolean {
  let count = 0
  const timer = setInterval(() => {
    count += 1
    if (count === times) clearInterval(timer)
  }, everyMs)
  return () => count >= times
}

describe('lanes', () => {
  async function wokenLanes(): Promise<readonly string[]> {
    const { deps, idsOf } = createScene()
    const sweep = await startSweep(deps)
    sweep.stop()
    return idsOf('runLane')
  }

  it('are woken when a re-scan of theirs is due, though nothing in the source has changed', async () => {
    const { id } = await fixture.db.lane.findFirstOrThrow()
    const setNext = (nextRescanAt: Date | null) =>
      fixture.db.lane.update({ where: { id }, data: { nextRescanAt } })
    expect(await wokenLanes()).toEqual([])
    await setNext(inMinutes(-1))
    expect(await wokenLanes()).toEqual([id])
    await setNext(inMinutes(1))
    expect(await wokenLanes()).toEqual([])
  })

  it('are not woken for it while their action is paused', async () => {
    await fixture.db.lane.updateMany({ data: { nextRescanAt: inMinutes(-1) } })
    await fixture.db.action.updateMany({ data: { pausedAt: new Date() } })
    expect(await wokenLanes()).toEqual([])
    await fixture.db.action.updateMany({ data: { pausedAt: null } })
  })
})

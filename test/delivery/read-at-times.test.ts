/** Sources that are read whole, at times, or by a timestamp alone: what reaches the vendor, through all parts. */
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { attribute, type Scene, withScenes } from '../harness/scene.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/until.ts'
import { plans, sends } from '../harness/what-was-sent.ts'

let stack: Stack
const it = withScenes(() => stack)
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

const mappings = [attribute('externalId', 'id'), attribute('attributes', 'plan', 'plan')]
const rows = (plan: string) => [1, 2, 3].map((id) => ({ id, plan }))

/** Lets its hour come. */
async function letItBeDue({ action, publish }: Scene): Promise<void> {
  const { dataSourceId } = await stack.db.lane.findFirstOrThrow({
    where: { action: { id: action.id.slice('Action_'.length) } },
  })
  await until('its next time is known', async () => {
    const progress = await stack.db.sourceProgress.findUnique({ where: { dataSourceId } })
    return (progress?.nextRunAt ?? new Date(0)) > new Date()
  })
  await stack.db.sourceProgress.update({ where: { dataSourceId }, data: { nextRunAt: new Date() } })
  // It sleeps until the hour; a publish wakes it.
  await publish()
}

async function statusOf({ source }: Scene): Promise<string> {
  const { dataSource } = await stack.data('query ($id: ID!) { dataSource(id: $id) { status } }', source)
  return dataSource.status
}

describe.concurrent('a source', () => {
  it('that is read whole is sent again at each of its times, changed in place or not', async ({
    createScene,
  }) => {
    const source = { cursorMode: 'FULL_RESYNC', schedule: { kind: 'HOURLY', minute: 0 } }
    const scene = await createScene({ from: rows('free'), source, mappings })
    await letItBeDue(scene)
    expect((await scene.settled(3)).counts).toMatchObject({ matched: 3, delivered: 3 })
    await until('it waits for its next time', async () => (await statusOf(scene)) === 'SCHEDULED')
    await scene.replaceRows([{ id: 0, plan: 'new' }, ...rows('premium').slice(1)])
    await letItBeDue(scene)
    const { counts, isAtSourceEnd } = await scene.settled(6)
    expect([counts.delivered, isAtSourceEnd]).toEqual([6, true])
    expect(sends(scene)).toEqual({ 0: 1, 1: 1, 2: 2, 3: 2 })
    expect(plans(scene)).toEqual({ 0: 'new', 1: 'free', 2: 'premium', 3: 'premium' })
  })

  it('whose rows share a timestamp loses none of them, in however many queries it is read', async ({
    createScene,
  }) => {
    const from = Array.from({ length: 2_500 }, (_, id) => ({
      ...{ id: id + 1, plan: 'free' },
      seen: '2026-01-01 06:00:00',
    }))
    const byTime = { cursorMode: 'TIMESTAMP', timestampColumn: 'seen', incrementColumn: null }
    const scene = await createScene({ from, source: { ...byTime, batchRows: 1_000 }, mappings })
    expect((await scene.settled(2_500)).counts).toMatchObject({ matched: 2_500, delivered: 2_500 })
    expect(new Set(Object.values(sends(scene)))).toEqual(new Set([1]))
  })
})

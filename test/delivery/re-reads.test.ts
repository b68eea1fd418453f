/** Rows that move, lose their place, come late or go while a delivery that has them is open. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { createBrazeSimulator } from '@sluice/connector-braze/testing'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { type DuckdbWriter, startDuckdbWriter } from '../harness/duckdb-writer.ts'
import { mutate } from '../harness/mutate.ts'
import { settled } from '../harness/observe.ts'
import { attribute, type Scene, withScenes } from '../harness/scene.ts'
import { type Row, seed } from '../harness/seed.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/until.ts'
import { history, plans } from '../harness/what-was-sent.ts'

let stack: Stack
let writer: DuckdbWriter
const it = withScenes(() => stack)
beforeAll(async () => {
  writer = startDuckdbWriter()
  stack = await startStack()
})
afterAll(async () => {
  await stack.close()
  await writer.close()
})

const mappings = [attribute('externalId', 'id'), attribute('attributes', 'plan', 'plan')]
const byTime = { cursorMode: 'TIMESTAMP_INCREMENTING', timestampColumn: 'changed_at', incrementColumn: 'id' }
const isDown = { kind: 'status', status: 503, times: Number.POSITIVE_INFINITY } as const

function row(id: number, plan: string, second: number): Row {
  return { id, plan, changed_at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString() }
}

function untilWaiting(scene: Scene, deliveries: number): Promise<unknown> {
  return until(`${deliveries} deliveries wait`, async () => {
    const observed = await scene.look()
    return (
      observed.deliveries.length === deliveries &&
      observed.deliveries.every(({ errorCode }) => errorCode !== null)
    )
  })
}

async function giveKeyAndResume(scene: Scene): Promise<void> {
  await mutate(stack, 'updateConnector', {
    ...scene.connector,
    settings: { endpoint: scene.braze.url, apiKey: scene.braze.apiKey },
  })
  await mutate(stack, 'resumeAction', { id: scene.action.id })
}

describe.concurrent('a row whose delivery waits', () => {
  it('and that changes again and again is delivered once, with its last value', async ({ createScene }) => {
    const scene = await createScene({
      from: [row(1, 'a', 1), row(2, 'x', 2)],
      source: byTime,
      mappings,
      action: { retryDelaysMs: [700] },
      faults: [isDown],
    })
    await untilWaiting(scene, 1)
    await scene.replaceRows([row(1, 'b', 11), row(2, 'x', 2)])
    await until('the second value is stored', async () => (await scene.look()).counts.matched === 3)
    await scene.replaceRows([row(1, 'c', 21), row(2, 'x', 2)])
    await until('the older values are superseded', async () => (await scene.look()).counts.superseded === 2)
    scene.braze.faults.clear()
    const { counts } = await scene.settled(4)
    expect(counts).toMatchObject({ matched: 4, delivered: 2, superseded: 2 })
    expect(history(scene, 1).join()).toMatch(/^(a 503,)+(b 503,)*(c 503,)*c 201$/)
    expect(plans(scene)).toEqual({ 1: 'c', 2: 'x' })
  })

  it('and that gets another key is gone under the old one, and delivered under the new', async ({
    createScene,
  }) => {
    const scene = await createScene({
      from: [row(1, 'a', 1), row(2, 'b', 2)],
      source: byTime,
      mappings,
      action: { retryDelaysMs: [500] },
      faults: [isDown],
    })
    await untilWaiting(scene, 1)
    await scene.replaceRows([row(2, 'b', 2), row(7, 'a', 9)])
    await until('the old key is gone', async () => (await scene.look()).counts.gone === 1)
    scene.braze.faults.clear()
    expect((await scene.settled(3)).counts).toMatchObject({ matched: 3, delivered: 2, gone: 1 })
    expect(plans(scene)).toEqual({ 2: 'b', 7: 'a' })
  })

  it('and that loses its cursor has no place any more: it is superseded, and sent when it has one again', async ({
    createScene,
  }) => {
    const scene = await createScene({
      from: [row(1, 'a', 1), row(2, 'b', 2)],
      source: byTime,
      mappings,
      action: { retryDelaysMs: [500] },
      faults: [isDown],
    })
    await untilWaiting(scene, 1)
    await scene.replaceRows([{ ...row(1, 'a', 1), changed_at: null }, row(2, 'b', 2)])
    await until('it is superseded', async () => (await scene.look()).counts.superseded === 1)
    scene.braze.faults.clear()
    expect((await scene.settled(2)).counts).toMatchObject({ matched: 2, delivered: 1, superseded: 1 })
    expect(plans(scene)).toEqual({ 2: 'b' })
    await scene.replaceRows([row(1, 'a', 9), row(2, 'b', 2)])
    expect((await scene.settled(3)).counts).toMatchObject({ matched: 3, delivered: 2, superseded: 1 })
    expect(plans(scene)).toEqual({ 1: 'a', 2: 'b' })
  })
})

describe.concurrent('a page that is stored and not yet sent', () => {
  it('takes in rows that come late between its own, counts them, and loses none at its borders', async ({
    createScene,
  }) => {
    // 75 rows a slice, of which a wrong key lets only the first ones be tried: these here lie far behind, at the
    // start of a slice, in its middle, on both sides of its end, and at the end of the page.
    const rows = Array.from({ length: 3_000 }, (_, index) => row(2 * index + 2, 'a', 2 * index + 2))
    const late = [4_501, 4_577, 4_649, 4_651, 5_999].map((id) => row(id, 'late', id))
    const scene = await createScene({ from: rows, source: byTime, mappings, apiKey: 'wrong' })
    await until('the action is paused', async () => (await scene.look()).deliveries[0]?.state === 'PAUSED')
    await scene.replaceRows([...late, ...rows])
    await giveKeyAndResume(scene)
    const { counts, deliveries } = await scene.settled(3_005)
    expect(deliveries).toHaveLength(1)
    expect(counts).toMatchObject({ matched: 3_005, delivered: 3_005, superseded: 0, gone: 0 })
    const all = [...rows, ...late].map(({ id, plan }) => [String(id), plan])
    expect(plans(scene)).toEqual(Object.fromEntries(all))
    expect(scene.braze.objects).toBe(3_005)
  })

  it('whose every row has gone or moved is over without a request', async ({ createScene }) => {
    const rows = Array.from({ length: 1_500 }, (_, index) => row(index + 1, 'a', index + 1))
    const scene = await createScene({ from: rows, source: byTime, mappings, apiKey: 'wrong' })
    await until('the action is paused', async () => (await scene.look()).deliveries[0]?.state === 'PAUSED')
    await scene.replaceRows([row(1_500, 'b', 9_999)])
    await giveKeyAndResume(scene)
    const { counts, deliveries } = await scene.settled(1_501)
    expect(deliveries[0]).toMatchObject({ matched: 1_500, delivered: 0, waiting: 0 })
    expect(counts).toMatchObject({ matched: 1_501, delivered: 1 })
    expect(counts.superseded + counts.gone).toBe(1_500)
    expect(scene.braze.objects).toBe(1)
    expect(plans(scene)).toEqual({ 1500: 'b' })
  })
})

describe.concurrent('a row without a value in key or cursor', () => {
  it('is not delivered, but counted where the data source is shown', async ({ onTestFinished }) => {
    const path = join(stack.folder, `${randomUUID()}.duckdb`)
    await writer.write(
      path,
      'CREATE TABLE customers (id BIGINT, plan VARCHAR, changed_at TIMESTAMP)',
      "INSERT INTO customers VALUES (1, 'a', '2026-01-01'), (2, 'b', '2026-01-02')",
    )
    const braze = await createBrazeSimulator()
    onTestFinished(braze.close)
    const made = await seed(stack)
      .workspace()
      .fileSource(path, { ...byTime, pollIntervalMs: 250 })
      .segment()
      .connector({ endpoint: braze.url, apiKey: braze.apiKey })
      .action(mappings)
      .create()
    const read = async () => {
      const document = 'query ($id: ID!) { dataSource(id: $id) { nullPositions nullPositionsAt errorCode } }'
      return (await stack.data(document, { id: made.source.id })).dataSource
    }
    expect(await read()).toEqual({ nullPositions: 0, nullPositionsAt: null, errorCode: null })
    await writer.write(
      path,
      "INSERT INTO customers VALUES (3, 'no time', NULL), (NULL, 'no key', '2026-01-01 12:00:00'), (NULL, 'neither', NULL)",
    )
    await mutate(stack, 'publishVersion', { workspaceId: made.workspace.id, notes: 'go' })
    onTestFinished(async () => {
      await mutate(stack, 'deactivateAction', { id: made.action.id, revision: made.action.revision })
      await mutate(stack, 'publishVersion', { workspaceId: made.workspace.id, notes: 'stop' })
    })
    const { counts } = await settled(stack, made.action.id, 2)
    expect(counts).toMatchObject({ matched: 2, delivered: 2 })
    const shown = await until('they are counted', async () => {
      const source = await read()
      return source.nullPositionsAt !== null && source
    })
    expect(shown).toMatchObject({ nullPositions: 3, errorCode: null })
    expect(Date.parse(shown.nullPositionsAt)).toBeGreaterThan(0)
    expect([...braze.profiles()].map(({ externalId }) => externalId).sort()).toEqual(['1', '2'])
  })
})

/** Files that are replaced, locked, cut short or taken away while a delivery reads them. */
import { randomUUID } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { type DuckdbWriter, startDuckdbWriter } from '../harness/duckdb-writer.ts'
import { mutate } from '../harness/mutate.ts'
import { attribute, type Scene, withScenes } from '../harness/scene.ts'
import type { Row } from '../harness/seed.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/until.ts'
import { histories, plans, sends } from '../harness/what-was-sent.ts'

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

const always = Number.POSITIVE_INFINITY
const mappings = [attribute('externalId', 'id'), attribute('attributes', 'plan', 'plan')]
const byTime = { cursorMode: 'TIMESTAMP_INCREMENTING', timestampColumn: 'changed_at', incrementColumn: 'id' }
const isDown = { kind: 'status', status: 503, times: always } as const
const isSlow = { kind: 'slow', delayMs: 200, times: always } as const

function row(id: number, plan: string, second: number): Row {
  return { id, plan, changed_at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString() }
}

function rowsTo(last: number): readonly Row[] {
  return Array.from({ length: last }, (_, index) => row(index + 1, 'a', index + 1))
}

/** Every tenth row has changed, and the one after it has been deleted. */
const hasChanged = (id: number) => id % 10 === 0
const isDeleted = (id: number) => id % 10 === 1

function nextRows(rows: readonly Row[]): readonly Row[] {
  return rows
    .filter(({ id }) => !isDeleted(Number(id)))
    .map((each) => (hasChanged(Number(each['id'])) ? row(Number(each['id']), 'b', 100_000) : each))
}

/** Makes a .duckdb file with the rows from 1 on; `isNext` makes of it what {@link nextRows} makes of rows. */
async function makeWarehouse(count: number, isNext = false): Promise<string> {
  const path = join(stack.folder, `${randomUUID()}.duckdb`)
  await writer.write(
    path,
    'CREATE TABLE customers (id BIGINT, plan VARCHAR, changed_at TIMESTAMP)',
    `INSERT INTO customers SELECT n, 'a', TIMESTAMP '2026-01-01' + INTERVAL (n) SECOND FROM range(1, ${count + 1}) AS r(n)`,
    ...(isNext
      ? [
          'DELETE FROM customers WHERE id % 10 = 1',
          "UPDATE customers SET plan = 'b', changed_at = TIMESTAMP '2026-01-01' + INTERVAL 100000 SECOND WHERE id % 10 = 0",
        ]
      : []),
  )
  return path
}

/** What must be true of a file that was read to its end although another took its place. */
async function expectDelivered(scene: Scene, count: number): Promise<void> {
  const { counts } = await scene.settled(count + count / 10)
  expect(counts.matched).toBe(count + count / 10)
  await expectRows(scene, count)
}

/** What must be true however much of the old file the first delivery had read when it was replaced. */
async function expectRows(scene: Scene, count: number): Promise<void> {
  const { counts, deadLetters, source } = await scene.look()
  expect(source.errorCode).toBeNull()
  expect(deadLetters).toEqual([])
  expect(counts.delivered + counts.superseded + counts.gone).toBe(counts.matched)
  const now = plans(scene)
  const sent = histories(scene)
  const wrong = Array.from({ length: count }, (_, index) => index + 1).filter((id) => {
    const own = (sent.get(String(id)) ?? []).join()
    if (isDeleted(id)) return own !== '' && own !== 'a 201'
    if (hasChanged(id)) return !/^(a 201,)?b 201$/.test(own)
    return own !== 'a 201' || now[id] !== 'a'
  })
  expect(wrong).toEqual([])
}

function untilSome(scene: Scene, atLeast: number): Promise<unknown> {
  return until('some are delivered', () => scene.braze.objects >= atLeast)
}

describe.concurrent('a file that another replaces while it is delivered', () => {
  it('in CSV is read on or anew: nothing is lost, nothing comes twice', async ({ createScene }) => {
    const rows = rowsTo(6_000)
    const scene = await createScene({
      from: rows,
      source: byTime,
      mappings,
      braze: { keepRequests: always },
      faults: [isSlow],
    })
    await untilSome(scene, 300)
    await scene.replaceRows(nextRows(rows))
    expect(scene.braze.objects).toBeLessThan(6_000)
    scene.braze.faults.clear()
    await expectDelivered(scene, 6_000)
  })

  it('in DuckDB’s format is read on or anew: nothing is lost, nothing comes twice', async ({
    createScene,
  }) => {
    const [path, next] = [await makeWarehouse(21_000), await makeWarehouse(21_000, true)]
    const scene = await createScene({
      from: path,
      source: byTime,
      mappings,
      braze: { keepRequests: always },
      faults: [isSlow],
    })
    await untilSome(scene, 300)
    await rename(next, path)
    expect(scene.braze.objects).toBeLessThan(21_000)
    scene.braze.faults.clear()
    await expectDelivered(scene, 21_000)
  })

  it('and that was paused meanwhile is read anew', async ({ createScene }) => {
    const [path, next] = [await makeWarehouse(12_000), await makeWarehouse(12_000, true)]
    const scene = await createScene({
      from: path,
      source: byTime,
      mappings,
      braze: { keepRequests: always },
      faults: [isSlow],
    })
    await untilSome(scene, 300)
    await mutate(stack, 'pauseAction', { id: scene.action.id })
    await until('the delivery stands', async () => (await scene.look()).deliveries[0]?.state === 'PAUSED')
    const sent = scene.braze.objects
    expect(sent).toBeLessThan(12_000)
    await rename(next, path)
    scene.braze.faults.clear()
    await mutate(stack, 'resumeAction', { id: scene.action.id })
    const { counts } = await until('both deliveries are through', async () => {
      const observed = await scene.look()
      const { deliveries, isAtSourceEnd } = observed
      const isThrough = isAtSourceEnd && deliveries.every(({ state }) => state === 'COMPLETED')
      return isThrough && deliveries.length === 2 && observed
    })
    await expectRows(scene, 12_000)
    // What had been counted and not sent came from the new file; what had not even been read was never counted.
    expect(counts.superseded + counts.gone).toBeGreaterThan(0)
    expect(counts.matched).toBeLessThanOrEqual(12_000 + 1_200)
  })
})

describe.concurrent('a .duckdb file that a writer opens while it is delivered', () => {
  it('is waited for when rows are due again, and says so', async ({ createScene }) => {
    const path = await makeWarehouse(20)
    const scene = await createScene({
      from: path,
      source: byTime,
      mappings,
      action: { retryDelaysMs: [500] },
      faults: [isDown],
    })
    await until('the records wait', async () => (await scene.look()).deliveries[0]?.state === 'WAITING')
    const release = await writer.hold(
      path,
      "UPDATE customers SET plan = 'b', changed_at = TIMESTAMP '2026-01-02' WHERE id = 10",
      'DELETE FROM customers WHERE id = 11',
    )
    await until('source and delivery tell why they stand', async () => {
      const { deliveries, source } = await scene.look()
      return source.errorCode === 'locked' && deliveries[0]?.errorCode === 'locked'
    })
    scene.braze.faults.clear()
    expect((await scene.look()).counts).toMatchObject({ matched: 20, waiting: 20 })
    await release()
    const { counts, deliveries, source } = await scene.settled(21)
    expect(source.errorCode).toBeNull()
    expect(deliveries.map(({ errorCode }) => errorCode)).toEqual([null, null])
    expect(counts).toMatchObject({ matched: 21, delivered: 19, superseded: 1, gone: 1 })
    expect(plans(scene)).toMatchObject({ 9: 'a', 10: 'b', 12: 'a' })
  })

  it('in the middle of a first pass is waited for, and then read on', async ({ createScene }) => {
    const path = await makeWarehouse(6_000)
    const scene = await createScene({
      from: path,
      source: byTime,
      mappings,
      braze: { keepRequests: always },
      faults: [isSlow],
    })
    await untilSome(scene, 300)
    await mutate(stack, 'pauseAction', { id: scene.action.id })
    await until('the delivery stands', async () => (await scene.look()).deliveries[0]?.state === 'PAUSED')
    const release = await writer.hold(
      path,
      "INSERT INTO customers VALUES (6001, 'new', TIMESTAMP '2026-01-03')",
    )
    scene.braze.faults.clear()
    await mutate(stack, 'resumeAction', { id: scene.action.id })
    await until('the delivery tells why it stands', async () =>
      (await scene.look()).deliveries.some(({ errorCode }) => errorCode === 'locked'),
    )
    await release()
    const { counts, deliveries } = await scene.settled(6_001)
    expect(counts).toMatchObject({ matched: 6_001, delivered: 6_001 })
    expect(deliveries.map(({ errorCode }) => errorCode)).toEqual([null, null])
    expect(Object.values(sends(scene)).filter((times) => times !== 1)).toEqual([])
  })
})

describe.concurrent('a file that shrinks, is taken away and comes back', () => {
  it('costs no row that was not looked for meanwhile, and sends none a second time', async ({
    createScene,
  }) => {
    const scene = await createScene({
      from: rowsTo(300),
      source: byTime,
      mappings,
      action: { retryDelaysMs: [500] },
      faults: [isDown],
    })
    await until('the records wait', async () => (await scene.look()).deliveries[0]?.state === 'WAITING')
    await scene.replaceRows(rowsTo(100))
    await until('the others are missed', async () => (await scene.look()).counts.gone === 200)
    await rm(scene.source.path)
    await until('source and delivery tell why they stand', async () => {
      const { deliveries, source } = await scene.look()
      return source.errorCode === 'not_found' && deliveries[0]?.errorCode === 'not_found'
    })
    scene.braze.faults.clear()
    expect((await scene.look()).counts).toMatchObject({ matched: 300, waiting: 100, gone: 200 })
    // Rows that come back as they were are old: they were counted as gone. One comes back with a new time.
    await scene.replaceRows([...rowsTo(299), row(300, 'again', 900), row(301, 'new', 901)])
    const { counts, deliveries, source } = await scene.settled(302)
    expect(source.errorCode).toBeNull()
    expect(deliveries.map(({ errorCode }) => errorCode)).toEqual([null, null])
    expect(counts).toMatchObject({ matched: 302, delivered: 102, gone: 200 })
    expect(scene.braze.objects).toBe(102)
    expect(plans(scene)).toMatchObject({ 1: 'a', 100: 'a', 300: 'again', 301: 'new' })
  })

  it('leaves what was delivered as it is, whether it is smaller, empty or whole again', async ({
    createScene,
  }) => {
    const scene = await createScene({ from: rowsTo(50), source: byTime, mappings })
    await scene.settled(50)
    for (const rows of [rowsTo(3), [row(0, 'old', 0)], rowsTo(50)]) {
      const before = Date.now()
      await scene.replaceRows(rows)
      await until('a poll has seen it', async () => {
        const { polledAt } = (await scene.look()).source
        return polledAt !== null && Date.parse(polledAt) > before
      })
    }
    await scene.replaceRows([...rowsTo(50), row(51, 'new', 51)])
    const { counts, deliveries } = await scene.settled(51)
    expect(counts).toMatchObject({ matched: 51, delivered: 51, gone: 0, superseded: 0 })
    expect(deliveries).toHaveLength(2)
    expect(scene.braze.objects).toBe(51)
  })
})

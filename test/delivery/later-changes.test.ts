/** What is written after the first delivery reaches the vendor by itself, and once. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { type DuckdbWriter, startDuckdbWriter } from '../harness/duckdb-writer.ts'
import { attribute, withScenes } from '../harness/scene.ts'
import type { Row } from '../harness/seed.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/until.ts'
import { plans, sends } from '../harness/what-was-sent.ts'

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
const byTime = {
  cursorMode: 'TIMESTAMP_INCREMENTING',
  timestampColumn: 'changed_at',
  incrementColumn: 'id',
}

async function makeWarehouse(rows: string): Promise<string> {
  const path = join(stack.folder, `${randomUUID()}.duckdb`)
  await writer.write(
    path,
    'CREATE TABLE customers (id BIGINT, plan VARCHAR, changed_at TIMESTAMP)',
    `INSERT INTO customers ${rows}`,
  )
  return path
}

describe.concurrent('a .duckdb file that another process writes', () => {
  it('delivers rows that are inserted and updated later, each once', async ({ createScene }) => {
    const path = await makeWarehouse(
      "SELECT n, 'free', TIMESTAMP '2026-01-01' + INTERVAL (n) SECOND FROM range(1, 101) AS r(n)",
    )
    const scene = await createScene({ from: path, source: byTime, mappings })
    expect((await scene.settled(100)).counts).toMatchObject({ matched: 100, delivered: 100 })

    await writer.write(
      path,
      "INSERT INTO customers VALUES (101, 'new', '2026-01-02 00:00:00.000001'), (102, 'new', '2026-01-02 00:00:00.000001')",
      "UPDATE customers SET plan = 'premium', changed_at = '2026-01-02 00:00:00.000002' WHERE id IN (7, 8)",
    )
    const { counts, deliveries } = await scene.settled(104)
    expect(counts).toMatchObject({ matched: 104, delivered: 104, waiting: 0 })
    expect(deliveries.length).toBeGreaterThan(1)
    const expected = Array.from({ length: 102 }, (_, index) => [String(index + 1), 1])
    expect(sends(scene)).toEqual({ ...Object.fromEntries(expected), 7: 2, 8: 2 })
    expect(plans(scene)).toMatchObject({ 7: 'premium', 8: 'premium', 9: 'free', 101: 'new', 102: 'new' })

    // A microsecond later, and with a smaller id than the last row's.
    await writer.write(path, "INSERT INTO customers VALUES (0, 'late', '2026-01-02 00:00:00.000003')")
    expect((await scene.settled(105)).counts).toMatchObject({ matched: 105, delivered: 105 })
    expect(plans(scene)).toMatchObject({ 0: 'late' })
  })

  it('delivers rows one by one as they come, in INCREMENTING mode', async ({ createScene }) => {
    const path = await makeWarehouse("VALUES (1, 'a', NULL), (2, 'b', NULL)")
    const scene = await createScene({ from: path, mappings })
    await scene.settled(2)
    for (const id of [3, 4, 5]) {
      await writer.write(path, `INSERT INTO customers VALUES (${id}, 'n${id}', NULL)`)
      await until('the row is delivered', async () => (await scene.look()).counts.delivered === id)
    }
    const { counts, deliveries } = await scene.settled(5)
    expect(counts).toMatchObject({ matched: 5, delivered: 5 })
    expect(deliveries.map(({ sequence, matched }) => [sequence, matched])).toEqual([
      [1, 2],
      [2, 1],
      [3, 1],
      [4, 1],
    ])
    expect(sends(scene)).toEqual({ 1: 1, 2: 1, 3: 1, 4: 1, 5: 1 })
  })

  it('sends nothing and plans nothing while nothing changes', async ({ createScene }) => {
    const path = await makeWarehouse("VALUES (1, 'a', '2026-01-01')")
    const scene = await createScene({ from: path, source: byTime, mappings })
    await scene.settled(1)
    // Written to, but with nothing that is new.
    await writer.write(path, 'CREATE TABLE others (id BIGINT)')
    await sleep(1_500)
    expect((await scene.look()).deliveries).toHaveLength(1)
    expect(scene.braze.requests).toBe(1)
  })
})

describe.concurrent('a CSV file', () => {
  it('delivers what a replaced file adds and changes, each once', async ({ createScene }) => {
    const row = (id: number, plan: string, second: number): Row => ({
      id,
      plan,
      changed_at: `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`,
    })
    const before = [row(1, 'free', 1), row(2, 'free', 2), row(3, 'free', 3)]
    const scene = await createScene({ from: before, source: byTime, mappings })
    await scene.settled(3)

    const after = [row(1, 'free', 1), row(2, 'premium', 9), row(3, 'free', 3), row(4, 'new', 8)]
    await scene.replaceRows(after)
    const { counts } = await scene.settled(5)
    expect(counts).toMatchObject({ matched: 5, delivered: 5 })
    expect(sends(scene)).toEqual({ 1: 1, 2: 2, 3: 1, 4: 1 })
    expect(plans(scene)).toEqual({ 1: 'free', 2: 'premium', 3: 'free', 4: 'new' })
  })
})

describe.concurrent('rows younger than settle', () => {
  const settleMs = 3_000

  it('are held back by their time, and come when they have settled', async ({ createScene }) => {
    const old = "(1, 'old', now()::TIMESTAMP - INTERVAL 1 HOUR)"
    const path = await makeWarehouse(`VALUES ${old}, (2, 'future', now()::TIMESTAMP + INTERVAL 1 HOUR)`)
    const scene = await createScene({ from: path, source: { ...byTime, settleMs }, mappings })
    await scene.settled(1)
    expect(sends(scene)).toEqual({ 1: 1 })

    const writtenAt = Date.now()
    await writer.write(path, "INSERT INTO customers VALUES (3, 'young', now()::TIMESTAMP)")
    await until('the young row is delivered', () => sends(scene)['3'] === 1)
    const arrivedAt = scene.braze.log.at(-1)?.at ?? 0
    expect(arrivedAt - writtenAt).toBeGreaterThanOrEqual(settleMs)
    expect(sends(scene)).toEqual({ 1: 1, 3: 1 })
  })

  it('are announced in INCREMENTING mode only when a poll has seen them that long ago', async ({
    createScene,
  }) => {
    const path = await makeWarehouse("VALUES (1, 'a', NULL)")
    const startedAt = Date.now()
    const scene = await createScene({ from: path, source: { settleMs }, mappings })
    await until('the first row is delivered', () => sends(scene)['1'] === 1)
    expect((scene.braze.log[0]?.at ?? 0) - startedAt).toBeGreaterThanOrEqual(settleMs)

    const writtenAt = Date.now()
    await writer.write(path, "INSERT INTO customers VALUES (2, 'b', NULL)")
    await until('the second row is delivered', () => sends(scene)['2'] === 1)
    expect((scene.braze.log.at(-1)?.at ?? 0) - writtenAt).toBeGreaterThanOrEqual(settleMs)
    expect(sends(scene)).toEqual({ 1: 1, 2: 1 })
  })

  it('wait for one that is committed late with an older time: both are delivered', async ({
    createScene,
  }) => {
    const path = await makeWarehouse("VALUES (1, 'old', now()::TIMESTAMP - INTERVAL 1 HOUR)")
    // Long enough for a poll to come between the two writes, also on a slow machine.
    const scene = await createScene({ from: path, source: { ...byTime, settleMs: 10_000 }, mappings })
    await scene.settled(1)
    await writer.write(path, "INSERT INTO customers VALUES (9, 'visible', now()::TIMESTAMP)")
    const writtenAt = Date.now()
    await until('a poll has seen the visible row', async () => {
      const { polledAt } = (await scene.look()).source
      return polledAt !== null && Date.parse(polledAt) > writtenAt
    })
    await writer.write(
      path,
      "INSERT INTO customers SELECT 2, 'late', changed_at - INTERVAL 500 MILLISECOND FROM customers WHERE id = 9",
    )
    expect((await scene.settled(3)).counts).toMatchObject({ matched: 3, delivered: 3 })
    expect(sends(scene)).toEqual({ 1: 1, 2: 1, 9: 1 })
  })

  it('with a settle that is too short are announced before one that is committed late: that one is lost', async ({
    createScene,
  }) => {
    const path = await makeWarehouse("VALUES (9, 'visible', '2026-01-01 00:00:01')")
    const scene = await createScene({ from: path, source: { ...byTime, settleMs: 0 }, mappings })
    await scene.settled(1)
    await writer.write(path, "INSERT INTO customers VALUES (2, 'late', '2026-01-01 00:00:00.5')")
    await writer.write(path, "INSERT INTO customers VALUES (10, 'next', '2026-01-01 00:00:02')")
    expect((await scene.settled(2)).counts).toMatchObject({ matched: 2, delivered: 2 })
    expect(sends(scene)).toEqual({ 9: 1, 10: 1 })
  })
})

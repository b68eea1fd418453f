/** Cursors that are equal, or differ by less than a millisecond: every row exactly once, and in its order. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { type DuckdbWriter, startDuckdbWriter } from '../harness/duckdb-writer.ts'
import { mutate } from '../harness/mutate.ts'
import { attribute, type Scene, withScenes } from '../harness/scene.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/until.ts'
import { history, plans, sends } from '../harness/what-was-sent.ts'

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
const byTime = { cursorMode: 'TIMESTAMP_INCREMENTING', timestampColumn: 'changed_at', incrementColumn: 'id' }
const toId = [attribute('externalId', 'id'), attribute('attributes', 'plan', 'plan')]
const toPerson = [attribute('externalId', 'person'), attribute('attributes', 'plan', 'plan')]
/** Of the engine. */
const pageRows = 10_000

/** A table with the columns id, person, plan and changed_at. */
async function makeWarehouse(rows: string, timeType = 'TIMESTAMP'): Promise<string> {
  const path = join(stack.folder, `${randomUUID()}.duckdb`)
  await writer.write(
    path,
    `CREATE TABLE customers (id BIGINT, person VARCHAR, plan VARCHAR, changed_at ${timeType})`,
    `INSERT INTO customers ${rows}`,
  )
  return path
}

function expectEachOnce(scene: Scene, ids: readonly number[]): void {
  const sent = sends(scene)
  expect(Object.keys(sent)).toHaveLength(ids.length)
  expect(ids.filter((id) => sent[id] !== 1)).toEqual([])
}

function oneTo(last: number): readonly number[] {
  return Array.from({ length: last }, (_, index) => index + 1)
}

const ids = (from: number, to: number, time: string) =>
  `SELECT n, 'p' || n, 'free', ${time} FROM range(${from}, ${to + 1}) AS r(n)`
const noon = "TIMESTAMP '2026-01-01 12:00:00'"

describe.concurrent('rows of one timestamp', () => {
  it('that are more than two pages are delivered once each', async ({ createScene }) => {
    const count = 2 * pageRows + 3_000
    const path = await makeWarehouse(ids(1, count, noon))
    const scene = await createScene({
      from: path,
      source: byTime,
      mappings: toId,
      braze: { keepRequests: always },
    })
    expect((await scene.settled(count)).counts).toMatchObject({ matched: count, delivered: count })
    expectEachOnce(scene, oneTo(count))
  })

  it('that lie across the border of a page are delivered once each', async ({ createScene }) => {
    const before = pageRows - 20
    const path = await makeWarehouse(
      `${ids(1, before, `${noon} - INTERVAL (${before} - n) SECOND`)}
       UNION ALL ${ids(before + 1, before + 40, `${noon} + INTERVAL 1 SECOND`)}
       UNION ALL ${ids(before + 41, before + 100, `${noon} + INTERVAL (n) SECOND`)}`,
    )
    const scene = await createScene({
      from: path,
      source: byTime,
      mappings: toId,
      braze: { keepRequests: always },
    })
    const { counts } = await scene.settled(before + 100)
    expect(counts).toMatchObject({ matched: before + 100, delivered: before + 100 })
    expectEachOnce(scene, oneTo(before + 100))
  })

  it('are delivered once each when the pass is broken off among them and goes on', async ({
    createScene,
  }) => {
    const count = pageRows + 2_000
    const path = await makeWarehouse(ids(1, count, noon))
    const scene = await createScene({
      from: path,
      source: byTime,
      mappings: toId,
      braze: { keepRequests: always },
      faults: [{ kind: 'slow', delayMs: 100, times: always }],
    })
    await until('some are delivered', () => scene.braze.objects >= 1_500)
    await mutate(stack, 'pauseAction', { id: scene.action.id })
    await until('the delivery stands', async () => (await scene.look()).deliveries[0]?.state === 'PAUSED')
    expect(scene.braze.objects).toBeLessThan(count)
    scene.braze.faults.clear()
    await mutate(stack, 'resumeAction', { id: scene.action.id })
    expect((await scene.settled(count)).counts).toMatchObject({ matched: count, delivered: count })
    expectEachOnce(scene, oneTo(count))
  })

  it('that are written after others of it have been delivered come by their greater ids', async ({
    createScene,
  }) => {
    const path = await makeWarehouse(ids(1, 5, noon))
    const scene = await createScene({ from: path, source: byTime, mappings: toId })
    await scene.settled(5)
    await writer.write(path, `INSERT INTO customers ${ids(6, 8, noon)}`)
    await scene.settled(8)
    await writer.write(path, `INSERT INTO customers ${ids(9, 9, noon)}`)
    expect((await scene.settled(9)).counts).toMatchObject({ matched: 9, delivered: 9 })
    expectEachOnce(scene, oneTo(9))
  })
})

describe.concurrent('rows that lie less than a millisecond apart', () => {
  // Later rows have smaller ids, so that only the time can have told their order.
  const person = (part: string, count: number) =>
    `SELECT ${count} - n, 'ann', 'v' || n, ${part} FROM range(0, ${count}) AS r(n)`
  const values = (count: number) => Array.from({ length: count }, (_, n) => `v${n} 201`)

  it('reach their recipient in the order of their microseconds, none of them twice', async ({
    createScene,
  }) => {
    const path = await makeWarehouse(person(`${noon} + INTERVAL (n) MICROSECOND`, 20))
    const scene = await createScene({ from: path, source: byTime, mappings: toPerson })
    expect((await scene.settled(20)).counts).toMatchObject({ matched: 20, delivered: 20 })
    expect(history(scene, 'ann')).toEqual(values(20))
    expect(plans(scene)).toEqual({ ann: 'v19' })
  })

  it('are told apart by a bound between them, stretch after stretch', async ({ createScene }) => {
    const at = (micros: number) => `${noon} + INTERVAL ${micros} MICROSECOND`
    const path = await makeWarehouse(`VALUES (9, 'ann', 'v0', ${at(0)})`)
    const scene = await createScene({ from: path, source: byTime, mappings: toPerson })
    await scene.settled(1)
    for (const step of [1, 2, 3]) {
      await writer.write(path, `INSERT INTO customers VALUES (${9 - step}, 'ann', 'v${step}', ${at(step)})`)
      await scene.settled(step + 1)
    }
    const { counts, deliveries } = await scene.settled(4)
    expect(counts).toMatchObject({ matched: 4, delivered: 4 })
    expect(deliveries).toHaveLength(4)
    expect(history(scene, 'ann')).toEqual(values(4))
  })

  it('are told apart by their nanoseconds where the column has them', async ({ createScene }) => {
    const rows = Array.from(
      { length: 12 },
      (_, n) => `(${12 - n}, 'ann', 'v${n}', '2026-01-01 12:00:00.${String(n + 100).padStart(9, '0')}')`,
    )
    const path = await makeWarehouse(`VALUES ${rows.slice(0, 6).join(', ')}`, 'TIMESTAMP_NS')
    const scene = await createScene({ from: path, source: byTime, mappings: toPerson })
    await scene.settled(6)
    await writer.write(path, `INSERT INTO customers VALUES ${rows.slice(6).join(', ')}`)
    expect((await scene.settled(12)).counts).toMatchObject({ matched: 12, delivered: 12 })
    expect(history(scene, 'ann')).toEqual(values(12))
  })
})

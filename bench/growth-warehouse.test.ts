/** Batches of rows in a growing DuckDB file. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createGrowthWarehouse } from './growth-warehouse.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-growth-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function ask(path: string, select: string): Promise<readonly unknown[]> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  const [row] = (await connection.runAndReadAll(`SELECT ${select} FROM customers`)).getRowsJson()
  connection.closeSync()
  instance.closeSync()
  return row ?? []
}

describe('the warehouse of a growth run', () => {
  it('holds the rows of all batches, each with its own id, and every one meets the segment', async () => {
    const warehouse = createGrowthWarehouse({ folder, hasIds: true })
    for (const rows of [200, 10, 300]) await warehouse.add(rows)
    const distinct = 'count(DISTINCT customer_no), count(DISTINCT external_id), count(DISTINCT email)'
    const answer = await ask(warehouse.path, `${distinct}, count(*) FILTER (marketing_consent)`)
    expect(answer).toEqual(['510', '510', '510', '510'])
  })

  it('gives a batch only rows that come after all earlier ones and before now', async () => {
    const warehouse = createGrowthWarehouse({ folder, hasIds: true })
    for (let batch = 0; batch < 12; batch += 1) await warehouse.add(20)
    const spans = `(SELECT bool_and(oldest > coalesce(before, '-infinity')) FROM (
      SELECT min(updated_at) AS oldest, lag(max(updated_at)) OVER (ORDER BY (customer_no - 1) // 20) AS before
      FROM customers GROUP BY (customer_no - 1) // 20))`
    const answer = await ask(
      warehouse.path,
      `DISTINCT ${spans}, (SELECT max(updated_at) FROM customers) < now()`,
    )
    expect(answer).toEqual([true, true])
  })

  it('gives no row an id or an address where none is to be sent', async () => {
    const warehouse = createGrowthWarehouse({ folder, hasIds: false })
    await warehouse.add(50)
    expect(await ask(warehouse.path, 'count(external_id) + count(email), count(*)')).toEqual(['0', '50'])
  })

  it('leaves nothing but the file', async () => {
    const warehouse = createGrowthWarehouse({ folder, hasIds: true })
    await warehouse.add(20)
    await warehouse.add(20)
    expect(await readdir(folder)).toEqual(['warehouse.duckdb'])
  })
})

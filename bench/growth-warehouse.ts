/** The warehouse of a growth run: a DuckDB file to which rows come in batches, each newer than all before. */
import { copyFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { ensureWarehouse } from '../server/start/warehouse.ts'

export interface GrowthWarehouse {
  readonly path: string
  /** So many rows more. Whoever reads sees all of them, or none. */
  add(rows: number): Promise<void>
}

interface Options {
  readonly folder: string
  /** Without ids no record can be sent. */
  readonly hasIds: boolean
}

export function createGrowthWarehouse({ folder, hasIds }: Options): GrowthWarehouse {
  const path = join(folder, 'warehouse.duckdb')
  const unfinished = `${path}.next`
  let batches = 0
  let total = 0
  return {
    path,
    async add(rows) {
      const batch = join(folder, `batch-${batches}.duckdb`)
      await ensureWarehouse(batch, rows)
      if (total > 0) await copyFile(path, unfinished)
      const instance = await DuckDBInstance.create(unfinished)
      const connection = await instance.connect()
      await connection.run(`ATTACH '${batch}' AS batch (READ_ONLY)`)
      const into = total > 0 ? 'INSERT INTO customers' : 'CREATE TABLE customers AS'
      await connection.run(`${into} ${newCustomers}`, { total, batches, hasIds })
      await connection.run('CHECKPOINT')
      connection.closeSync()
      instance.closeSync()
      await rename(unfinished, path)
      await rm(batch)
      batches += 1
      total += rows
    },
  }
}

/** All of them agreed to marketing, so that there are as many records as rows. A batch spans less than a year; there
 * may be some three hundred. */
const newCustomers = `
SELECT * REPLACE (
  customer_no + $total AS customer_no,
  CASE WHEN $hasIds THEN 'cust-' || (customer_no + $total) END AS external_id,
  CASE WHEN $hasIds THEN 'customer' || (customer_no + $total) || '@example.com' END AS email,
  true AS marketing_consent,
  updated_at - INTERVAL 300 YEAR + to_years($batches) AS updated_at
) FROM batch.customers`

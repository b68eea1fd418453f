/** Streams 300,000 rows of 8 columns and prints what that took; run as a process of its own with a small heap. */
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import source from '../src/index.ts'

const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'source-duckdb-')))
const file = path.join(folder, 'w.duckdb')
const instance = await DuckDBInstance.create(file, { memory_limit: '256MiB' })
const writer = await instance.connect()
await writer.run(
  `CREATE TABLE t AS SELECT i AS a, 'text ' || i AS b, i * 2 AS c, 'more text ' || i AS d, TIMESTAMP '2024-01-01' + to_seconds(i) AS e,
   i % 2 = 0 AS f, (i / 100)::DECIMAL(18, 2) AS g, repeat('x', 100) AS h FROM range(300000) r(i)`,
)
writer.disconnectSync()
instance.closeSync()

const connection = await source.connect(
  { path: file, memoryLimitMiB: 256 },
  {},
  { allowedDirectories: [folder], isAddressAllowed: () => false },
)
const columns = await connection.describe({ name: 't' })
let rows = 0
for await (const batch of connection.stream(
  { sql: 'SELECT * FROM "t"', parameters: [], columns, orderBy: ['b'] },
  new AbortController().signal,
)) {
  rows += batch.length
}
await connection.close()
await rm(folder, { recursive: true })
process.stdout.write(JSON.stringify({ rows, maxRssMiB: Math.round(process.resourceUsage().maxRSS / 1024) }))

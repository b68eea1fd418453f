/** The data source for DuckDB, CSV, Parquet and JSON files. */
import { defineSource } from '@sluice/connector-sdk'
import { changeToken } from './change-token.ts'
import { createConnect } from './connect.ts'
import { dialect } from './dialect.ts'
import { openEngine } from './engine.ts'
import { createEnginePool } from './engine-pool.ts'
import { settings } from './settings.ts'
import { createSourceClock } from './source-clock.ts'

export default defineSource({
  id: 'duckdb',
  name: 'DuckDB and files',
  api: '^1',
  docs: {
    summary:
      'Reads records from a DuckDB database, or from CSV, TSV, Parquet, JSON and NDJSON files: one, a folder, or those that a pattern fits, each as a table or all as one. Files are opened read-only, for each poll and each read, and closed when idle, so that a writer gets its turn. Nothing of them is kept.',
    links: [
      { title: 'DuckDB', url: 'https://duckdb.org/docs/stable/' },
      {
        title: 'How types are read from CSV files',
        url: 'https://duckdb.org/docs/stable/data/csv/auto_detection',
      },
      { title: 'Concurrency of DuckDB files', url: 'https://duckdb.org/docs/stable/connect/concurrency' },
    ],
  },
  settings,
  defaultSettleMs: 0,
  dialect,
  changeToken,
  connect: createConnect({
    lease: createEnginePool({ open: openEngine }),
    now: createSourceClock({ now: Date.now }),
  }),
})

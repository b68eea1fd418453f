/** The suite that every data source passes, on a DuckDB file. */
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { type Cell, type ColumnKind, describeSource, type TestTable } from '@sluice/source-testing'
import source from './index.ts'
import { quoteIdentifier, quoteLiteral } from './sql-text.ts'

const typeOf: Readonly<Record<ColumnKind, string>> = {
  integer: 'INTEGER',
  bigint: 'BIGINT',
  decimal: 'DECIMAL(18, 4)',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  text: 'VARCHAR',
  naive: 'TIMESTAMP',
  instant: 'TIMESTAMPTZ',
  day: 'DATE',
  texts: 'VARCHAR[]',
  integers: 'INTEGER[]',
  booleans: 'BOOLEAN[]',
}

function literal(cell: Cell): string {
  if (cell === null) return 'NULL'
  return typeof cell === 'string' ? quoteLiteral(cell) : `[${cell.map(literal).join(', ')}]`
}

function create({ name, columns, rows }: TestTable): string {
  const kinds = Object.entries(columns)
  const values = rows.map((row) => `(${row.map(literal).join(', ')})`)
  const names = kinds.map(([column]) => quoteIdentifier(column))
  const casts = kinds.map(([, kind], index) => `CAST(${names[index]} AS ${typeOf[kind]}) AS ${names[index]}`)
  return `CREATE TABLE ${quoteIdentifier(name)} AS SELECT ${casts.join(', ')} FROM (VALUES ${values.join(', ')}) AS given(${names.join(', ')})`
}

describeSource({
  source,
  async prepare(tables) {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'source-duckdb-')))
    const path = join(folder, 'warehouse.duckdb')
    const instance = await DuckDBInstance.create(path)
    const writer = await instance.connect()
    await writer.run("SET TimeZone = 'UTC'")
    for (const table of tables) await writer.run(create(table))
    writer.disconnectSync()
    instance.closeSync()
    return {
      settings: { path },
      secrets: {},
      context: { allowedDirectories: [folder], isAddressAllowed: () => false },
      tableOf: (name) => ({ name }),
      remove: () => rm(folder, { recursive: true, force: true }),
    }
  },
})

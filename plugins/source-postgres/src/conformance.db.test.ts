/** The suite that every data source passes, on a real PostgreSQL. */
import { type Cell, type ColumnKind, describeSource, type TestTable } from '@sluice/source-testing'
import { describe } from 'vitest'
import { anywhere, asReader, createDatabase } from '../testing/scratch.ts'
import source from './index.ts'
import { quoteIdentifier, quoteLiteral } from './sql-text.ts'

const typeOf: Readonly<Record<ColumnKind, string>> = {
  integer: 'integer',
  bigint: 'bigint',
  decimal: 'numeric(18, 4)',
  double: 'double precision',
  boolean: 'boolean',
  text: 'text',
  naive: 'timestamp',
  instant: 'timestamptz',
  day: 'date',
  texts: 'text[]',
  integers: 'integer[]',
  booleans: 'boolean[]',
}

function literal(cell: Cell): string {
  if (cell === null) return 'NULL'
  return typeof cell === 'string' ? quoteLiteral(cell) : `ARRAY[${cell.map(literal).join(', ')}]`
}

function create({ name, columns, rows }: TestTable): string {
  const kinds = Object.entries(columns)
  const definitions = kinds.map(([column, kind]) => `${quoteIdentifier(column)} ${typeOf[kind]}`)
  const values = rows.map(
    (row) =>
      `(${row.map((cell, at) => `CAST(${literal(cell)} AS ${typeOf[kinds[at]?.[1] ?? 'text']})`).join(', ')})`,
  )
  const table = quoteIdentifier(name)
  return `CREATE TABLE ${table} (${definitions.join(', ')}); INSERT INTO ${table} VALUES ${values.join(', ')}`
}

// Texts are ordered by bytes in the one, and as people of a language do in the other.
describe.each([
  ['in the locale C', ''],
  ['in English', "LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"],
])('%s', (_, locale) => {
  describeSource({
    source,
    async prepare(tables) {
      const database = await createDatabase(locale)
      for (const table of tables) await database.run(create(table))
      return {
        ...(await asReader(database)),
        context: anywhere,
        tableOf: (name) => ({ schema: 'public', name }),
        remove: database.drop,
      }
    },
  })
})

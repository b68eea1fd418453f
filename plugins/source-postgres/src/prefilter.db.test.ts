/** The one promise of the SQL prefilter, on a real PostgreSQL: a row that meets the conditions meets the SQL. */
import type {
  AttributeValue,
  RecordBatch,
  SelectedColumn,
  SourceColumn,
  SourceConnection,
} from '@sluice/connector-sdk'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionsSchema } from '../../../engine/rules/conditions.ts'
import { toDouble } from '../../../engine/rules/numbers.ts'
import { operatorsFor } from '../../../engine/rules/operators.ts'
import { compilePredicate } from '../../../engine/rules/predicate.ts'
import { compilePrefilter } from '../../../engine/rules/prefilter.ts'
import { anywhere, createDatabase, dialect, publicTable, type ScratchDatabase } from '../testing/scratch.ts'
import source from './index.ts'
import { quoteLiteral } from './sql-text.ts'

const rowCount = 800
const idColumn: SelectedColumn = { name: 'id', type: 'number' }

// Close to each other, so that conditions often hit and values often collide.
const letters = [
  'a',
  'A',
  'b',
  'é',
  'e\u0301',
  'ß',
  'ss',
  ' ',
  '%',
  '_',
  '\\',
  "'",
  '"',
  '😀',
  '中',
  '\u00ad',
  '1',
  '\n',
]
const text = fc.string({ unit: fc.constantFrom(...letters), maxLength: 4 })
const whole = (bits: number) =>
  fc.oneof(
    fc.bigInt({ min: -3n, max: 3n }),
    fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n }),
    fc.bigInt({ min: -2n, max: 2n }).map((step) => (bits > 54 ? 2n ** 53n : 2n ** BigInt(bits - 2)) + step),
  )
const decimal = fc
  .tuple(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.maxSafeInteger()), fc.nat(9_999))
  .map(([integer, part]) => `${integer}.${String(part).padStart(4, '0')}`)
const double = fc.oneof(
  fc.double().map(String),
  fc.constantFrom('NaN', 'Infinity', '-Infinity', '-0', '5e-324', '0.1', '0.30000000000000004', '1', '2'),
)
const second = fc.oneof(
  fc.constantFrom('1969-12-31 23:59:59', '2024-03-31 02:30:00', '2024-10-27 02:30:00', '0001-01-01 00:00:00'),
  fc.integer({ min: -2e9, max: 4e9 }).map((seconds) => new Date(seconds * 1000).toISOString().slice(0, 19)),
)
const instant = fc
  .tuple(second, fc.oneof(fc.constant(999_999), fc.nat(999_999)))
  .map(([whole, micros]) => `${whole}.${String(micros).padStart(6, '0')}`)

/** Types that an attribute can come from, with texts that cast to them. */
const table: Readonly<Record<string, readonly [nativeType: string, texts: fc.Arbitrary<unknown>]>> = {
  text: ['text', text],
  loose: ['text COLLATE letters', text],
  padded: ['character(4)', text.map((value) => value.slice(0, 2))],
  small: ['smallint', whole(16)],
  int: ['integer', whole(32)],
  big: ['bigint', whole(64)],
  exact: ['numeric(22,4)', decimal],
  free: ['numeric', fc.oneof(decimal, fc.constantFrom('NaN', '0.1', '1e40', '-1e-40'))],
  dbl: ['double precision', double],
  flt: ['real', fc.oneof(fc.float().map(String), fc.constantFrom('NaN', 'Infinity', '0.1', '16777217'))],
  flag: ['boolean', fc.boolean()],
  day: ['date', second.map((value) => value.slice(0, 10))],
  wall: ['timestamp', instant],
  millis: ['timestamp(3)', instant],
  zoned: ['timestamptz', instant.map((value) => `${value}+02`)],
  uuid: ['uuid', fc.uuid()],
  choice: ['choice', fc.constantFrom('a', 'A', 'b')],
  texts: ['text[]', fc.constantFrom('{}', '{a,NULL}')],
}

let database: ScratchDatabase
let connection: SourceConnection
let columns: readonly SourceColumn[]

beforeAll(async () => {
  database = await createDatabase()
  const definitions = Object.entries(table).map(([name, [nativeType]]) => `"${name}" ${nativeType}`)
  const row = fc.tuple(...Object.values(table).map(([, texts]) => fc.option(texts, { freq: 6 })))
  const rows = fc
    .sample(row, { numRuns: rowCount, seed: 20240229 })
    .map(
      (values, id) =>
        `(${[id, ...values.map((value) => (value === null ? 'NULL' : quoteLiteral(String(value))))].join(', ')})`,
    )
  await database.run(`
    CREATE COLLATION letters (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
    CREATE TYPE choice AS ENUM ('b', 'a', 'A');
    SET TimeZone = 'UTC';
    CREATE TABLE t (id integer, ${definitions.join(', ')});
    INSERT INTO t VALUES ${rows.join(', ')}`)
  connection = await source.connect(database.settings, database.secrets, anywhere)
  columns = (await connection.describe(publicTable('t'))).filter(({ name }) => name !== 'id')
})
afterAll(async () => {
  await connection?.close()
  await database?.drop()
})

/** Values of the column itself and their nearest neighbours: where a prefilter goes wrong by a hair. */
function near(cells: readonly AttributeValue[], type: 'string' | 'number' | 'date') {
  const cell = fc.constantFrom(...cells.filter((value) => value !== null))
  const step = fc.constantFrom(0, 0, 1, -1)
  switch (type) {
    case 'string':
      return fc.oneof(cell.map(String), text)
    case 'number':
      return fc
        .tuple(fc.oneof(cell.map(toDouble), fc.integer({ min: -4, max: 6 })), step)
        .map(([value, steps]) => value + steps * Math.abs(value) * Number.EPSILON)
        .filter(Number.isFinite)
    case 'date':
      return fc
        .tuple(cell, step)
        .map(([value, ms]) => new Date((value instanceof Date ? value.getTime() : 0) + ms).toISOString())
  }
}

function condition(rows: RecordBatch): fc.Arbitrary<unknown> {
  return fc.nat(columns.length - 1).chain((index) => {
    const { name, type } = columns[index] ?? { name: '', type: 'string' }
    return fc.constantFrom(...operatorsFor(type)).chain((operator) => {
      const hasNoValue = operator.startsWith('is')
      if (hasNoValue || (type !== 'string' && type !== 'number' && type !== 'date')) {
        return fc.constant({ attribute: name, operator })
      }
      return near(rows.columns[index + 1] ?? [], type).map((value) => ({ attribute: name, operator, value }))
    })
  })
}

async function everyRow(timeZone: string): Promise<RecordBatch> {
  const list = columns.map((column) => dialect.value(dialect.quote(column.name), column, timeZone))
  const outputs = ['id', ...list].map((sql, index) => `${sql} AS c${index}`)
  const statement = {
    sql: `SELECT ${outputs.join(', ')} FROM public.t`,
    parameters: [],
    columns: [idColumn, ...columns],
  }
  return connection.query(statement)
}

it.each(['UTC', 'Europe/Amsterdam'])(
  'with naive timestamps in %s, the SQL lets through what the predicate lets through, and still filters',
  async (timeZone) => {
    const rows = await everyRow(timeZone)
    expect(rows.length).toBe(rowCount)
    const seen = { matched: 0, filtered: 0 }
    const group = fc.record({ all: fc.array(condition(rows), { minLength: 1, maxLength: 2 }) })
    const trees = fc.record({ any: fc.array(group, { minLength: 1, maxLength: 2 }) })
    const property = fc.asyncProperty(trees, async (tree) => {
      const parsed = conditionsSchema.safeParse(tree)
      fc.pre(parsed.success)
      const predicate = compilePredicate(parsed.data, [idColumn, ...columns])
      const { sql, parameters } = compilePrefilter(parsed.data, columns, dialect, {
        timeZone,
        firstParameter: 1,
      })
      const statement = { sql: `SELECT id FROM public.t WHERE ${sql}`, parameters, columns: [idColumn] }
      const passed = new Set((await connection.query(statement)).columns[0])
      const matching = (rows.columns[0] ?? []).filter((_, row) => predicate(rows.columns, row))
      expect(
        matching.filter((id) => !passed.has(id)),
        sql,
      ).toEqual([])
      seen.matched += matching.length
      seen.filtered += rowCount - passed.size
    })
    await fc.assert(property, { numRuns: 400 })
    // Without these the property could hold for empty reasons.
    expect(seen.matched).toBeGreaterThan(rowCount)
    expect(seen.filtered).toBeGreaterThan(rowCount)
  },
)

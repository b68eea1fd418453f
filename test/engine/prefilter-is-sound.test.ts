/** The one promise of the SQL prefilter, on a real DuckDB: a row that meets the conditions meets the SQL. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type {
  AttributeValue,
  RecordBatch,
  SelectedColumn,
  SourceColumn,
  SourceConnection,
} from '@sluice/connector-sdk'
import duckdb from '@sluice/source-duckdb'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Conditions, conditionsSchema } from '../../engine/rules/conditions.ts'
import { toDouble } from '../../engine/rules/numbers.ts'
import { operatorsFor } from '../../engine/rules/operators.ts'
import { compilePredicate } from '../../engine/rules/predicate.ts'
import { compilePrefilter } from '../../engine/rules/prefilter.ts'

const { dialect } = duckdb
const rowCount = 1500
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
const wholeNumber = (bits: number) =>
  fc.oneof(
    fc.bigInt({ min: -3n, max: 3n }),
    fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n }),
    fc.bigInt({ min: -2n, max: 2n }).map((step) => (bits > 54 ? 2n ** 53n : 2n ** BigInt(bits - 2)) + step),
  )
const decimal = (width: number, scale: number) =>
  fc
    .oneof(
      fc.bigInt({ min: -3n, max: 3n }).map((whole) => whole * 10n ** BigInt(scale)),
      fc.bigInt({ min: -3n, max: 3n }).map((step) => 5n * 10n ** BigInt(scale) + step),
      fc.bigInt({ min: -(10n ** BigInt(width)) + 1n, max: 10n ** BigInt(width) - 1n }),
    )
    .map((unscaled) => {
      const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
      return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
    })
const double = fc.oneof(
  fc.double(),
  fc.constantFrom('nan', 'inf', '-inf', -0, 5e-324, 0.1, 0.30000000000000004, 2 ** 53, 1, 2),
)
// Just before a whole second is where cutting and rounding differ.
const fraction = (digits: number) =>
  fc.oneof(
    fc.constant('9'.repeat(digits)),
    fc.integer({ min: 0, max: 10 ** digits - 1 }).map((part) => String(part).padStart(digits, '0')),
  )
const second = fc.oneof(
  fc.constantFrom('1969-12-31 23:59:59', '2024-03-31 02:30:00', '2024-10-27 02:30:00', '0001-01-01 00:00:00'),
  fc.integer({ min: -2e9, max: 4e9 }).map((seconds) => new Date(seconds * 1000).toISOString().slice(0, 19)),
)
const instant = (digits: number) => fc.tuple(second, fraction(digits)).map((parts) => parts.join('.'))

/** Every type that an attribute can come from, with texts that cast to it. */
const table: Readonly<Record<string, readonly [nativeType: string, texts: fc.Arbitrary<unknown>]>> = {
  text: ['VARCHAR', text],
  collated: ['VARCHAR COLLATE NOCASE.NOACCENT', text],
  tiny: ['TINYINT', wholeNumber(8)],
  int: ['INTEGER', wholeNumber(32)],
  big: ['BIGINT', wholeNumber(64)],
  ubig: ['UBIGINT', wholeNumber(64).map((value) => (value < 0n ? -value : value))],
  huge: ['HUGEINT', wholeNumber(120)],
  bignum: ['BIGNUM', wholeNumber(200)],
  dec9: ['DECIMAL(9,2)', decimal(9, 2)],
  dec18: ['DECIMAL(18,4)', decimal(18, 4)],
  dec38: ['DECIMAL(38,20)', decimal(38, 20)],
  fine: ['DECIMAL(38,30)', decimal(38, 30)],
  dbl: ['DOUBLE', double],
  flt: ['FLOAT', fc.oneof(fc.float(), fc.constantFrom('nan', 'inf', 0.1))],
  flag: ['BOOLEAN', fc.boolean()],
  day: ['DATE', second.map((value) => value.slice(0, 10))],
  micros: ['TIMESTAMP', instant(6)],
  nanos: [
    'TIMESTAMP_NS',
    fc
      .tuple(fc.integer({ min: -2e9, max: 4e9 }), fraction(9))
      .map(([seconds, part]) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${part}`),
  ],
  millis: ['TIMESTAMP_MS', instant(3)],
  seconds: ['TIMESTAMP_S', second],
  zoned: ['TIMESTAMP WITH TIME ZONE', instant(6).map((value) => `${value}+02`)],
  uuid: ['UUID', fc.uuid()],
  blob: ['BLOB', fc.constantFrom('a', '\\x00', '\\xFF')],
  choice: ["ENUM('a', 'A', 'b')", fc.constantFrom('a', 'A', 'b')],
  texts: ['VARCHAR[]', fc.constantFrom('[]', '[a, NULL]')],
}

let folder: string
let connection: SourceConnection
let columns: readonly SourceColumn[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-prefilter-'))
  const path = join(folder, 'source.duckdb')
  const instance = await DuckDBInstance.create(path)
  const writer = await instance.connect()
  await writer.run("SET TimeZone = 'UTC'")
  const definitions = Object.entries(table).map(([name, [nativeType]]) => `"${name}" ${nativeType}`)
  await writer.run(`CREATE TABLE t (id INTEGER, ${definitions.join(', ')})`)
  const row = fc.tuple(...Object.values(table).map(([, texts]) => fc.option(texts, { freq: 6 })))
  const literal = (value: unknown) => (value === null ? 'NULL' : `'${String(value).replaceAll("'", "''")}'`)
  const rows = fc
    .sample(row, { numRuns: rowCount, seed: 20240229 })
    .map((values, id) => `(${[id, ...values.map(literal)].join(', ')})`)
  await writer.run(`INSERT INTO t VALUES ${rows.join(', ')}`)
  writer.closeSync()
  instance.closeSync()
  connection = await duckdb.connect(
    { path },
    {},
    { allowedDirectories: [folder], isAddressAllowed: () => false },
  )
  columns = (await connection.describe({ name: 't' })).filter(({ name }) => name !== 'id')
})

afterAll(async () => {
  await connection?.close()
  await rm(folder, { recursive: true, force: true })
})

/** Values of the column itself and their nearest neighbours: where a prefilter goes wrong by a hair. */
function near(cells: readonly AttributeValue[], type: 'string' | 'number' | 'date') {
  const cell = fc.constantFrom(...cells.filter((value) => value !== null))
  switch (type) {
    case 'string':
      return fc.oneof(cell.map(String), text)
    case 'number': {
      const step = fc.constantFrom(0, 0, 1, -1)
      return fc
        .tuple(fc.oneof(cell.map(toDouble), fc.integer({ min: -4, max: 6 })), step)
        .map(([value, steps]) => value + steps * Math.abs(value) * Number.EPSILON)
        .filter(Number.isFinite)
    }
    case 'date': {
      const step = fc.constantFrom(0, 0, 1, -1)
      return fc
        .tuple(cell, step)
        .map(([value, ms]) => new Date((value instanceof Date ? value.getTime() : 0) + ms).toISOString())
    }
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

function conditionTree(rows: RecordBatch): fc.Arbitrary<Conditions> {
  const group = fc.record({ all: fc.array(condition(rows), { minLength: 1, maxLength: 2 }) })
  return fc
    .record({ any: fc.array(group, { minLength: 1, maxLength: 2 }) })
    .map((tree) => conditionsSchema.safeParse(tree))
    .filter(({ success }) => success)
    .map(({ data }) => data ?? { any: [] })
}

async function everyRow(timeZone: string): Promise<RecordBatch> {
  const list = columns.map((column) => dialect.value(dialect.quote(column.name), column, timeZone))
  const outputs = ['id', ...list].map((sql, index) => `${sql} AS c${index}`)
  const rows = await connection.query({
    sql: `SELECT ${outputs.join(', ')} FROM t`,
    parameters: [],
    columns: [idColumn, ...columns],
  })
  expect(rows.length).toBe(rowCount)
  return rows
}

interface Outcome {
  readonly sql: string
  /** Ids of rows that the predicate lets through and the SQL does not. */
  readonly missed: readonly unknown[]
  readonly matched: number
  readonly passed: number
}

async function compare(conditions: Conditions, rows: RecordBatch, timeZone: string): Promise<Outcome> {
  const predicate = compilePredicate(conditions, [idColumn, ...columns])
  const { sql, parameters } = compilePrefilter(conditions, columns, dialect, { timeZone, firstParameter: 1 })
  const found = await connection.query({
    sql: `SELECT id FROM t WHERE ${sql}`,
    parameters,
    columns: [idColumn],
  })
  const passed = new Set(found.columns[0])
  const matching = (rows.columns[0] ?? []).filter((_, row) => predicate(rows.columns, row))
  const missed = matching.filter((id) => !passed.has(id))
  return { sql, missed, matched: matching.length, passed: passed.size }
}

it.each(['UTC', 'Europe/Amsterdam'])(
  'with naive timestamps in %s, the SQL lets through what the predicate lets through, and still filters',
  async (timeZone) => {
    const rows = await everyRow(timeZone)
    const seen = { matched: 0, filtered: 0 }
    const property = fc.asyncProperty(conditionTree(rows), async (conditions) => {
      const { sql, missed, matched, passed } = await compare(conditions, rows, timeZone)
      seen.matched += matched
      seen.filtered += rowCount - passed
      expect(missed, sql).toEqual([])
    })
    await fc.assert(property, { numRuns: 400 })
    // Without these the property could hold for empty reasons.
    expect(seen.matched).toBeGreaterThan(rowCount)
    expect(seen.filtered).toBeGreaterThan(rowCount)
  },
)

it('finds every number by the double that it is here', async () => {
  const rows = await everyRow('UTC')
  const numbers = [...columns.entries()].filter(([, { type }]) => type === 'number')
  for (const [index, { name }] of numbers) {
    const doubles = [...new Set((rows.columns[index + 1] ?? []).map(toDouble).filter(Number.isFinite))]
    for (let start = 0; start < doubles.length; start += 30) {
      const any = doubles.slice(start, start + 30).map((value) => {
        const operators = value < 0 ? ['equals'] : ['lessThanOrEqual', 'greaterThanOrEqual']
        return { all: operators.map((operator) => ({ attribute: name, operator, value })) }
      })
      const { sql, missed } = await compare(conditionsSchema.parse({ any }), rows, 'UTC')
      expect(missed, sql).toEqual([])
    }
  }
})

// Columns read from DuckDB's memory, beside what DuckDB's own bindings read from it value by value.
import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api'
import { type AttributeValue, Decimal } from '@sluice/connector-sdk'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { mapType } from './attribute-type.ts'
import { columnReader } from './column-reader.ts'

type Fetch = 'stream' | 'run'

async function connect() {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  onTestFinished(() => {
    connection.disconnectSync()
    instance.closeSync()
  })
  return connection
}

type Connection = Awaited<ReturnType<typeof connect>>

/** Every column of a query: as we read it, and as the bindings do. */
async function readBothWays(connection: Connection, sql: string, fetch: Fetch = 'stream') {
  const result = await (fetch === 'stream' ? connection.stream(sql) : connection.run(sql))
  const types = result.columnTypes()
  const readers = types.map((type, index) =>
    columnReader(type, { name: `c${index}`, type: mapType(type).type }),
  )
  const ours: AttributeValue[][] = types.map(() => [])
  const theirs: AttributeValue[][] = types.map(() => [])
  for (let chunks = 0; ; chunks += 1) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) return { ours, theirs, chunks }
    for (const [column, read] of readers.entries()) {
      ours[column]?.push(...read(chunk, column, chunk.rowCount))
      theirs[column]?.push(...chunk.getColumnValues(column).map((value) => plain(value, types[column])))
    }
    // Nothing that was read may still need the chunk's memory.
    chunk.reset()
  }
}

/** The bindings' value as it has to arrive, worked out with integers that have no limit. */
function plain(value: DuckDBValue, type: DuckDBType | undefined): AttributeValue {
  if (value instanceof DuckDBDecimalValue) return new Decimal(value.toString())
  if (value instanceof DuckDBDateValue) return new Date(value.days * 86_400_000)
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) {
    const { micros } = value
    return new Date(Number((micros - (((micros % 1000n) + 1000n) % 1000n)) / 1000n))
  }
  if (typeof value === 'bigint') {
    return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value
  }
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return value
  }
  throw new TypeError(`A value of ${type} is not expected here.`)
}

async function fill(connection: Connection, type: string, values: readonly (string | null)[]): Promise<void> {
  await connection.run(`CREATE OR REPLACE TABLE given (place INTEGER, value VARCHAR)`)
  const appender = await connection.createAppender('given')
  for (const [place, value] of values.entries()) {
    appender.appendInteger(place)
    if (value === null) appender.appendNull()
    else appender.appendVarchar(value)
    appender.endRow()
  }
  appender.closeSync()
  await connection.run(
    `CREATE OR REPLACE TABLE t AS SELECT place, CAST(value AS ${type}) AS v FROM given ORDER BY place`,
  )
}

const letters = fc.constantFrom(
  'a',
  'Z',
  '0',
  ' ',
  "'",
  '\\',
  '\n',
  'é',
  'ß',
  'ż',
  '日',
  '😀',
  '\u0301',
  '\u{10FFFF}',
)
/** Without NUL, at which the bindings' own writer ends a text. Around 12 bytes, where a text moves out of its place in the vector, more often than elsewhere. */
const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ minLength: 10, maxLength: 15, unit: fc.constantFrom('a', 'b', '-') }) },
  { weight: 3, arbitrary: fc.array(letters, { maxLength: 9 }).map((all) => all.join('')) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }).map((each) => each.replaceAll('\0', '')),
  },
  { weight: 1, arbitrary: fc.nat({ max: 6000 }).map((length) => 'x'.repeat(length)) },
  { weight: 1, arbitrary: fc.nat({ max: 3000 }).map((length) => 'ü'.repeat(length)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      'twelve bytes',
      'thirteen byte',
      'elevenbytes',
      'zwölf bytes',
      'ünfzehn Zeichen',
    ),
  },
)
const texts = fc.array(fc.option(text, { freq: 6 }), { minLength: 1, maxLength: 400 })

describe('texts', () => {
  it('of any length, letters and order are those that were written', async () => {
    const connection = await connect()
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom<Fetch>('stream', 'run'), async (values, fetch) => {
        await fill(connection, 'VARCHAR', values)
        const read = await readBothWays(connection, 'SELECT v FROM t ORDER BY place', fetch)
        expect(read.ours[0]).toEqual(values)
        const sorted = await readBothWays(
          connection,
          'SELECT v, v || v FROM t ORDER BY hash(v), place',
          fetch,
        )
        expect(sorted.ours).toEqual(sorted.theirs)
      }),
      { numRuns: 40 },
    )
  })

  it.each<Fetch>(['stream', 'run'])(
    'of many chunks, short and long, plain and not, are read alike (%s)',
    async (fetch) => {
      const connection = await connect()
      await connection.run(`
      CREATE TABLE t AS SELECT i AS id, 'customer-' || i AS plain, 'Zoë ' || i || ' Yılmaz' AS mixed,
        CASE WHEN i % 3 = 0 THEN NULL ELSE repeat(chr(97 + (i % 26)::INTEGER), (i % 40)::INTEGER) END AS varied,
        CASE WHEN i % 700 = 0 THEN repeat('long ', 20000) ELSE 'short' END AS uneven, 'é' AS tiny, '' AS nothing
      FROM range(20000) r(i)`)
      for (const order of ['id', 'hash(id)', 'varied, id', 'uneven DESC, hash(id)']) {
        const { ours, theirs, chunks } = await readBothWays(
          connection,
          `SELECT * FROM t ORDER BY ${order}`,
          fetch,
        )
        expect(chunks).toBeGreaterThan(9)
        expect(ours).toEqual(theirs)
      }
    },
  )

  it.each([
    [
      'one value for all rows',
      "SELECT 'the same long text for each' AS v, 'short' AS w, NULL::VARCHAR AS n FROM range(5000)",
    ],
    [
      'values that repeat',
      "SELECT ['a', 'a rather long text', 'ein längerer Text', NULL][1 + (i % 4)::INTEGER] AS v FROM range(5000) r(i)",
    ],
    [
      'names of an enumeration',
      "SELECT CAST((['a', 'a rather long member']::VARCHAR[])[1 + (i % 2)::INTEGER]::ENUM('a', 'a rather long member') AS VARCHAR) AS v FROM range(5000) r(i)",
    ],
    [
      'rows of a join',
      "SELECT l.v, r.i FROM range(3000) r(i) JOIN (VALUES (0, 'a rather long text'), (1, NULL), (2, 'another, longer text')) l(k, v) ON l.k = r.i % 3 ORDER BY r.i",
    ],
    [
      'rows of a join that share their texts',
      "SELECT l.v, r.i FROM range(3000) r(i) JOIN (VALUES (0, 'a rather long text'), (1, NULL), (2, 'another, longer text')) l(k, v) ON l.k = r.i % 3",
    ],
    ['a selection of rows', "SELECT 'a rather long text ' || i AS v FROM range(9000) r(i) WHERE i % 7 = 3"],
    ['groups', "SELECT 'a rather long text ' || (i % 500) AS v, count(*) FROM range(9000) r(i) GROUP BY ALL"],
    ['one row', "SELECT 'a rather long text' AS v"],
    ['no row', "SELECT 'a rather long text' AS v WHERE false"],
  ])('from vectors of every kind: %s', async (_, sql) => {
    const connection = await connect()
    for (const fetch of ['stream', 'run'] as const) {
      const { ours, theirs } = await readBothWays(connection, sql, fetch)
      expect(ours).toEqual(theirs)
    }
  })

  it('out of a compressed table, where rows share their texts, are those that were written', async () => {
    const connection = await connect()
    await connection.run(`ATTACH ':memory:' AS m`)
    await connection.run(`
      CREATE TABLE m.t AS SELECT i AS id, ['Amsterdam-Zuidoost', 'Düsseldorf-Flingern', 'Gent', NULL][1 + (i % 4)::INTEGER] AS v
      FROM range(50000) r(i)`)
    await connection.run('CHECKPOINT m')
    const { ours, theirs } = await readBothWays(connection, 'SELECT id, v FROM m.t WHERE id % 3 = 1')
    expect(ours).toEqual(theirs)
  })

  it('keep a byte order mark: a key without it would name no row', async () => {
    const connection = await connect()
    const marked = ['\uFEFF', '\uFEFFa', '\uFEFFa rather long text']
    await fill(connection, 'VARCHAR', marked)
    expect((await readBothWays(connection, 'SELECT v FROM t ORDER BY place')).ours[0]).toEqual(marked)
  })
})

describe('numbers and dates', () => {
  const big = (bits: bigint) => fc.bigInt({ min: -(2n ** bits), max: 2n ** bits - 1n })
  const nearby = fc.constantFrom(
    0n,
    1n,
    -1n,
    2n ** 53n,
    -(2n ** 53n),
    2n ** 53n + 1n,
    -(2n ** 53n) - 1n,
    2n ** 32n,
    -(2n ** 32n),
  )
  const decimal = (width: bigint, scale: number) =>
    fc
      .tuple(fc.bigInt({ min: 0n, max: 10n ** width - 1n }), fc.constantFrom('', '-'))
      .map(([unscaled, sign]) => {
        const digits = String(unscaled).padStart(scale + 1, '0')
        return `${sign}${digits.slice(0, digits.length - scale)}.${digits.slice(digits.length - scale)}`
      })
  const micros = fc.bigInt({ min: -(2n ** 57n), max: 2n ** 57n })

  it.each<[type: string, fc.Arbitrary<string>]>([
    ['BIGINT', fc.oneof(big(63n), big(31n), nearby).map(String)],
    [
      'UBIGINT',
      fc
        .oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.constantFrom(2n ** 53n, 2n ** 53n + 1n, 0n))
        .map(String),
    ],
    ['HUGEINT', fc.oneof(big(126n), nearby).map(String)],
    ['INTEGER', big(31n).map(String)],
    ['SMALLINT', big(15n).map(String)],
    ['TINYINT', big(7n).map(String)],
    ['UINTEGER', fc.nat().map(String)],
    ['DOUBLE', fc.double().map(String)],
    ['FLOAT', fc.float().map(String)],
    ['BOOLEAN', fc.boolean().map(String)],
    ['DECIMAL(4,2)', decimal(4n, 2)],
    ['DECIMAL(9,0)', decimal(9n, 0)],
    ['DECIMAL(18,6)', fc.oneof(decimal(18n, 6), decimal(3n, 6))],
    ['DECIMAL(18,18)', decimal(18n, 18)],
    ['DECIMAL(38,10)', decimal(38n, 10)],
    [
      'DATE',
      fc
        .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
        .map((day) => day.toISOString().slice(0, 10)),
    ],
  ])('of type %s are exact', async (type, value) => {
    const connection = await connect()
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(value), { minLength: 1, maxLength: 200 }), async (values) => {
        await fill(connection, type, values)
        const { ours, theirs } = await readBothWays(connection, 'SELECT v FROM t ORDER BY place')
        expect(ours).toEqual(theirs)
      }),
      { numRuns: 12 },
    )
  })

  it('timestamps are cut to the millisecond before them, before and after 1970', async () => {
    const connection = await connect()
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(micros, big(40n)), { minLength: 1, maxLength: 200 }),
        async (values) => {
          await fill(connection, 'BIGINT', values.map(String))
          const sql = 'SELECT make_timestamp(v), make_timestamp(v)::TIMESTAMPTZ FROM t ORDER BY place'
          const { ours, theirs } = await readBothWays(connection, sql)
          expect(ours).toEqual(theirs)
        },
      ),
      { numRuns: 20 },
    )
  })
})

// The dialect's SQL, run: what it compares, and that positions survive their way through text.
import { describe, expect, it } from 'vitest'
import { collect, connectTo, dialect, never, rowsOf, scratchDatabase } from '../testing/scratch.ts'

const seven = 'range(1, 8) r(i)'
const ordered: readonly [nativeType: string, rows: string][] = [
  ['TIMESTAMP', `SELECT TIMESTAMP '2024-07-01 10:00:00.123450' + to_microseconds(i) FROM ${seven}`],
  ['TIMESTAMP', `SELECT TIMESTAMP '0044-03-15 (BC) 00:00:00.5' + to_microseconds(i) FROM ${seven}`],
  ['TIMESTAMP', `SELECT TIMESTAMP '1969-12-31 23:59:59.999997' + to_microseconds(i) FROM ${seven}`],
  [
    'TIMESTAMP WITH TIME ZONE',
    `SELECT TIMESTAMPTZ '2024-10-27 02:59:59.999997+02' + to_microseconds(i) FROM ${seven}`,
  ],
  ['TIMESTAMP_NS', `SELECT make_timestamp_ns(1719828000123456780 + i) FROM ${seven}`],
  [
    'TIMESTAMP_MS',
    `SELECT (TIMESTAMP '2024-07-01 10:00:00' + to_milliseconds(i))::TIMESTAMP_MS FROM ${seven}`,
  ],
  ['TIMESTAMP_S', `SELECT (TIMESTAMP '2024-07-01 10:00:00' + to_seconds(i))::TIMESTAMP_S FROM ${seven}`],
  ['DATE', `SELECT DATE '2024-02-26' + i::INTEGER FROM ${seven}`],
  ['BIGINT', `SELECT 9007199254740990 + i FROM ${seven}`],
  ['HUGEINT', `SELECT 170141183460469231731687303715884105720::HUGEINT + i FROM ${seven}`],
  ['UBIGINT', `SELECT 18446744073709551608::UBIGINT + i::UBIGINT FROM ${seven}`],
  [
    'DECIMAL(38,10)',
    `SELECT '1234567890123456789012345678.0123456780'::DECIMAL(38,10) + ('0.000000000' || i)::DECIMAL(38,10) FROM ${seven}`,
  ],
  ['DECIMAL(18,2)', `SELECT (-0.04)::DECIMAL(18,2) + 0.01::DECIMAL(18,2) * i::DECIMAL(1,0) FROM ${seven}`],
  ['DOUBLE', `SELECT 0.1::DOUBLE + i * 1e-17 * 3 FROM ${seven}`],
  ['FLOAT', `SELECT (0.1 * i)::FLOAT FROM ${seven}`],
  [
    'VARCHAR',
    `SELECT unnest(['', ' ', 'A', 'a', 'a''b"', 'ä', '日本', '😀', chr(0), 'a' || chr(0) || 'b', E'\\n%_\\\\'])`,
  ],
  ['UUID', `SELECT ('c0a8f1a0-0000-4000-8000-00000000000' || i)::UUID FROM ${seven}`],
  ['BLOB', "SELECT unnest(['\\x00'::BLOB, '\\xAA'::BLOB, 'a'::BLOB, '\\x5C'::BLOB])"],
  ['TIME', `SELECT TIME '10:00:00.123456' + to_microseconds(i) FROM ${seven}`],
  ['BOOLEAN', 'SELECT unnest([FALSE, TRUE])'],
]

describe('positions', () => {
  it.each(ordered)('of type %s lead through all rows one by one: %s', async (nativeType, rows) => {
    const connection = await connectTo(
      await scratchDatabase(`CREATE TABLE t AS SELECT v::${nativeType} AS k FROM (${rows}) AS q(v)`),
    )
    expect((await connection.describe({ name: 't' }))[0]?.nativeType).toBe(nativeType)
    const k = dialect.quote('k')
    const output = [{ name: 'position', type: 'string' }] as const
    const select = `SELECT ${dialect.text(k)} AS position, ${k} AS o FROM ${dialect.quote('t')}`
    const all = await collect(
      connection.stream({ sql: select, parameters: [], columns: output, orderBy: ['o'] }, never),
    )

    const seen: unknown[][] = []
    for (;;) {
      const position = seen.at(-1)?.[0]
      const after = position === undefined ? 'TRUE' : `${k} > ${dialect.parameter(1, nativeType)}`
      const next = await connection.query({
        sql: `${select} WHERE ${after} ORDER BY ${k} LIMIT 1`,
        parameters: position === undefined ? [] : [String(position)],
        columns: output,
      })
      if (next.length === 0) break
      seen.push(...rowsOf(next))
      const again = await connection.query({
        sql: `SELECT count(*) FROM "t" WHERE ${k} = ${dialect.parameter(1, nativeType)}`,
        parameters: [String(seen.at(-1)?.[0])],
        columns: [{ name: 'n', type: 'number' }],
      })
      expect(again.columns).toEqual([[1]])
    }
    expect(seen).toEqual(all)
    expect(seen.length).toBeGreaterThan(1)
  })

  it('keep every microsecond in their text', async () => {
    const connection = await connectTo(
      await scratchDatabase(
        "CREATE TABLE t AS SELECT TIMESTAMP '2024-07-01 10:00:00.123456' AS a, TIMESTAMPTZ '2024-07-01 10:00:00.000001+02' AS b",
      ),
    )
    const found = await connection.query({
      sql: `SELECT ${dialect.text('"a"')}, ${dialect.text('"b"')} FROM "t"`,
      parameters: [],
      columns: [
        { name: 'a', type: 'string' },
        { name: 'b', type: 'string' },
      ],
    })
    expect(rowsOf(found)).toEqual([['2024-07-01 10:00:00.123456', '2024-07-01 08:00:00.000001+00']])
  })

  it.each(['STRUCT(a INTEGER)', 'VARCHAR[]', 'VARCHAR) OR TRUE --', 'varchar', ''])(
    'have no type %s',
    (nativeType) => {
      expect(() => dialect.parameter(1, nativeType)).toThrow(
        expect.objectContaining({ code: 'bad_settings' }),
      )
    },
  )
})

describe('text comparisons', () => {
  it('go by exact characters: no wildcards, no case, no collation', async () => {
    const connection = await connectTo(
      await scratchDatabase(
        'CREATE TABLE t (id INTEGER, v VARCHAR, n VARCHAR COLLATE NOCASE)',
        "INSERT INTO t SELECT i, v, v FROM (VALUES (1, 'a%b_c'), (2, 'axbxc'), (3, 'A%B_C'), (4, NULL), (5, '😀 a%')) x(i, v)",
      ),
    )
    const matching = async (condition: string, parameter: string): Promise<unknown> => {
      const found = await connection.query({
        sql: `SELECT list("id" ORDER BY "id") FROM "t" WHERE ${condition}`,
        parameters: [parameter],
        columns: [{ name: 'ids', type: 'numberArray' }],
      })
      return found.columns[0]?.[0]
    }
    const text = dialect.parameter(1, dialect.nativeType('string'))
    for (const column of ['"v"', '"n"']) {
      expect(await matching(dialect.contains(column, text), 'a%')).toEqual([1, 5])
      expect(await matching(dialect.contains(column, text), '_')).toEqual([1, 3])
      expect(await matching(dialect.startsWith(column, text), 'a%')).toEqual([1])
      expect(await matching(dialect.startsWith(column, text), '😀')).toEqual([5])
      expect(await matching(dialect.endsWith(column, text), '_c')).toEqual([1])
      expect(await matching(dialect.contains(column, text), '')).toEqual([1, 2, 3, 5])
    }
  })
})

describe("the host's own parameters", () => {
  it('of every type compare with columns', async () => {
    const connection = await connectTo(
      await scratchDatabase(
        "CREATE TABLE t AS SELECT 'x' AS s, 1.5::DECIMAL(4,2) AS n, TRUE AS b, TIMESTAMPTZ '2024-07-01 12:00:00+02' AS d",
      ),
    )
    const parameter = (index: number, type: 'string' | 'number' | 'boolean' | 'date'): string =>
      dialect.parameter(index, dialect.nativeType(type))
    const found = await connection.query({
      sql: `SELECT "s" = ${parameter(1, 'string')} AND "n" = ${parameter(2, 'number')} AND "b" = ${parameter(3, 'boolean')} AND "d" = ${parameter(4, 'date')} FROM "t"`,
      parameters: ['x', '1.5', 'true', '2024-07-01T10:00:00.000Z'],
      columns: [{ name: 'all', type: 'boolean' }],
    })
    expect(found.columns).toEqual([[true]])
  })
})

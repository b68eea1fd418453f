// Every DuckDB type: what it is described as, and what its values arrive as.
import { type AttributeType, type AttributeValue, Decimal } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { collect, connectTo, never, readTable, scratchDatabase, select } from '../testing/scratch.ts'

const beyond = 2n ** 53n

const cases: readonly [expression: string, AttributeType, nativeType: string, AttributeValue][] = [
  ['1::TINYINT', 'number', 'TINYINT', 1],
  ['(-32768)::SMALLINT', 'number', 'SMALLINT', -32_768],
  ['7::INTEGER', 'number', 'INTEGER', 7],
  ['255::UTINYINT', 'number', 'UTINYINT', 255],
  ['65535::USMALLINT', 'number', 'USMALLINT', 65_535],
  ['4294967295::UINTEGER', 'number', 'UINTEGER', 4_294_967_295],
  ['42::BIGINT', 'number', 'BIGINT', 42],
  ['9007199254740992::BIGINT', 'number', 'BIGINT', Number(beyond)],
  ['9007199254740993::BIGINT', 'number', 'BIGINT', beyond + 1n],
  ['-9007199254740992::BIGINT', 'number', 'BIGINT', -Number(beyond)],
  ['-9007199254740993::BIGINT', 'number', 'BIGINT', -beyond - 1n],
  ['18446744073709551615::UBIGINT', 'number', 'UBIGINT', 2n ** 64n - 1n],
  ['5::HUGEINT', 'number', 'HUGEINT', 5],
  ['170141183460469231731687303715884105727::HUGEINT', 'number', 'HUGEINT', 2n ** 127n - 1n],
  ['(-170141183460469231731687303715884105727)::HUGEINT', 'number', 'HUGEINT', -(2n ** 127n - 1n)],
  ['340282366920938463463374607431768211455::UHUGEINT', 'number', 'UHUGEINT', 2n ** 128n - 1n],
  [
    "'123456789012345678901234567890123456789012'::BIGNUM",
    'number',
    'BIGNUM',
    123456789012345678901234567890123456789012n,
  ],
  ['0.5::FLOAT', 'number', 'FLOAT', 0.5],
  ['0.1::DOUBLE', 'number', 'DOUBLE', 0.1],
  ["'NaN'::DOUBLE", 'number', 'DOUBLE', Number.NaN],
  ["'-Infinity'::DOUBLE", 'number', 'DOUBLE', Number.NEGATIVE_INFINITY],
  ['1.5::DECIMAL(4,2)', 'number', 'DECIMAL(4,2)', new Decimal('1.50')],
  ['-0.05::DECIMAL(9,2)', 'number', 'DECIMAL(9,2)', new Decimal('-0.05')],
  ['12345678901234.56::DECIMAL(18,2)', 'number', 'DECIMAL(18,2)', new Decimal('12345678901234.56')],
  [
    "'1234567890123456789012345678.9012345678'::DECIMAL(38,10)",
    'number',
    'DECIMAL(38,10)',
    new Decimal('1234567890123456789012345678.9012345678'),
  ],
  ['-7::DECIMAL(5,0)', 'number', 'DECIMAL(5,0)', new Decimal('-7')],
  ['TRUE', 'boolean', 'BOOLEAN', true],
  ['FALSE', 'boolean', 'BOOLEAN', false],
  ["'naïve 日本 😀 ''quoted''  '", 'string', 'VARCHAR', "naïve 日本 😀 'quoted'  "],
  ["'a' || chr(0) || 'b'", 'string', 'VARCHAR', 'a\0b'],
  ["''", 'string', 'VARCHAR', ''],
  ["'b'::ENUM('a', 'b')", 'string', 'VARCHAR', 'b'],
  ["'c0a8f1a0-0000-4000-8000-00000000000f'::UUID", 'string', 'UUID', 'c0a8f1a0-0000-4000-8000-00000000000f'],
  ['\'{"a": [1, 2]}\'::JSON', 'string', 'VARCHAR', '{"a": [1, 2]}'],
  ["TIME '12:30:00.000001'", 'string', 'TIME', '12:30:00.000001'],
  ["'12:30:00+02'::TIMETZ", 'string', 'TIME WITH TIME ZONE', '12:30:00+02'],
  ["INTERVAL '3 days'", 'string', 'INTERVAL', '3 days'],
  ["'\\x00\\xAAz'::BLOB", 'string', 'BLOB', '\\x00\\xAAz'],
  ["'0101'::BIT", 'string', 'BIT', '0101'],
  ["{'a': 1, 'b': 'x'}", 'string', 'VARCHAR', "{'a': 1, 'b': x}"],
  ["MAP {'k': 1}", 'string', 'VARCHAR', '{k=1}'],
  ['union_value(n := 5)', 'string', 'VARCHAR', '5'],
  ['[[1, 2], [3]]', 'string', 'VARCHAR', '[[1, 2], [3]]'],
  ["[{'a': 1}]", 'string', 'VARCHAR', "[{'a': 1}]"],
  ["DATE '2024-02-29'", 'date', 'DATE', new Date('2024-02-29T00:00:00Z')],
  ["DATE '0044-03-15 (BC)'", 'date', 'DATE', new Date('-000043-03-15T00:00:00Z')],
  ["TIMESTAMP '2024-07-01 10:00:00.123999'", 'date', 'TIMESTAMP', new Date('2024-07-01T10:00:00.123Z')],
  ["TIMESTAMP '1969-12-31 23:59:59.999999'", 'date', 'TIMESTAMP', new Date(-1)],
  ["'2024-07-01 10:00:00'::TIMESTAMP_S", 'date', 'TIMESTAMP_S', new Date('2024-07-01T10:00:00Z')],
  ["'2024-07-01 10:00:00.5'::TIMESTAMP_MS", 'date', 'TIMESTAMP_MS', new Date('2024-07-01T10:00:00.500Z')],
  [
    "'2024-07-01 10:00:00.123456789'::TIMESTAMP_NS",
    'date',
    'TIMESTAMP_NS',
    new Date('2024-07-01T10:00:00.123Z'),
  ],
  ["'1969-12-31 23:59:59.999999999'::TIMESTAMP_NS", 'date', 'TIMESTAMP_NS', new Date(-1)],
  [
    "TIMESTAMPTZ '2024-07-01 12:00:00.000999+02'",
    'date',
    'TIMESTAMP WITH TIME ZONE',
    new Date('2024-07-01T10:00:00Z'),
  ],
  ['[1, NULL, 9007199254740993]::BIGINT[]', 'numberArray', 'BIGINT[]', [1, null, beyond + 1n]],
  ['[1.50, NULL]::DECIMAL(4,2)[]', 'numberArray', 'DECIMAL(4,2)[]', [new Decimal('1.50'), null]],
  ['[0.5, 2]::FLOAT[2]', 'numberArray', 'FLOAT[]', [0.5, 2]],
  ["['a', NULL, '']", 'stringArray', 'VARCHAR[]', ['a', null, '']],
  ["['b']::ENUM('a', 'b')[]", 'stringArray', 'VARCHAR[]', ['b']],
  ["[DATE '2024-02-29']", 'stringArray', 'VARCHAR[]', ['2024-02-29']],
  ['[TRUE, FALSE]', 'booleanArray', 'BOOLEAN[]', [true, false]],
  ['[]::INTEGER[]', 'numberArray', 'INTEGER[]', []],
]

describe('the types of columns', () => {
  it.each(cases)('%s is described and arrives as %s (%s)', async (expression, type, nativeType, value) => {
    const file = await scratchDatabase(
      `CREATE TABLE t AS SELECT 1 AS id, ${expression} AS v UNION ALL SELECT 2, NULL`,
    )
    const connection = await connectTo(file)

    const columns = await connection.describe({ name: 't' })
    expect(columns[1]).toEqual({ name: 'v', type, nativeType, nullable: true })
    expect(await readTable(connection, 't')).toEqual([
      [1, value],
      [2, null],
    ])
  })

  it.each([
    ["'infinity'::TIMESTAMP"],
    ["'-infinity'::TIMESTAMP"],
    ["'infinity'::TIMESTAMPTZ"],
    ["'infinity'::DATE"],
    ["'-infinity'::TIMESTAMP_S"],
    ["'infinity'::TIMESTAMP_MS"],
    ["'infinity'::TIMESTAMP_NS"],
    ["DATE '275760-09-14'"],
  ])('%s is refused loudly, since no instant stands for it', async (expression) => {
    const file = await scratchDatabase(`CREATE TABLE t AS SELECT 1 AS id, ${expression} AS v`)
    const connection = await connectTo(file)
    for (const timeZone of ['UTC', 'Europe/Berlin']) {
      const failure = readTable(connection, 't', { timeZone })
      await expect(failure).rejects.toMatchObject({
        code: 'bad_file',
      })
    }
  })

  it('a column that must not be null is described so', async () => {
    const connection = await connectTo(
      await scratchDatabase('CREATE TABLE t (id BIGINT PRIMARY KEY, a INTEGER NOT NULL, b INTEGER)'),
    )
    const columns = await connection.describe({ name: 't' })
    expect(columns.map(({ name, nullable }) => [name, nullable])).toEqual([
      ['id', false],
      ['a', false],
      ['b', true],
    ])
  })

  it('a column whose type has changed since it was described is refused by name', async () => {
    const connection = await connectTo(await scratchDatabase("CREATE TABLE t AS SELECT 1 AS id, 'x' AS v"))
    const statement = select([{ name: 'v', type: 'number', nativeType: 'BIGINT', nullable: true }], 't', {
      orderBy: ['id'],
    })
    await expect(collect(connection.stream(statement, never))).rejects.toMatchObject({
      code: 'bad_query',
      message: expect.stringContaining('“v” was asked for as number and is string'),
    })
  })

  it('names with quotes, spaces, dots and other letters are read like any other', async () => {
    const odd = 'a "b" c.d; -- ü 😀'
    const quoted = `"${odd.replaceAll('"', '""')}"`
    const connection = await connectTo(
      await scratchDatabase(`CREATE TABLE ${quoted} AS SELECT 1 AS id, 'v' AS ${quoted}`),
    )
    expect(await connection.listTables()).toEqual([{ name: odd }])
    expect(await readTable(connection, odd)).toEqual([[1, 'v']])
  })
})

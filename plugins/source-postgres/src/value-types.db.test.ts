// Every PostgreSQL type: what it is described as, and what its values arrive as.
import { type AttributeType, type AttributeValue, Decimal } from '@sluice/connector-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  connectTo,
  createDatabase,
  publicTable,
  readTable,
  type ScratchDatabase,
} from '../testing/scratch.ts'

const beyond = 2n ** 53n
const noOrder = ' (has no order to follow)'

const cases: readonly [expression: string, AttributeType, nativeType: string, AttributeValue][] = [
  ["'-32768'::smallint", 'number', 'smallint', -32_768],
  ['7::integer', 'number', 'integer', 7],
  ['42::bigint', 'number', 'bigint', 42],
  ['9007199254740992::bigint', 'number', 'bigint', Number(beyond)],
  ['9007199254740993::bigint', 'number', 'bigint', beyond + 1n],
  ["'-9223372036854775808'::bigint", 'number', 'bigint', -(2n ** 63n)],
  ['0.1::real', 'number', 'real', 0.1],
  ["'NaN'::real", 'number', 'real', Number.NaN],
  ['3.4028235e38::real', 'number', 'real', 3.4028235e38],
  ['0.1::double precision', 'number', 'double precision', 0.1],
  ["'5e-324'::double precision", 'number', 'double precision', 5e-324],
  ["'Infinity'::double precision", 'number', 'double precision', Number.POSITIVE_INFINITY],
  ['1.5::numeric(4,2)', 'number', 'numeric(4,2)', new Decimal('1.50')],
  ['12345678901234567890.12::numeric', 'number', 'numeric', new Decimal('12345678901234567890.12')],
  ["'NaN'::numeric", 'number', 'numeric', Number.NaN],
  ["'-Infinity'::numeric", 'number', 'numeric', Number.NEGATIVE_INFINITY],
  ['(-7)::numeric(5,0)', 'number', 'numeric(5,0)', new Decimal('-7')],
  ['1200::numeric(3,-2)', 'number', 'numeric(3,-2)', new Decimal('1200')],
  ['TRUE', 'boolean', 'boolean', true],
  [`'naïve 日本 😀 \\ "q"  '::text`, 'string', 'text', 'naïve 日本 😀 \\ "q"  '],
  ["'abc'::varchar(5)", 'string', 'character varying(5)', 'abc'],
  ["'ab'::char(5)", 'string', 'character(5)', 'ab'],
  ["'n'::name", 'string', 'name', 'n'],
  [`'c'::"char"`, 'string', '"char"', 'c'],
  ["'c0a8f1a0-0000-4000-8000-00000000000f'::uuid", 'string', 'uuid', 'c0a8f1a0-0000-4000-8000-00000000000f'],
  [`'{"b": [1, 2],  "a": 1}'::json`, 'string', `json${noOrder}`, '{"b": [1, 2],  "a": 1}'],
  [`'{"b": [1, 2],  "a": 1}'::jsonb`, 'string', `jsonb${noOrder}`, '{"a": 1, "b": [1, 2]}'],
  ["'grün'::mood", 'string', 'public.mood', 'grün'],
  ["'12:30:00.000001'::time", 'string', 'time without time zone', '12:30:00.000001'],
  ["'12:30:00+02'::timetz", 'string', 'time with time zone', '12:30:00+02'],
  ["interval '1 day 02:00:00.5'", 'string', 'interval', 'P1DT2H0.5S'],
  ["'\\x00aa7a'::bytea", 'string', 'bytea', '\\x00aa7a'],
  ["'0101'::bit(4)", 'string', 'bit(4)', '0101'],
  ["'10.0.0.0/8'::inet", 'string', 'inet', '10.0.0.0/8'],
  ["'08:00:2b:01:02:03'::macaddr", 'string', 'macaddr', '08:00:2b:01:02:03'],
  ["'[1,5)'::int4range", 'string', `int4range${noOrder}`, '[1,5)'],
  ["'(1,2)'::point", 'string', `point${noOrder}`, '(1,2)'],
  ['42::oid', 'string', 'oid', '42'],
  ["ROW(1, 'x y')::pair", 'string', `public.pair${noOrder}`, '(1,"x y")'],
  ["'a b'::tsvector", 'string', `tsvector${noOrder}`, "'a' 'b'"],
  ["'<a/>'::xml", 'string', `xml${noOrder}`, '<a/>'],
  ['5::positive', 'number', 'integer', 5],
  ["'DE'::country", 'string', 'character varying(2)', 'DE'],
  ["'grün'::domain_of_mood", 'string', 'public.mood', 'grün'],
  ["date '2024-02-29'", 'date', 'date', new Date('2024-02-29T00:00:00Z')],
  ["date '0044-03-15 BC'", 'date', 'date', new Date('-000043-03-15T00:00:00Z')],
  ["date '0001-01-01'", 'date', 'date', new Date('0001-01-01T00:00:00Z')],
  ["date '12345-06-07'", 'date', 'date', new Date('+012345-06-07T00:00:00Z')],
  [
    "timestamp '2024-07-01 10:00:00.123999'",
    'date',
    'timestamp without time zone',
    new Date('2024-07-01T10:00:00.123Z'),
  ],
  ["timestamp '1969-12-31 23:59:59.999999'", 'date', 'timestamp without time zone', new Date(-1)],
  [
    "timestamp(0) '2024-07-01 10:00:00'",
    'date',
    'timestamp(0) without time zone',
    new Date('2024-07-01T10:00:00Z'),
  ],
  [
    "timestamptz '2024-07-01 12:00:00.000999+02'",
    'date',
    'timestamp with time zone',
    new Date('2024-07-01T10:00:00Z'),
  ],
  [
    "timestamptz(3) '2024-07-01 12:00:00.5+02'",
    'date',
    'timestamp(3) with time zone',
    new Date('2024-07-01T10:00:00.500Z'),
  ],
  ['ARRAY[1, NULL, 9007199254740993]::bigint[]', 'numberArray', 'bigint[]', [1, null, beyond + 1n]],
  [
    "ARRAY[1.50, NULL, 'NaN']::numeric(4,2)[]",
    'numberArray',
    'numeric(4,2)[]',
    [new Decimal('1.50'), null, Number.NaN],
  ],
  ['ARRAY[0.5, 0.1]::real[]', 'numberArray', 'real[]', [0.5, 0.1]],
  ['ARRAY[TRUE, NULL, FALSE]', 'booleanArray', 'boolean[]', [true, null, false]],
  [
    String.raw`ARRAY['a', NULL, '', 'NULL', 'b,c', '{}', '"', '\', ' ', E'l\n']`,
    'stringArray',
    'text[]',
    ['a', null, '', 'NULL', 'b,c', '{}', '"', '\\', ' ', 'l\n'],
  ],
  ["ARRAY['grün']::mood[]", 'stringArray', 'text[]', ['grün']],
  ["ARRAY[date '2024-02-29']", 'stringArray', 'text[]', ['2024-02-29']],
  ["ARRAY['(1,1),(0,0)']::box[]", 'stringArray', 'text[]', ['(1,1),(0,0)']],
  ['ARRAY[5, NULL]::positive[]', 'numberArray', 'integer[]', [5, null]],
  ["'[5:6]={1,2}'::integer[]", 'numberArray', 'integer[]', [1, 2]],
  ["'{}'::integer[]", 'numberArray', 'integer[]', []],
  ["ARRAY['{1,2}']::numbers[]", 'string', `integer[][]${noOrder}`, '{"{1,2}"}'],
  ["'{3,4}'::numbers", 'numberArray', 'integer[]', [3, 4]],
]

let database: ScratchDatabase
beforeAll(async () => {
  database = await createDatabase()
  const types = [
    "CREATE TYPE mood AS ENUM ('rot', 'grün')",
    'CREATE TYPE pair AS (a integer, b text)',
    'CREATE DOMAIN positive AS integer CHECK (VALUE > 0)',
    'CREATE DOMAIN country AS varchar(2)',
    'CREATE DOMAIN mood_again AS mood',
    'CREATE DOMAIN domain_of_mood AS mood_again',
    'CREATE DOMAIN numbers AS integer[]',
  ]
  await database.run(types.join('; '))
  const tables = cases.map(
    ([expression], index) =>
      `CREATE TABLE t${index} AS SELECT 1 AS id, ${expression} AS v; INSERT INTO t${index} VALUES (2, NULL)`,
  )
  await database.run(tables.join('; '))
})
afterAll(() => database.drop())

describe('the types of columns', () => {
  it.each(cases.map((each, index) => [...each, index] as const))(
    '%s is described and arrives as %s (%s)',
    async (_, type, nativeType, value, index) => {
      const connection = await connectTo(database)
      const columns = await connection.describe(publicTable(`t${index}`))
      expect(columns[1]).toEqual({ name: 'v', type, nativeType, nullable: true })
      expect(await readTable(connection, `t${index}`)).toEqual([
        [1, value],
        [2, null],
      ])
    },
  )

  it.each([
    ["'infinity'::timestamp"],
    ["'-infinity'::timestamp"],
    ["'infinity'::timestamptz"],
    ["'-infinity'::date"],
    ["date '275760-09-14'"],
    ['ARRAY[ARRAY[1, 2], ARRAY[3, 4]]'],
  ])('%s is refused loudly, since nothing stands for it', async (expression) => {
    const own = await createDatabase()
    await own.run(`CREATE TABLE t AS SELECT 1 AS id, ${expression} AS v`)
    const connection = await connectTo(own)
    for (const timeZone of ['UTC', 'Europe/Berlin']) {
      const failure = readTable(connection, 't', { timeZone })
      await expect(failure).rejects.toMatchObject({
        code: 'bad_file',
        message: expect.stringContaining('“v”'),
      })
    }
    await connection.close()
    await own.drop()
  })

  it('a column that must not be null is described so, and one that was dropped not at all', async () => {
    await database.run(
      'CREATE TABLE required (id bigint PRIMARY KEY, gone integer, a integer NOT NULL, b integer); ALTER TABLE required DROP COLUMN gone',
    )
    const connection = await connectTo(database)
    const columns = await connection.describe(publicTable('required'))
    expect(columns.map(({ name, nullable }) => [name, nullable])).toEqual([
      ['id', false],
      ['a', false],
      ['b', true],
    ])
  })
})

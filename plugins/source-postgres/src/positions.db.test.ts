// Positions of every type that may be a key or cursor: they lead through all rows one by one, whatever the collation.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  collect,
  connectTo,
  createDatabase,
  dialect,
  never,
  publicTable,
  rowsOf,
  type ScratchDatabase,
} from '../testing/scratch.ts'

const seven = 'generate_series(1, 7) AS r(i)'
const words = `SELECT unnest(ARRAY['', ' ', 'A', 'a', 'B', 'a''b"', 'ä', 'Ä', 'z', '日本', '😀', E'\\n%_\\\\', '-a', 'aa', '10', '9'])`
const ordered: readonly [nativeType: string, rows: string][] = [
  [
    'timestamp without time zone',
    `SELECT timestamp '2024-07-01 10:00:00.12345' + i * interval '1 microsecond' FROM ${seven}`,
  ],
  [
    'timestamp without time zone',
    `SELECT timestamp '0044-03-15 00:00:00.5 BC' + i * interval '1 microsecond' FROM ${seven}`,
  ],
  [
    'timestamp(3) without time zone',
    `SELECT timestamp '2024-07-01 10:00:00' + i * interval '1 millisecond' FROM ${seven}`,
  ],
  [
    'timestamp with time zone',
    `SELECT timestamptz '2024-10-27 02:59:59.999997+02' + i * interval '1 microsecond' FROM ${seven}`,
  ],
  ['date', `SELECT date '2024-02-26' + i FROM ${seven}`],
  ['bigint', `SELECT 9007199254740990 + i FROM ${seven}`],
  ['numeric', `SELECT 1234567890123456789012345678.012345678 + i * 0.000000001 FROM ${seven}`],
  ['numeric(18,2)', `SELECT -0.04 + 0.01 * i FROM ${seven}`],
  ['double precision', `SELECT 0.1::float8 + i * 3e-17 FROM ${seven}`],
  ['real', `SELECT 0.1 * i FROM ${seven}`],
  ['text', words],
  ['character varying(10)', words],
  ['character(4)', "SELECT unnest(ARRAY['a', 'b', 'B', 'ab', 'ä'])"],
  ['text COLLATE "pg_catalog"."C"', words],
  ['text COLLATE "pg_catalog"."und-x-icu"', words],
  ['text COLLATE "pg_catalog"."de-x-icu"', words],
  ['uuid', `SELECT CAST('c0a8f1a0-0000-4000-8000-00000000000' || i AS uuid) FROM ${seven}`],
  ['bytea', "SELECT unnest(ARRAY['\\x00', '\\xaa', '\\x61', '\\x5c']::bytea[])"],
  ['boolean', 'SELECT unnest(ARRAY[FALSE, TRUE])'],
  ['inet', "SELECT unnest(ARRAY['10.0.0.2', '10.0.0.10', '::1']::inet[])"],
  ['interval', `SELECT i * interval '1 hour 0.000001 second' FROM ${seven}`],
  ['public.mood', "SELECT unnest(ARRAY['zornig', 'froh', 'A']::mood[])"],
]

let database: ScratchDatabase
beforeAll(async () => {
  database = await createDatabase()
  await database.run("CREATE TYPE mood AS ENUM ('zornig', 'froh', 'A')")
})
afterAll(() => database.drop())

describe('positions', () => {
  it.each(ordered.map((each, index) => [...each, index] as const))(
    'of type %s lead through all rows one by one: %s',
    async (nativeType, rows, index) => {
      const table = `k${index}`
      const type = nativeType.replace(/ COLLATE .*/, '')
      const collate = / COLLATE .*/.exec(nativeType)?.[0] ?? ''
      await database.run(
        `CREATE TABLE ${table} (k ${type}${collate}); INSERT INTO ${table} SELECT v::${type} FROM (${rows}) AS q(v) ORDER BY random()`,
      )
      const connection = await connectTo(database)
      expect((await connection.describe(publicTable(table)))[0]?.nativeType).toBe(nativeType)
      const k = dialect.quote('k')
      const output = [{ name: 'position', type: 'string' }] as const
      const select = `SELECT ${dialect.text(k)} AS position, ${k} AS o FROM public.${table}`
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
        // Without a column, two positions compare alike.
        if (position !== undefined) {
          const before = await connection.query({
            sql: `SELECT ${dialect.parameter(1, nativeType)} < ${dialect.parameter(2, nativeType)} AS is_before`,
            parameters: [String(position), String(next.columns[0]?.[0])],
            columns: [{ name: 'is_before', type: 'boolean' }],
          })
          expect(before.columns).toEqual([[true]])
        }
        seen.push(...rowsOf(next))
        const again = await connection.query({
          sql: `SELECT count(*) FROM public.${table} WHERE ${k} = ${dialect.parameter(1, nativeType)}`,
          parameters: [String(seen.at(-1)?.[0])],
          columns: [{ name: 'n', type: 'number' }],
        })
        expect(again.columns).toEqual([[1]])
      }
      expect(seen).toEqual(all)
      expect(seen.length).toBeGreaterThan(1)
    },
  )

  it('of a type or collation whose order they could not follow are refused, and read all the same', async () => {
    await database.run(`
      CREATE COLLATION letters (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
      CREATE EXTENSION citext;
      CREATE TABLE loose (id integer, name text COLLATE letters, data jsonb, amount money, word citext);
      INSERT INTO loose VALUES (1, 'a%b', '{}', 5, 'a'), (2, 'A%B', '{}', 5, 'A'), (3, 'ä', '{}', 6, NULL)`)
    const connection = await connectTo(database)
    const columns = await connection.describe(publicTable('loose'))
    for (const { nativeType } of columns.slice(1)) {
      expect(() => dialect.parameter(1, nativeType)).toThrow(
        expect.objectContaining({ code: 'bad_settings' }),
      )
    }
    const count = async (condition: string, parameter: string) => {
      const sql = `SELECT count(*) FROM public.loose WHERE ${condition}`
      const counted = await connection.query({
        sql,
        parameters: [parameter],
        columns: [{ name: 'n', type: 'number' }],
      })
      return counted.columns[0]?.[0]
    }
    const text = dialect.parameter(1, dialect.nativeType('string'))
    expect(await count(dialect.contains('"name"', text), '%b')).toBe(1)
    expect(await count(dialect.startsWith(dialect.text('"name"'), text), 'A')).toBe(1)
    expect(await count(dialect.endsWith('"name"', text), 'B')).toBe(1)
    expect(await count(`${dialect.text('"name"')} = ${text}`, 'a')).toBe(0)
  })

  it.each([
    'varchar',
    'text) OR TRUE --',
    'text COLLATE C',
    'text COLLATE "x"."y" OR TRUE',
    'integer[]',
    'public.citext (has no order to follow)',
    'json',
    '',
  ])('have no type %s', (nativeType) => {
    expect(() => dialect.parameter(1, nativeType)).toThrow(expect.objectContaining({ code: 'bad_settings' }))
  })
})

// Files other than databases: one table, named after the file, with types found in the first rows.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { Decimal } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { connectTo, readTable, runIn, scratchFile, scratchFolder } from '../testing/scratch.ts'

describe('a file as a table', () => {
  it('csv, tsv, parquet, json and ndjson of the same records give the same records', async () => {
    const folder = await scratchFolder()
    const written = [
      ['csv', 'HEADER'],
      ['tsv', "HEADER, DELIMITER '\t'"],
      ['parquet', 'FORMAT parquet'],
      ['json', 'FORMAT json, ARRAY true'],
      ['ndjson', 'FORMAT json'],
      ['jsonl', 'FORMAT json'],
    ]
    await runIn(
      ':memory:',
      `CREATE TABLE t AS SELECT * FROM (VALUES
        (1::BIGINT, 'Ünal, "O"', 1.5::DOUBLE, TRUE, TIMESTAMP '2024-07-01 10:00:00.123456', DATE '2024-07-01'),
        (2, NULL, NULL, NULL, NULL, NULL),
        (3, E'two\\nlines', -2, FALSE, TIMESTAMP '2024-07-02 00:00:00', DATE '1999-12-31')
      ) AS v(id, name, score, active, updated, born)`,
      ...written.map(([ending, options]) => `COPY t TO '${folder}/people.${ending}' (${options})`),
    )
    for (const [ending] of written) {
      const connection = await connectTo(`${folder}/people.${ending}`)
      expect(await connection.listTables(), ending).toEqual([{ name: 'people' }])
      const columns = await connection.describe({ name: 'people' })
      expect(
        columns.map(({ name, type, nativeType }) => [name, type, nativeType]),
        ending,
      ).toEqual([
        ['id', 'number', 'BIGINT'],
        ['name', 'string', 'VARCHAR'],
        ['score', 'number', 'DOUBLE'],
        ['active', 'boolean', 'BOOLEAN'],
        ['updated', 'date', 'TIMESTAMP'],
        ['born', 'date', 'DATE'],
      ])
      expect(await readTable(connection, 'people'), ending).toEqual([
        [1, 'Ünal, "O"', 1.5, true, new Date('2024-07-01T10:00:00.123Z'), new Date('2024-07-01T00:00:00Z')],
        [2, null, null, null, null, null],
        [3, 'two\nlines', -2, false, new Date('2024-07-02T00:00:00Z'), new Date('1999-12-31T00:00:00Z')],
      ])
    }
  })

  it('parquet keeps decimals and instants as they are', async () => {
    const folder = await scratchFolder()
    await runIn(
      ':memory:',
      `COPY (SELECT 1 AS id, 10.10::DECIMAL(18,2) AS price, TIMESTAMPTZ '2024-07-01 12:00:00+02' AS at)
       TO '${folder}/p.parquet'`,
    )
    expect(
      await readTable(await connectTo(`${folder}/p.parquet`), 'p', { timeZone: 'Europe/Berlin' }),
    ).toEqual([[1, new Decimal('10.10'), new Date('2024-07-01T10:00:00Z')]])
  })

  it.each([
    ['comma', 'id,name\n1,"a;b"\n'],
    ['semicolon', 'id;name\r\n1;a;b\r\n'.replace('a;b', '"a;b"')],
    ['tab', 'id\tname\n1\ta;b\n'],
    ['bar', 'id|name\n1|a;b\n'],
    ['comma and a byte order mark', '\uFEFFid,name\n1,a;b\n'],
  ])('csv with a %s is told by its first line', async (_, content) => {
    expect(await readTable(await connectTo(await scratchFile('c.csv', content)), 'c')).toEqual([[1, 'a;b']])
  })

  it('leading zeros and plus signs stay, numbers that are texts are not made numbers', async () => {
    const file = await scratchFile('c.csv', 'id,zip,phone\n1,01234,+4915112345\n2,99999,+1555\n')
    expect(await readTable(await connectTo(file), 'c')).toEqual([
      [1, '01234', '+4915112345'],
      [2, '99999', '+1555'],
    ])
  })

  it('a quoted value is unquoted even where the first 20,480 rows have no quote', async () => {
    const rows = Array.from({ length: 30_000 }, (_, id) => `${id},plain`)
    const file = await scratchFile('c.csv', `id,name\n${rows.join('\n')}\n30000,"Smith, ""J"""\n`)
    const read = await readTable(await connectTo(file), 'c')
    expect(read.at(-1)).toEqual([30_000, 'Smith, "J"'])
  })

  it('a line that begins with # is a record, not a comment', async () => {
    const file = await scratchFile('c.csv', 'id,name\n#1,a\n#2,b\n')
    expect(await readTable(await connectTo(file), 'c')).toEqual([
      ['#1', 'a'],
      ['#2', 'b'],
    ])
  })

  it('a csv with nothing but its header has its columns and no records', async () => {
    const connection = await connectTo(await scratchFile('c.csv', 'id,name\n'))
    expect((await connection.describe({ name: 'c' })).map(({ name }) => name)).toEqual(['id', 'name'])
    expect(await readTable(connection, 'c')).toEqual([])
  })

  it('timestamps of csv and json that carry an offset are instants, whatever zone is declared', async () => {
    const csv = await scratchFile('z.csv', 'id,at,wall\n1,2024-07-01T12:00:00+02:00,2024-07-01 12:00:00\n')
    const json = await scratchFile(
      'z.json',
      '[{"id": 1, "at": "2024-07-01T12:00:00+02:00", "wall": "2024-07-01 12:00:00"}]',
    )
    const zulu = await scratchFile(
      'z.ndjson',
      '{"id": 1, "at": "2024-07-01T10:00:00Z", "wall": "2024-07-01T12:00:00"}\n',
    )
    const expected = [[1, new Date('2024-07-01T10:00:00Z'), new Date('2024-07-01T10:00:00Z')]]
    for (const file of [csv, json, zulu]) {
      expect(await readTable(await connectTo(file), 'z', { timeZone: 'Europe/Berlin' }), file).toEqual(
        expected,
      )
    }
  })

  it('timestamps with and without fractions of a second are timestamps in csv and json', async () => {
    const csv = await scratchFile(
      'f.csv',
      'id,at,other\n1,2024-07-01 10:00:00.5,01-02-2024 10:00:00\n2,2024-07-01T10:00:00,\n',
    )
    const json = await scratchFile(
      'f.ndjson',
      '{"id": 1, "at": "2024-07-01 10:00:00.5", "other": "01-02-2024 10:00:00"}\n{"id": 2, "at": "2024-07-01T10:00:00", "other": null}\n',
    )
    for (const file of [csv, json]) {
      const connection = await connectTo(file)
      const columns = await connection.describe({ name: 'f' })
      expect(
        columns.map(({ nativeType }) => nativeType),
        file,
      ).toEqual(['BIGINT', 'TIMESTAMP', 'VARCHAR'])
      expect(await readTable(connection, 'f', { timeZone: 'Europe/Berlin' }), file).toEqual([
        [1, new Date('2024-07-01T08:00:00.500Z'), '01-02-2024 10:00:00'],
        [2, new Date('2024-07-01T08:00:00Z'), null],
      ])
    }
  })

  it('a date whose day and month could be swapped stays text', async () => {
    const csv = await scratchFile('d.csv', 'id,a,b,c\n1,13-02-2024,01/02/2024,2024-02-01\n')
    const json = await scratchFile(
      'd.json',
      '[{"id": 1, "a": "13-02-2024", "b": "01/02/2024", "c": "2024-02-01"}]',
    )
    for (const file of [csv, json]) {
      expect(await readTable(await connectTo(file), 'd'), file).toEqual([
        [1, '13-02-2024', '01/02/2024', new Date('2024-02-01T00:00:00Z')],
      ])
    }
  })

  it('nested json arrives as arrays and text', async () => {
    const file = await scratchFile(
      'n.json',
      '[{"id": 1, "tags": ["a", "b"], "scores": [1, 2], "address": {"city": "Köln"}, "big": 12345678901234567890}]',
    )
    expect(await readTable(await connectTo(file), 'n')).toEqual([
      [1, ['a', 'b'], [1, 2], "{'city': Köln}", 12345678901234567890n],
    ])
  })

  it('a folder and a file with odd names are read, and no other file that they would match', async () => {
    const folder = await scratchFolder()
    const odd = `${folder}/year=2024 [a]*'"`
    await mkdir(odd)
    await writeFile(`${odd}/c*.csv`, 'id\n1\n')
    await writeFile(`${odd}/cc.csv`, 'id\n2\n')
    await writeFile(`${odd}/j*.json`, '[{"id": 3}]')
    await runIn(':memory:', `COPY (SELECT 4 AS id) TO '${odd.replaceAll("'", "''")}/p*.parquet'`)
    // The folder's name is no column.
    expect(await readTable(await connectTo(`${odd}/c*.csv`), 'c*')).toEqual([[1]])
    expect(await readTable(await connectTo(`${odd}/j*.json`), 'j*')).toEqual([[3]])
    expect(await readTable(await connectTo(`${odd}/p*.parquet`), 'p*')).toEqual([[4]])
  })

  it('in a database, tables and views of every schema are listed, main without its name', async () => {
    const folder = await scratchFolder()
    await runIn(
      `${folder}/made.duckdb`,
      'CREATE TABLE b (id INTEGER)',
      'CREATE VIEW a AS SELECT id AS renamed FROM b',
      'CREATE SCHEMA sales',
      'CREATE TABLE sales.orders (id INTEGER)',
    )
    // A schema may have the name of the file.
    await rename(`${folder}/made.duckdb`, `${folder}/sales.duckdb`)
    const connection = await connectTo(`${folder}/sales.duckdb`)
    expect(await connection.listTables()).toEqual([
      { name: 'a' },
      { name: 'b' },
      { schema: 'sales', name: 'orders' },
    ])
    expect((await connection.describe({ schema: 'sales', name: 'orders' })).map(({ name }) => name)).toEqual([
      'id',
    ])
    expect((await connection.describe({ name: 'a' })).map(({ name }) => name)).toEqual(['renamed'])
    await expect(connection.describe({ name: 'orders' })).rejects.toMatchObject({ code: 'not_found' })
  })
})

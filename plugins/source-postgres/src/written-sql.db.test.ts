/** SQL that people write, on a real PostgreSQL: what its types are, that it only reads, and for which roles it is run. */
import type { SourceConnection } from '@sluice/connector-sdk'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { anywhere, asReader, createDatabase, publicTable, type ScratchDatabase } from '../testing/scratch.ts'
import source from './index.ts'

let database: ScratchDatabase
let connection: SourceConnection

beforeAll(async () => {
  database = await createDatabase()
  await database.run(`
    CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
    CREATE TYPE mood AS ENUM ('low', 'high');
    CREATE DOMAIN country AS varchar(2);
    CREATE TABLE t (id bigint, exact numeric(9, 2), mood mood, land country, name text COLLATE "C", soft text COLLATE loose, tags text[]);
    INSERT INTO t VALUES (1, 1.5, 'low', 'NL', 'a', 'a', '{x}');
    CREATE TABLE log (id integer);
    CREATE FUNCTION writes() RETURNS integer LANGUAGE sql AS 'INSERT INTO public.log VALUES (1) RETURNING id'`)
  const reader = await asReader(database)
  connection = await source.connect(reader.settings, reader.secrets, anywhere)
})
afterAll(async () => {
  await connection?.close()
  await database?.drop()
})

const run = (sql: string) =>
  connection.query({ sql, parameters: [], columns: [{ name: 'a', type: 'string' }] })

describe('the columns of a SELECT', () => {
  it('are spoken of like those of the table, collations, domains and enums included', async () => {
    const columns = await connection.describeSql('SELECT t.*, 7 AS seven FROM public.t')
    const own = await connection.describe(publicTable('t'))
    expect(columns).toEqual([
      ...own.map((column) => ({ ...column, nullable: true })),
      { name: 'seven', type: 'number', nativeType: 'integer', nullable: true },
    ])
    expect(columns.find(({ name }) => name === 'soft')?.nativeType).toContain('has no order to follow')
  })

  it('name tables with their schema, and say so where one does not', async () => {
    await expect(connection.describeSql('SELECT id\nFROM t')).rejects.toMatchObject({
      code: 'bad_query',
      message: expect.stringContaining('public.customers'),
      place: { line: 2, column: 6 },
    })
  })
})

describe('a SELECT that would do more than read', () => {
  it.each([
    ['calls a function that inserts', 'SELECT public.writes() AS a'],
    [
      'would make its transaction one that writes',
      "SELECT set_config('transaction_read_only', 'off', true) AS a",
    ],
    ['takes the next number of a sequence', "SELECT nextval('public.numbers') AS a"],
  ])('%s fails when it is run', async (_, sql) => {
    await database.run('CREATE SEQUENCE IF NOT EXISTS numbers')
    await database.run('GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO PUBLIC; GRANT INSERT ON log TO PUBLIC')
    await expect(run(sql)).rejects.toMatchObject({ name: 'SourceError' })
    expect(await database.run('SELECT count(*) FROM log')).toEqual([['0']])
    expect((await run('SELECT current_setting($$transaction_read_only$$) AS a')).columns).toEqual([['on']])
  })

  it.each([
    'SELECT id FROM public.t FOR UPDATE',
    'SELECT id INTO mine FROM public.t',
    'TABLE public.t; TABLE public.t',
  ])('is refused before it is saved: %s', async (sql) => {
    await database.run('GRANT UPDATE ON t TO PUBLIC')
    await expect(connection.describeSql(sql)).rejects.toMatchObject({
      code: expect.stringMatching(/^(bad_query|not_allowed)$/),
    })
  })

  it('what it notifies of is never sent: its transaction is rolled back', async () => {
    const heard = await database.listen('c')
    await run("SELECT pg_notify('c', 'from a SELECT')::text AS a")
    // They arrive in order: one that is sent later is a sign that nothing is still to come.
    await database.run("SELECT pg_notify('c', 'the last')")
    await vi.waitUntil(() => heard.length > 0)
    expect(heard).toEqual(['the last'])
  })
})

describe('the role', () => {
  it('must not be a superuser, nor reach files and programs of the server', async () => {
    const mighty = await source.connect(database.settings, database.secrets, anywhere)
    const refused = { code: 'not_allowed', message: expect.stringContaining('may read tables and no more') }
    await expect(mighty.describeSql('SELECT 1 AS a')).rejects.toMatchObject(refused)
    await expect(mighty.checkCondition(publicTable('t'), 'id = 1')).rejects.toMatchObject(refused)
    await mighty.close()
    const reader = await asReader(database)
    await database.run(`GRANT pg_read_server_files TO ${reader.settings['user']}`)
    const reaching = await source.connect(reader.settings, reader.secrets, anywhere)
    await expect(reaching.describeSql('SELECT 1 AS a')).rejects.toMatchObject(refused)
    await reaching.close()
  })

  it('bounds what is read', async () => {
    await database.run('CREATE TABLE hidden (id integer)')
    await expect(connection.describeSql('SELECT id FROM public.hidden')).rejects.toMatchObject({
      code: 'not_allowed',
    })
  })
})

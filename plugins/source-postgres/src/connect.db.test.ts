// Connecting: roles, TLS, and what goes wrong with either, told without secrets.
import { randomUUID } from 'node:crypto'
import { SourceError } from '@sluice/connector-sdk'
import { describe, expect, it, onTestFinished } from 'vitest'
import { cert, key } from '../testing/certificate.ts'
import { startProxy } from '../testing/proxy.ts'
import {
  connectTo,
  publicTable,
  readTable,
  type ScratchDatabase,
  scratchDatabase,
} from '../testing/scratch.ts'
import source from './index.ts'

const password = `secret-${randomUUID()}`

async function createRole(database: ScratchDatabase): Promise<{ readonly user: string }> {
  const user = `reader_${randomUUID().replaceAll('-', '')}`
  await database.run(`CREATE ROLE ${user} LOGIN PASSWORD '${password}'`)
  onTestFinished(() => database.run(`DROP OWNED BY ${user}; DROP ROLE ${user}`).then(() => undefined))
  return { user }
}

async function failureOf(
  database: Pick<ScratchDatabase, 'settings' | 'secrets'>,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<SourceError> {
  const failure = await connectTo(database, settings).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(failure instanceof SourceError)) throw new Error(`That was no coded error: ${String(failure)}`)
  const { password: given } = database.secrets
  if (given !== '') expect(`${failure.message} ${JSON.stringify(failure)}`).not.toContain(given)
  expect(failure.cause).toBeUndefined()
  return failure
}

describe('what goes wrong', () => {
  it.each([
    ['a wrong password', {}, { password: 'wrong' }, 'bad_settings', false],
    ['no password', {}, { password: '' }, 'bad_settings', false],
    ['a role that is none', { user: 'nobody_of_ours' }, {}, 'bad_settings', false],
    ['a database that is none', { database: 'nonesuch' }, {}, 'not_found', false],
    ['a port where nobody listens', { port: 1 }, {}, 'unreachable', true],
    ['a name that leads nowhere', { host: 'nowhere.invalid' }, {}, 'unreachable', true],
    ['a path for a host', { host: '/var/run/postgresql' }, {}, 'bad_settings', false],
    ['a port that is none', { port: 70_000 }, {}, 'bad_settings', false],
    ['TLS where there is none', { tls: 'require' }, {}, 'bad_settings', false],
    ['TLS unless it is turned off', { tls: undefined }, {}, 'bad_settings', false],
    ['a CA certificate that is none', { tls: 'verify-full', caCertificate: 'x' }, {}, 'bad_settings', false],
  ])('%s', async (_, settings, secrets, code, isTransient) => {
    const database = await scratchDatabase()
    const given = { settings: database.settings, secrets: { ...database.secrets, ...secrets } }
    expect(await failureOf(given, settings)).toMatchObject({
      code,
      isTransient,
    })
  })

  it('an encoding that says nothing of texts', async () => {
    const database = await scratchDatabase()
    const name = `ascii_${randomUUID().replaceAll('-', '')}`
    await database.run(
      `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'`,
    )
    onTestFinished(() => database.run(`DROP DATABASE ${name} WITH (FORCE)`).then(() => undefined))
    expect(await failureOf(database, { database: name })).toMatchObject({ code: 'bad_settings' })
  })
})

describe('TLS', () => {
  it.each([
    ['require with any certificate', 'require', undefined, 'localhost', undefined],
    ['require under another name', 'require', undefined, '127.0.0.1', undefined],
    ['verify-full with the CA', 'verify-full', cert, 'localhost', undefined],
    ['verify-full without the CA', 'verify-full', undefined, 'localhost', 'bad_settings'],
    ['verify-full under another name', 'verify-full', cert, '127.0.0.1', 'bad_settings'],
  ])('%s', async (_, tls, caCertificate, host, code) => {
    const database = await scratchDatabase('CREATE TABLE t AS SELECT 1 AS id')
    const proxy = await startProxy(Number(database.settings['port']), { certificate: { key, cert } })
    const settings = {
      tls,
      host,
      port: proxy.port,
      ...(caCertificate === undefined ? {} : { caCertificate }),
    }
    if (code !== undefined) {
      expect(await failureOf(database, settings)).toMatchObject({ code })
      return
    }
    const connection = await connectTo(database, settings)
    expect(await readTable(connection, 't')).toEqual([[1]])
  })
})

describe('a role', () => {
  it('sees and reads what it may, and is told what it may not', async () => {
    const database = await scratchDatabase(
      'CREATE TABLE open AS SELECT 1 AS id, 2 AS hidden; CREATE TABLE closed (id integer)',
      'CREATE VIEW v AS SELECT 1 AS id; CREATE MATERIALIZED VIEW m AS SELECT 1 AS id',
      'CREATE TABLE parts (id integer) PARTITION BY LIST (id); CREATE TABLE part_1 PARTITION OF parts FOR VALUES IN (1)',
      'CREATE SCHEMA marts; CREATE TABLE marts.t (id integer); CREATE SCHEMA shut; CREATE TABLE shut.t (id integer)',
    )
    const { user } = await createRole(database)
    await database.run(
      `GRANT USAGE ON SCHEMA public, marts TO ${user}; GRANT SELECT ON v, m, parts, part_1, marts.t, shut.t TO ${user}; GRANT SELECT (id) ON open TO ${user}`,
    )
    const given = { settings: { ...database.settings, user }, secrets: { password } }
    const connection = await connectTo(given)
    expect(await connection.listTables()).toEqual([
      { schema: 'marts', name: 't' },
      ...['m', 'open', 'parts', 'v'].map(publicTable),
    ])
    const chosen = await connectTo(given, { schemas: ['marts', 'shut'] })
    expect(await chosen.listTables()).toEqual([{ schema: 'marts', name: 't' }])

    expect((await connection.describe(publicTable('open'))).map(({ name }) => name)).toEqual(['id'])
    expect(await readTable(connection, 'open')).toEqual([[1]])
    for (const table of [publicTable('closed'), { schema: 'shut', name: 't' }]) {
      await expect(connection.describe(table)).rejects.toMatchObject({ code: 'not_allowed' })
    }
    const hidden = connection.query({
      sql: 'SELECT hidden FROM public.open',
      parameters: [],
      columns: [{ name: 'hidden', type: 'number' }],
    })
    await expect(hidden).rejects.toMatchObject({ code: 'not_allowed' })
    await expect(connection.describe({ name: 'open' })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('writes nothing, even where it might', async () => {
    const database = await scratchDatabase(
      'CREATE TABLE seen (id integer)',
      "CREATE FUNCTION note() RETURNS integer LANGUAGE sql VOLATILE AS 'INSERT INTO public.seen VALUES (1) RETURNING id'",
      'CREATE VIEW v AS SELECT public.note() AS id',
    )
    const connection = await connectTo(database)
    await expect(readTable(connection, 'v')).rejects.toMatchObject({ code: 'not_allowed' })
    const attempts = [
      'WITH w AS (INSERT INTO public.seen VALUES (1) RETURNING id) SELECT id FROM w',
      'SELECT id FROM public.seen FOR UPDATE',
    ]
    for (const sql of attempts) {
      const columns = [{ name: 'id', type: 'number' }] as const
      await expect(connection.query({ sql, parameters: [], columns })).rejects.toBeInstanceOf(SourceError)
    }
    expect(await database.run('SELECT count(*)::int FROM seen')).toEqual([[0]])
  })

  it("brings its own functions to no statement: only the server's are found without a schema", async () => {
    const database = await scratchDatabase(
      "CREATE FUNCTION public.strpos(text, text) RETURNS integer LANGUAGE sql AS 'SELECT 42'",
      "CREATE TABLE t AS SELECT 'a' AS id",
    )
    const connection = await connectTo(database)
    const sql = 'SELECT strpos(id, $1::text) AS n FROM public.t'
    const found = await connection.query({ sql, parameters: ['z'], columns: [{ name: 'n', type: 'number' }] })
    expect(found.columns).toEqual([[0]])
  })
})

it('every setting has a title and a description', () => {
  for (const field of Object.values(source.settings.shape)) {
    expect(field.meta()).toMatchObject({ title: expect.any(String), description: expect.any(String) })
  }
})

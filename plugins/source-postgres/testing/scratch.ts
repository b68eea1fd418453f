/** What the tests of this package share: databases of their own on the suite's PostgreSQL, and connections to them. */
import { randomUUID } from 'node:crypto'
import type {
  AttributeValue,
  ConnectContext,
  RecordBatch,
  SourceConnection,
  SourceTable,
} from '@sluice/connector-sdk'
import { Client } from 'pg'
import { inject, onTestFinished } from 'vitest'
import source from '../src/index.ts'

export const { dialect } = source
export const never = new AbortController().signal

export interface ScratchDatabase {
  readonly settings: Readonly<Record<string, unknown>>
  readonly secrets: { readonly password: string }
  /** Runs SQL as the owner of everything; gives its rows. */
  run(sql: string): Promise<readonly (readonly unknown[])[]>
  /** Listens on a channel for as long as the test takes; gives the payloads that have come. */
  listen(channel: string): Promise<readonly (string | undefined)[]>
  drop(): Promise<void>
}

/** @param locale as CREATE DATABASE takes it; the suite's own is C */
export async function createDatabase(locale = ''): Promise<ScratchDatabase> {
  const admin = new URL(inject('postgres').adminUrl)
  const database = `source_${randomUUID().replaceAll('-', '')}`
  await runAt(admin.href, `CREATE DATABASE ${database} TEMPLATE template0 ${locale}`)
  const own = new URL(admin)
  own.pathname = database
  return {
    settings: {
      host: admin.hostname,
      port: Number(admin.port),
      database,
      user: decodeURIComponent(admin.username),
      tls: 'disable',
    },
    secrets: { password: decodeURIComponent(admin.password) },
    run: (sql) => runAt(own.href, sql),
    async listen(channel) {
      const payloads: (string | undefined)[] = []
      const client = new Client({ connectionString: own.href })
      client.on('notification', ({ payload }) => payloads.push(payload))
      await client.connect()
      onTestFinished(() => client.end())
      await client.query(`LISTEN ${channel}`)
      return payloads
    },
    async drop() {
      await runAt(admin.href, `DROP DATABASE ${database} WITH (FORCE)`)
    },
  }
}

/** A role of its own that may read what the schema public has, and no more. It goes with the server of the tests. */
export async function asReader({ settings, run }: ScratchDatabase): Promise<{
  readonly settings: ScratchDatabase['settings']
  readonly secrets: ScratchDatabase['secrets']
}> {
  const role = `reader_${randomUUID().replaceAll('-', '')}`
  await run(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`)
  await run(`GRANT USAGE ON SCHEMA public TO ${role}`)
  await run(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`)
  return { settings: { ...settings, user: role }, secrets: { password: role } }
}

/** A database for one test, made by these statements. */
export async function scratchDatabase(...statements: readonly string[]): Promise<ScratchDatabase> {
  const database = await createDatabase()
  onTestFinished(() => database.drop())
  for (const statement of statements) await database.run(statement)
  return database
}

/** The servers of tests are on loopback. */
export const anywhere: ConnectContext = { allowedDirectories: [], isAddressAllowed: () => true }

export async function connectTo(
  database: Pick<ScratchDatabase, 'settings' | 'secrets'>,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<SourceConnection> {
  const connection = await source.connect({ ...database.settings, ...settings }, database.secrets, anywhere)
  onTestFinished(() => connection.close())
  return connection
}

export const publicTable = (name: string): SourceTable => ({ schema: 'public', name })

export async function collect(batches: AsyncIterable<RecordBatch>): Promise<AttributeValue[][]> {
  const rows: AttributeValue[][] = []
  for await (const batch of batches) rows.push(...rowsOf(batch))
  return rows
}

export function rowsOf({ length, columns }: RecordBatch): AttributeValue[][] {
  return Array.from({ length }, (_, row) => columns.map((column) => column[row] ?? null))
}

/** Every row of a table of the schema public, as values in the order of its columns. */
export async function readTable(
  connection: SourceConnection,
  name: string,
  options: { readonly orderBy?: string; readonly timeZone?: string } = {},
): Promise<AttributeValue[][]> {
  const columns = await connection.describe(publicTable(name))
  const values = columns.map(
    (column, index) =>
      `${dialect.value(dialect.quote(column.name), column, options.timeZone ?? 'UTC')} AS a${index}`,
  )
  const order = `${dialect.quote(options.orderBy ?? columns[0]?.name ?? '')} AS o0`
  const sql = `SELECT ${[...values, order].join(', ')} FROM public.${dialect.quote(name)}`
  return collect(connection.stream({ sql, parameters: [], columns, orderBy: ['o0'] }, never))
}

async function runAt(url: string, sql: string): Promise<readonly (readonly unknown[])[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const result = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
    return result.rows ?? []
  } finally {
    await client.end()
  }
}

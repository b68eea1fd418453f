// Brings the tables up to date with the committed migrations; safe when several processes start at once.
import { Client } from 'pg'
import { MigrationError } from './migration-error.ts'
import { type Migration, readMigrations } from './migration-files.ts'
import { createRecords, readRecords, writeRecord } from './migration-records.ts'

/** Any number that no other program locks in this database. */
const lockKey = 5_081_937_204

/** Applies what is missing and returns its names. `report` gets a line for a person where there is one. */
export async function migrate(
  databaseUrl: string,
  report: (line: string) => void = () => undefined,
): Promise<readonly string[]> {
  const client = await connect(databaseUrl)
  try {
    await lock(client, report)
    const missing = await findMissing(client, await readMigrations())
    for (const migration of missing) await apply(client, migration)
    const names = missing.map(({ name }) => name)
    if (names.length > 0) report(`Tables: applied ${names.length} migration(s), the last is ${names.at(-1)}`)
    return names
  } finally {
    // Ends the session and with it the lock.
    await client.end()
  }
}

async function connect(databaseUrl: string): Promise<Client> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 })
  // A connection that breaks while it only holds the lock fails the next query.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return client
  } catch (cause) {
    const { host } = new URL(databaseUrl)
    throw new MigrationError(
      'database_unreachable',
      `No connection to the database at ${host} (${codeOf(cause)}). Check that it runs and that DATABASE_URL names its user, password and database.`,
      { cause },
    )
  }
}

async function lock(client: Client, report: (line: string) => void): Promise<void> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
    lockKey,
  ])
  if (rows[0]?.locked === true) return
  report('Tables: waiting for another process that is migrating')
  await client.query('select pg_advisory_lock($1)', [lockKey])
}

/** What is not applied yet; a database that knows more than we do is refused. */
async function findMissing(client: Client, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  await createRecords(client)
  const records = await readRecords(client)
  const failed = records.find(({ isDone }) => !isDone)
  if (failed !== undefined) throw migrationFailed(failed.name)
  const unknown = records.filter(({ name }) => !migrations.some((migration) => migration.name === name))
  if (unknown.length > 0) {
    throw new MigrationError(
      'database_newer',
      `The database has migrations that this version of Sluice does not know: ${unknown.map(({ name }) => name).join(', ')}. Start the newer version, or use another database.`,
    )
  }
  return migrations.filter(({ name }) => !records.some((record) => record.name === name))
}

/** Script and record in one transaction: a process that is killed leaves no half of a migration. */
async function apply(client: Client, migration: Migration): Promise<void> {
  try {
    await client.query('begin')
    await client.query(migration.sql)
    await writeRecord(client, migration)
    await client.query('commit')
  } catch (cause) {
    throw migrationFailed(migration.name, cause)
  }
}

function migrationFailed(name: string, cause?: unknown): MigrationError {
  return new MigrationError(
    'migration_failed',
    `The migration ${name} failed${cause === undefined ? ' earlier' : ` (${codeOf(cause)})`}; the tables are as they were before it. Repair the database, or restore it, and start again.`,
    { cause },
  )
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'no answer'
}

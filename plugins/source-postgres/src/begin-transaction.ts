/** Begins the read-only transaction in which all work is done, with settings that end with it: a pooler may stand between. */
import { SourceError } from '@sluice/connector-sdk'
import type { Client, QueryArrayResult } from 'pg'
import { quoteLiteral } from './sql-text.ts'

const oldestVersion = 120_000
/** What takes no work is answered within this. */
export const promptlyMs = 10_000

export interface TransactionOptions {
  readonly statementTimeoutMs: number
}

/** Who works for a connection at the server. Behind one address there may be several servers: its start tells which. */
export interface Backend {
  readonly pid: string
  readonly serverStart: string
}

export const serverStart = "CAST(date_part('epoch', pg_catalog.pg_postmaster_start_time()) AS text)"

export async function beginTransaction(client: Client, options: TransactionOptions): Promise<Backend> {
  // A connection that was kept may lead nowhere by now, and must not wait as long as a statement may take.
  const begin = { text: beginStatement(options), rowMode: 'array' as const, query_timeout: promptlyMs }
  const results: unknown = await client.query(begin)
  const [pid = '', start = '', version, encoding] =
    (results as readonly QueryArrayResult<string[]>[])[1]?.rows[0] ?? []
  if (Number(version) < oldestVersion) {
    throw new SourceError('bad_settings', 'The server is older than PostgreSQL 12.')
  }
  if (encoding === 'SQL_ASCII') {
    throw new SourceError(
      'bad_settings',
      'The database has the encoding SQL_ASCII, which does not say what its texts mean. Convert it to UTF8.',
    )
  }
  return { pid, serverStart: start }
}

/** One round trip. */
function beginStatement({ statementTimeoutMs }: TransactionOptions): string {
  const settings: Readonly<Record<string, string>> = {
    default_transaction_read_only: 'on',
    statement_timeout: String(statementTimeoutMs),
    lock_timeout: '10s',
    // A slow vendor makes a stream wait between two batches.
    idle_in_transaction_session_timeout: '15min',
    // Names are written with their schema, and no one's function takes the place of a built-in one.
    search_path: '',
    TimeZone: 'UTC',
    DateStyle: 'ISO, YMD',
    IntervalStyle: 'iso_8601',
    extra_float_digits: '1',
    bytea_output: 'hex',
    standard_conforming_strings: 'on',
    quote_all_identifiers: 'off',
    row_security: 'on',
    // Streams are read to their end: what gives the first rows soonest is not what matters.
    cursor_tuple_fraction: '1',
    application_name: 'sluice',
  }
  const set = Object.entries(settings).map(
    ([name, value]) => `set_config(${quoteLiteral(name)}, ${quoteLiteral(value)}, true)`,
  )
  const asked = [
    'CAST(pg_backend_pid() AS text)',
    serverStart,
    "current_setting('server_version_num')",
    "current_setting('server_encoding')",
  ]
  return `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT ${[...asked, ...set].join(', ')}`
}

/** How much PostgreSQL and Temporal keep on disk. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'

/** Bytes of each of our tables: its rows, dead ones included, its indexes and what it keeps out of line. */
export async function postgresTables(url: string): Promise<ReadonlyMap<string, number>> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ readonly name: string; readonly bytes: string }>(
      `SELECT c.relname AS name, pg_total_relation_size(c.oid) AS bytes
       FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
       WHERE c.relkind = 'r' AND n.nspname = 'public'`,
    )
    return new Map(rows.map(({ name, bytes }) => [name, Number(bytes)]))
  } finally {
    await client.end()
  }
}

/** Bytes of the embedded server's SQLite file, its write-ahead log and that log's index. */
export async function temporalBytes(dataFolder: string): Promise<number> {
  const folder = join(dataFolder, 'temporal')
  const names = (await readdir(folder)).filter((name) => name.startsWith('temporal.db'))
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Looks for forms of values in all files of a folder, and in the rows of a database. */
import { open, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Client } from 'pg'
import { createSearch, type Search } from './byte-search.ts'
import type { Form } from './forms.ts'

const chunkBytes = 32 * 1024 * 1024

/** What was found, as `file: form`. */
export async function searchFolder(folder: string, forms: readonly Form[]): Promise<readonly string[]> {
  const search = createSearch(forms)
  const found: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    for (const name of await searchFile(path, search)) found.push(`${relative(folder, path)}: ${name}`)
  }
  return found
}

/** Chunk by chunk; they overlap, so that nothing hides on a border. */
async function searchFile(path: string, search: Search): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const buffer = Buffer.alloc(Math.min(chunkBytes, size))
    for (let position = 0; position < size; position += chunkBytes - search.longest) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position)
      for (const name of search.in(buffer.subarray(0, bytesRead))) found.add(name)
    }
    return found
  } finally {
    await file.close()
  }
}

export function searchBytes(bytes: Buffer, forms: readonly Form[]): readonly string[] {
  return [...createSearch(forms).in(bytes)]
}

/** The rows of every table as text: long values lie compressed in the files. */
export async function searchTables(databaseUrl: string, forms: readonly Form[]): Promise<readonly string[]> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const tables = await client.query<{ name: string }>(
      "SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public'",
    )
    const found: string[] = []
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} AS t`)
      const text = Buffer.from(rows.map(({ row }) => row).join('\n'))
      for (const form of searchBytes(text, forms)) found.push(`${name}: ${form}`)
    }
    return found
  } finally {
    await client.end()
  }
}

/** Writes all that PostgreSQL holds in memory to its files. */
export async function checkpoint(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('CHECKPOINT')
  } finally {
    await client.end()
  }
}

// The committed migrations, read from prisma/migrations.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Migration {
  /** Name of its folder: a timestamp and what it is for. */
  readonly name: string
  readonly sql: string
}

export const migrationsFolder = fileURLToPath(new URL('../../prisma/migrations', import.meta.url))
export const schemaFile = fileURLToPath(new URL('../../prisma/schema.prisma', import.meta.url))
export const migrationScript = 'migration.sql'

/** All migrations, in the order in which they are applied. */
export async function readMigrations(folder: string = migrationsFolder): Promise<readonly Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => ({
      name,
      sql: await readFile(join(folder, name, migrationScript), 'utf8'),
    })),
  )
}

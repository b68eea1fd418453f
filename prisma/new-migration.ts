// Writes the next migration: what prisma/schema.prisma has and the committed migrations do not.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { openDataFolder } from '../server/embedded/data-folder.ts'
import { migrate } from '../server/embedded/migrate.ts'
import { diffToSchema } from '../server/embedded/migration-diff.ts'
import { migrationScript, migrationsFolder } from '../server/embedded/migration-files.ts'
import { startPostgres } from '../server/embedded/postgres.ts'

const usage = `Usage: npm run new:migration -- --name <what-it-is-for>

Writes prisma/migrations/<time>_<name>/migration.sql with what prisma/schema.prisma has and the committed
migrations do not. A passing PostgreSQL is started for it; no database of yours is touched.

  --name  lower-case words joined by - or _, for example add-labels
  --help  this text
`

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { name: { type: 'string' }, help: { type: 'boolean' } } })
  if (values.help === true) return say(usage, 0)
  const { name } = values
  if (name === undefined || !/^[a-z0-9]+([_-][a-z0-9]+)*$/.test(name)) return say(usage, 2)
  const sql = await findSql()
  if (sql === undefined) return say('The migrations already make the schema; nothing was written.\n', 0)
  const folder = join(migrationsFolder, `${timestamp()}_${name.replaceAll('-', '_')}`)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, migrationScript), sql)
  return say(`Written: ${relative(process.cwd(), join(folder, migrationScript))}\n`, 0)
}

async function findSql(): Promise<string | undefined> {
  const wanted = await mkdtemp(join(tmpdir(), 'sluice-migration-'))
  const folder = await openDataFolder({ dataDir: wanted, needsPostgres: true, report: ignore })
  const postgres = await startPostgres({ dataFolder: folder.path, report: ignore })
  try {
    await migrate(postgres.url)
    return await diffToSchema(postgres.url)
  } finally {
    await postgres.stop()
    await folder.release()
    for (const path of [folder.path, wanted]) await rm(path, { recursive: true, force: true })
  }
}

function ignore(): void {}

/** 20261231235959, in UTC: names sort in the order of their making. */
function timestamp(): string {
  return new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)
}

function say(text: string, exitCode: number): number {
  process.stdout.write(text)
  return exitCode
}

process.exitCode = await main()

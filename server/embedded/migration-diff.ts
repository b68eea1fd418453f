// What the schema has and a database does not.
import { readFile } from 'node:fs/promises'
import { schemaFile } from './migration-files.ts'
import { withSchemaEngine } from './schema-engine.ts'

/** The SQL that brings a database to prisma/schema.prisma; undefined when it is there. */
export async function diffToSchema(databaseUrl: string): Promise<string | undefined> {
  const content = await readFile(schemaFile, 'utf8')
  const files = [{ path: schemaFile, content }]
  const { stdout, exitCode } = await withSchemaEngine(databaseUrl, (engine) =>
    engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: '' },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    }),
  )
  return exitCode === 0 ? undefined : (stdout ?? undefined)
}

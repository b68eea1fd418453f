/** Lists the tables and views of a file. */
import type { SourceTable } from '@sluice/connector-sdk'
import type { Session } from './session.ts'

export const defaultSchema = 'main'

export async function listTables(session: Session): Promise<readonly SourceTable[]> {
  const found = await session.run(() =>
    session.connection.runAndReadAll(
      `SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = current_database()
       UNION ALL
       SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = current_database() AND NOT internal
       ORDER BY ALL`,
    ),
  )
  return found.getRows().map(([schema, name]) => ({
    ...(schema === defaultSchema ? {} : { schema: String(schema) }),
    name: String(name),
  }))
}

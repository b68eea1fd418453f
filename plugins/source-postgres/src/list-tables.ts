/** Lists the tables and views that the role may read. */
import type { SourceTable } from '@sluice/connector-sdk'
import type { Session } from './session.ts'

/** Tables, partitioned tables, views, materialised views and foreign tables. */
export const readableKinds = "c.relkind IN ('r', 'p', 'v', 'm', 'f')"

/** @param schemas those to list; none for all */
export async function listTables(
  session: Session,
  schemas: readonly string[],
): Promise<readonly SourceTable[]> {
  const wanted = schemas.map((_, index) => `CAST($${index + 1} AS text)`).join(', ')
  const { rows } = await session.run(
    `SELECT n.nspname, c.relname
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE ${readableKinds} AND NOT c.relispartition
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND ${schemas.length === 0 ? 'TRUE' : `n.nspname IN (${wanted})`}
        AND has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')
      ORDER BY n.nspname, c.relname`,
    schemas,
  )
  return rows.map(([schema, name]) => ({ schema: schema ?? '', name: name ?? '' }))
}

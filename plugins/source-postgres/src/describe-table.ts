/** Describes the columns of one table or view that the role may read. */
import { type SourceColumn, SourceError, type SourceTable } from '@sluice/connector-sdk'
import { readableKinds } from './list-tables.ts'
import { resolveTypes } from './resolve-types.ts'
import type { Session } from './session.ts'
import type { ServerAddress } from './settings.ts'

const columnsSql = `
SELECT a.attnum AS place, a.attname AS name, a.attnotnull AS is_required, a.attcollation AS collation_id,
       a.atttypid AS type_id, a.atttypmod AS type_modifier
  FROM pg_catalog.pg_attribute a
 WHERE a.attrelid = CAST($1 AS oid) AND a.attnum > 0 AND NOT a.attisdropped
   AND has_column_privilege(a.attrelid, a.attnum, 'SELECT')`

export async function describeTable(
  session: Session,
  table: SourceTable,
  server: Pick<ServerAddress, 'database' | 'user'>,
): Promise<readonly SourceColumn[]> {
  return resolveTypes(session, columnsSql, [await find(session, table, server)])
}

async function find(
  session: Session,
  { schema, name }: SourceTable,
  { database, user }: Pick<ServerAddress, 'database' | 'user'>,
): Promise<string> {
  if (schema === undefined) {
    throw new SourceError('not_found', `Name the schema of the table “${name}”, for example “public”.`)
  }
  const { rows } = await session.run(
    `SELECT c.oid, has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE ${readableKinds} AND n.nspname = CAST($1 AS text) AND c.relname = CAST($2 AS text)`,
    [schema, name],
  )
  const [oid, mayRead] = rows[0] ?? []
  if (oid === undefined || oid === null) {
    throw new SourceError('not_found', `There is no table “${schema}.${name}” in “${database}”.`)
  }
  if (mayRead !== 't') {
    throw new SourceError(
      'not_allowed',
      `The role “${user}” may not read “${schema}.${name}”: grant it SELECT.`,
    )
  }
  return oid
}

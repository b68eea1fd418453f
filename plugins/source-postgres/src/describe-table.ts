/** Describes the columns of one table or view that the role may read. */
import { type SourceColumn, SourceError, type SourceTable } from '@sluice/connector-sdk'
import { readableKinds } from './list-tables.ts'
import { type Collation, mapType } from './native-type.ts'
import type { Session } from './session.ts'
import type { ServerAddress } from './settings.ts'

const isArray = "t.typinput = CAST('pg_catalog.array_in' AS regproc)"

/** A domain is spoken of as what it stands for, an array as its element: step by step, since each may hold the other. */
const columnsSql = `
WITH RECURSIVE resolved AS (
  SELECT a.attnum, a.attname, a.attnotnull, a.attcollation, a.atttypid AS typid, a.atttypmod AS typmod, 0 AS arrays
    FROM pg_catalog.pg_attribute a
   WHERE a.attrelid = CAST($1 AS oid) AND a.attnum > 0 AND NOT a.attisdropped
     AND has_column_privilege(a.attrelid, a.attnum, 'SELECT')
  UNION ALL
  SELECT r.attnum, r.attname, r.attnotnull, r.attcollation,
         CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.typelem END,
         CASE t.typtype WHEN 'd' THEN t.typtypmod ELSE r.typmod END,
         r.arrays + CASE t.typtype WHEN 'd' THEN 0 ELSE 1 END
    FROM resolved r JOIN pg_catalog.pg_type t ON t.oid = r.typid
   WHERE t.typtype = 'd' OR ${isArray}
)
SELECT r.attname, r.attnotnull, format_type(r.typid, r.typmod), t.typtype = 'e', r.arrays,
       n.nspname, c.collname, c.collisdeterministic
  FROM resolved r JOIN pg_catalog.pg_type t ON t.oid = r.typid AND t.typtype <> 'd' AND NOT ${isArray}
  LEFT JOIN pg_catalog.pg_collation c ON c.oid = r.attcollation AND r.attcollation <> t.typcollation
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
 ORDER BY r.attnum`

export async function describeTable(
  session: Session,
  table: SourceTable,
  server: Pick<ServerAddress, 'database' | 'user'>,
): Promise<readonly SourceColumn[]> {
  const oid = await find(session, table, server)
  const { rows } = await session.run(columnsSql, [oid])
  return rows.map(([name, isRequired, formatted, isEnum, arrays, schema, collation, isDeterministic]) => ({
    name: name ?? '',
    ...mapType({
      formatted: formatted ?? '',
      isEnum: isEnum === 't',
      arrays: Number(arrays),
      collation: collationOf(schema ?? null, collation ?? null, isDeterministic === 't'),
    }),
    nullable: isRequired !== 't',
  }))
}

function collationOf(
  schema: string | null,
  name: string | null,
  isDeterministic: boolean,
): Collation | undefined {
  return schema === null || name === null ? undefined : { schema, name, isDeterministic }
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

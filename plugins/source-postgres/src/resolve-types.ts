/** Finds out what the types of columns are, step by step: a domain stands for another type, an array has elements. */
import type { SourceColumn } from '@sluice/connector-sdk'
import { type Collation, mapType } from './native-type.ts'
import type { Session } from './session.ts'

const isArray = "t.typinput = CAST('pg_catalog.array_in' AS regproc)"

/**
 * @param columns SQL of a SELECT that gives place, name, is_required, collation_id, type_id and type_modifier of each
 * @param parameters its parameters
 */
export async function resolveTypes(
  session: Session,
  columns: string,
  parameters: readonly string[],
): Promise<readonly SourceColumn[]> {
  const { rows } = await session.run(resolving(columns), parameters)
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

/** A domain is spoken of as what it stands for, an array as its element: each may hold the other. */
function resolving(columns: string): string {
  return `
WITH RECURSIVE resolved AS (
  SELECT place, name, is_required, collation_id, type_id, type_modifier, 0 AS arrays FROM (${columns}) AS columns
  UNION ALL
  SELECT r.place, r.name, r.is_required, r.collation_id,
         CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.typelem END,
         CASE t.typtype WHEN 'd' THEN t.typtypmod ELSE r.type_modifier END,
         r.arrays + CASE t.typtype WHEN 'd' THEN 0 ELSE 1 END
    FROM resolved r JOIN pg_catalog.pg_type t ON t.oid = r.type_id
   WHERE t.typtype = 'd' OR ${isArray}
)
SELECT r.name, r.is_required, format_type(r.type_id, r.type_modifier), t.typtype = 'e', r.arrays,
       n.nspname, c.collname, c.collisdeterministic
  FROM resolved r JOIN pg_catalog.pg_type t ON t.oid = r.type_id AND t.typtype <> 'd' AND NOT ${isArray}
  LEFT JOIN pg_catalog.pg_collation c ON c.oid = r.collation_id AND r.collation_id <> t.typcollation
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
 ORDER BY r.place`
}

function collationOf(
  schema: string | null,
  name: string | null,
  isDeterministic: boolean,
): Collation | undefined {
  return schema === null || name === null ? undefined : { schema, name, isDeterministic }
}

/** Describes the columns of a SELECT that a person wrote. It is taken as a cursor's first: by itself, and to be read. */
import type { SourceColumn } from '@sluice/connector-sdk'
import { refuseMightyRole } from './mighty-role.ts'
import { resolveTypes } from './resolve-types.ts'
import type { Session, WireOutput } from './session.ts'
import type { ServerAddress } from './settings.ts'
import { writtenError } from './written-error.ts'

/** A cursor takes one SELECT, without INTO and without a WITH that writes, and runs nothing of it yet. */
const alone = 'DECLARE written NO SCROLL CURSOR FOR '

const typesSql = `
SELECT x.place, x.name, FALSE AS is_required, x.type_id, x.type_modifier,
       COALESCE((SELECT c.oid FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
                  WHERE x.collated IN (quote_ident(c.collname), quote_ident(n.nspname) || '.' || quote_ident(c.collname))
                    AND (n.nspname = 'pg_catalog' OR x.collated <> quote_ident(c.collname))
                    AND c.collencoding IN (-1, pg_catalog.pg_char_to_encoding(pg_catalog.getdatabaseencoding()))
                  LIMIT 1), 0) AS collation_id
  FROM json_to_recordset(CAST($1 AS json)) AS x(place integer, name text, type_id oid, type_modifier integer, collated text)`

export async function describeSql(
  session: Session,
  sql: string,
  server: Pick<ServerAddress, 'user'>,
): Promise<readonly SourceColumn[]> {
  await refuseMightyRole(session, server)
  await runWritten(session, alone, sql, '')
  const { outputs } = await runWritten(session, 'SELECT * FROM (', sql, '\n) AS queried LIMIT 0')
  const collations = await collationsOf(session, sql, outputs)
  const columns = outputs.map(({ name, typeId, typeModifier }, place) => ({
    ...{ place, name, type_id: typeId, type_modifier: typeModifier },
    collated: collations.get(place) ?? null,
  }))
  return resolveTypes(session, typesSql, [JSON.stringify(columns)])
}

async function runWritten(session: Session, before: string, text: string, after: string) {
  const statement = `${before}${text}${after}`
  try {
    return await session.run(statement)
  } catch (error) {
    throw writtenError(error, { text, statement, before: before.length })
  }
}

/** By place, as PostgreSQL writes them. A result says nothing of collations, and without one no row is needed. */
async function collationsOf(
  session: Session,
  sql: string,
  outputs: readonly WireOutput[],
): Promise<ReadonlyMap<number, string | null>> {
  const ids = [...new Set(outputs.map(({ typeId }) => typeId))]
  const { rows } = await session.run(
    'SELECT t.oid FROM pg_catalog.pg_type t WHERE t.oid = ANY (CAST($1 AS oid[])) AND t.typcollation <> 0',
    [`{${ids.join(',')}}`],
  )
  const collatable = new Set(rows.map(([oid]) => Number(oid)))
  const places = [...outputs.keys()].filter((place) => collatable.has(outputs[place]?.typeId ?? 0))
  if (places.length === 0) return new Map()
  const names = outputs.map((_, place) => `c${place}`).join(', ')
  const asked = places.map((place) => `pg_collation_for(queried.c${place})`).join(', ')
  const none = `(SELECT * FROM (${sql}\n) AS written LIMIT 0) AS queried(${names})`
  const found = await session.run(`SELECT ${asked} FROM (SELECT 1) AS one LEFT JOIN ${none} ON TRUE`)
  return new Map(places.map((place, index) => [place, found.rows[0]?.[index] ?? null]))
}

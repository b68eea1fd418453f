/** How DuckDB's own parser reads a SELECT: its tree, or where it cannot read on. */
import { Buffer } from 'node:buffer'
import type { Session } from './session.ts'

export type ParsedSql =
  | { readonly kind: 'parsed'; readonly statements: readonly unknown[] }
  /** `at`: how many UTF-16 code units stand before the place, where it is known. */
  | { readonly kind: 'malformed'; readonly at: number | undefined }
  /** Nothing that it gives a tree of: no SELECT, or a rare form of it. */
  | { readonly kind: 'unknown' }

const serialize = 'SELECT CAST(json_serialize_sql(CAST($1 AS VARCHAR)) AS VARCHAR)'

interface Serialized {
  readonly error: boolean
  readonly error_type?: string
  readonly position?: string
  readonly statements?: readonly unknown[]
}

export async function parseSql({ connection, run }: Session, sql: string): Promise<ParsedSql> {
  const prepared = await run(() => connection.prepare(serialize))
  try {
    prepared.bindVarchar(1, sql)
    const [[json] = []] = (await run(() => prepared.runAndReadAll())).getRows()
    const { error, error_type, position, statements = [] }: Serialized = JSON.parse(String(json))
    if (!error) return { kind: 'parsed', statements }
    if (error_type !== 'parser') return { kind: 'unknown' }
    // DuckDB counts bytes.
    const at =
      position === undefined ? undefined : Buffer.from(sql).toString('utf8', 0, Number(position)).length
    return { kind: 'malformed', at }
  } finally {
    prepared.destroySync()
  }
}

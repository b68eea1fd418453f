/** SQL that a person wrote: DuckDB's own parser says whether it is one SELECT, or one condition without sub-selects. */
import { isDeepStrictEqual } from 'node:util'
import { type SourceColumn, SourceError, type SourceTable } from '@sluice/connector-sdk'
import { mapType } from './attribute-type.ts'
import { defaultSchema } from './list-tables.ts'
import { type ParsedSql, parseSql } from './parse-sql.ts'
import { notOneSelect, prepareSelect } from './prepared-select.ts'
import type { Session } from './session.ts'
import { quoteIdentifier } from './sql-text.ts'
import { malformed, writtenError } from './written-error.ts'

export async function describeSql(session: Session, sql: string): Promise<readonly SourceColumn[]> {
  const parsed = await parseSql(session, sql)
  if (parsed.kind === 'malformed') throw malformed(sql, parsed.at)
  if (parsed.kind === 'unknown' || parsed.statements.length !== 1) throw notOneSelect()
  // By itself first: what closes a bracket that it has not opened must not stand in a statement of the host.
  await prepare(session, sql, sql)
  const selected = await prepare(session, `SELECT * FROM (${sql}\n) AS queried`, sql)
  return Array.from({ length: selected.columnCount }, (_, index) => ({
    name: selected.columnName(index),
    ...mapType(selected.columnType(index)),
    nullable: true,
  }))
}

/**
 * The tree of the statement is that of a bare one but for its condition: so the text has not left its brackets. And
 * the condition has no sub-select in it.
 */
export async function checkCondition(
  session: Session,
  { schema = defaultSchema, name }: SourceTable,
  condition: string,
): Promise<void> {
  const before = `SELECT * FROM ${quoteIdentifier(schema)}.${quoteIdentifier(name)} WHERE (`
  const statement = `${before}${condition}\n)`
  const parsed = await parseSql(session, statement)
  if (parsed.kind === 'malformed') {
    throw malformed(condition, parsed.at === undefined ? undefined : Math.max(0, parsed.at - before.length))
  }
  const written = apart(parsed)
  const bare = apart(await parseSql(session, `${before}TRUE\n)`))
  if (written === undefined || !isDeepStrictEqual(written.rest, bare?.rest)) {
    throw new SourceError('bad_query', 'This is not one condition on a row, with nothing before or after it.')
  }
  if (hasSubSelect(written.condition)) {
    throw new SourceError(
      'bad_query',
      'A condition has no sub-selects. Write the whole query as SQL, or make a view in the database.',
    )
  }
  await prepare(session, statement, condition)
}

async function prepare(session: Session, statement: string, text: string) {
  try {
    return await session.run(() => prepareSelect(session.connection, statement, []))
  } catch (error) {
    throw writtenError(error, text)
  }
}

interface Apart {
  readonly condition: unknown
  readonly rest: unknown
}

/** The condition of the only statement, and all else. */
function apart(parsed: ParsedSql): Apart | undefined {
  if (parsed.kind !== 'parsed' || parsed.statements.length !== 1) return undefined
  const statement = parsed.statements[0] as { readonly node: { readonly where_clause?: unknown } }
  const { where_clause: condition, ...node } = statement.node
  return { condition, rest: { ...statement, node } }
}

function hasSubSelect(tree: unknown): boolean {
  if (Array.isArray(tree)) return tree.some(hasSubSelect)
  if (typeof tree !== 'object' || tree === null) return false
  return ('class' in tree && tree.class === 'SUBQUERY') || Object.values(tree).some(hasSubSelect)
}

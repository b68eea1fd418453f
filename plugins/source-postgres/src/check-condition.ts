/** Whether a text that a person wrote is one condition without sub-selects: PostgreSQL's own grammar says so. */
import { isDeepStrictEqual } from 'node:util'
import { SourceError, type SourceTable } from '@sluice/connector-sdk'
import { refuseMightyRole } from './mighty-role.ts'
import type { Session } from './session.ts'
import type { ServerAddress } from './settings.ts'
import { quoteIdentifier } from './sql-text.ts'
import { writtenError } from './written-error.ts'

export async function checkCondition(
  session: Session,
  { schema = '', name }: SourceTable,
  condition: string,
  server: Pick<ServerAddress, 'user'>,
): Promise<void> {
  await refuseMightyRole(session, server)
  const select = `SELECT 1 FROM ${quoteIdentifier(schema)}.${quoteIdentifier(name)} WHERE (`
  await askServer(session, select, condition)
  const written = await apart(`${select}${condition}\n)`)
  const bare = await apart(`${select}TRUE\n)`)
  if (written === undefined || !isDeepStrictEqual(written.rest, bare?.rest)) {
    throw new SourceError('bad_query', 'This is not one condition on a row, with nothing before or after it.')
  }
  if (hasSubSelect(written.condition)) {
    throw new SourceError(
      'bad_query',
      'A condition has no sub-selects. Write the whole query as SQL, or make a view in the database.',
    )
  }
}

/** It knows the columns and types, and tells the place. The cursor is not read. */
async function askServer(session: Session, select: string, condition: string): Promise<void> {
  const before = `DECLARE written NO SCROLL CURSOR FOR ${select}`
  const statement = `${before}${condition}\n)`
  try {
    await session.run(statement)
  } catch (error) {
    throw writtenError(error, { text: condition, statement, before: before.length })
  }
}

interface Apart {
  readonly condition: unknown
  readonly rest: unknown
}

/** The condition of the only statement, and all else; undefined where there is not one SELECT. */
async function apart(statement: string): Promise<Apart | undefined> {
  // The parser is a megabyte and a half: whoever writes no condition does without it.
  const { parse } = await import('libpg-query')
  const { stmts = [] } = await parse(statement).catch((): Awaited<ReturnType<typeof parse>> => ({}))
  const [only] = stmts
  if (stmts.length !== 1 || only?.stmt === undefined || !('SelectStmt' in only.stmt)) return undefined
  const { whereClause: condition, ...rest } = only.stmt.SelectStmt
  return { condition, rest }
}

function hasSubSelect(tree: unknown): boolean {
  if (Array.isArray(tree)) return tree.some(hasSubSelect)
  if (typeof tree !== 'object' || tree === null) return false
  return 'SubLink' in tree || Object.values(tree).some(hasSubSelect)
}

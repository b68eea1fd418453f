/** Describes the columns of one table or view. */
import { type SourceColumn, SourceError, type SourceTable } from '@sluice/connector-sdk'
import { mapType } from './attribute-type.ts'
import { defaultSchema, listTables } from './list-tables.ts'
import type { Session } from './session.ts'
import { quoteIdentifier } from './sql-text.ts'

export async function describeTable(
  session: Session,
  table: SourceTable,
  baseName: string,
): Promise<readonly SourceColumn[]> {
  const { connection } = session
  const relation = [table.schema ?? defaultSchema, table.name].map(quoteIdentifier).join('.')
  try {
    const described = await session.run(() => connection.runAndReadAll(`DESCRIBE ${relation}`))
    const required = new Set(
      described.getRows().flatMap(([name, , isNullable]) => (isNullable === 'NO' ? [name] : [])),
    )
    // DESCRIBE gives types as text only; a prepared statement gives them taken apart.
    const selected = await session.run(() => connection.prepare(`SELECT * FROM ${relation}`))
    return Array.from({ length: selected.columnCount }, (_, index) => {
      const name = selected.columnName(index)
      return { name, ...mapType(selected.columnType(index)), nullable: !required.has(name) }
    })
  } catch (error) {
    if (await exists(session, table)) throw error
    throw new SourceError('not_found', `There is no table “${table.name}” in “${baseName}”.`)
  }
}

/** As DuckDB compares names: letters' case aside. */
async function exists(session: Session, table: SourceTable): Promise<boolean> {
  const wanted = [table.schema ?? defaultSchema, table.name].join('\0').toLowerCase()
  const tables = await listTables(session)
  return tables.some(
    ({ schema, name }) => [schema ?? defaultSchema, name].join('\0').toLowerCase() === wanted,
  )
}

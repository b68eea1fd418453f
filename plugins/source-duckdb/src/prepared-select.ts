/** Prepares the host's statement, and refuses anything but one SELECT. */
import { type DuckDBConnection, type DuckDBPreparedStatement, StatementType } from '@duckdb/node-api'
import { SourceError } from '@sluice/connector-sdk'

export async function prepareSelect(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly string[],
): Promise<DuckDBPreparedStatement> {
  const statements = await connection.extractStatements(sql)
  if (statements.count !== 1) throw notOneSelect()
  const prepared = await statements.prepare(0)
  try {
    if (prepared.statementType !== StatementType.SELECT) throw notOneSelect()
    if (prepared.parameterCount !== parameters.length) {
      throw new SourceError(
        'bad_query',
        `The query has ${prepared.parameterCount} parameters and ${parameters.length} values.`,
      )
    }
    for (const [index, value] of parameters.entries()) prepared.bindVarchar(index + 1, value)
    return prepared
  } catch (error) {
    prepared.destroySync()
    throw error
  }
}

export function notOneSelect(): SourceError {
  return new SourceError('bad_query', 'Only a single SELECT statement is run.')
}

/** The last row of a source as it is now, in the order of change; null when there is none. */
import type { Dialect, SourceConnection } from '@sluice/connector-sdk'
import type { SourceDocument } from '../../engine/documents.ts'
import { type Position, positionSchema } from '../../engine/reading/position.ts'
import { lastPositionStatement } from '../../engine/reading/statements.ts'

export async function lastPosition(
  connection: SourceConnection,
  dialect: Dialect,
  source: SourceDocument,
  between: { readonly after?: Position | null; readonly limit?: string | null } = {},
): Promise<Position | null> {
  const { after = null, limit = null } = between
  const batch = await connection.query(lastPositionStatement(source, dialect, after, limit))
  return batch.length === 0 ? null : positionSchema.parse(batch.columns.map((column) => column[0]))
}

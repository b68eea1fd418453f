/** A row an action: what it is, and what it did in a range of time. */
import { Prisma } from '../../prisma/generated/client/client.ts'
import { statusOf, statusTables } from '../actions/status.ts'
import { connectorTypes } from '../connectors/type-table.ts'
import { countedRange } from '../metrics/ranges.ts'
import { totalsByAction } from '../metrics/totals.ts'
import {
  type Column,
  cellsOf,
  type ExportKind,
  figures,
  inUtc,
  isActionOf,
  namesOf,
  spanCells,
  spanColumns,
} from './export-kind.ts'

const described: readonly Column[] = [
  ['actionId', "'Action_' || a.id"],
  ['action', 'a.name'],
  ['actionType', 'a.type'],
  ['connectorId', "'Connector_' || c.id"],
  ['connector', 'c.name'],
  ['type', 'c.type'],
  ['vendor', 'type.vendor'],
  ['dataSource', 's.name'],
  ['segment', 'segment.name'],
]

const counted: readonly Column[] = [
  ...figures,
  ['createdUtc', inUtc('a.created_at')],
  ['modifiedUtc', inUtc('a.updated_at')],
]

export const actionMetrics: ExportKind = {
  scopes: ['workspace', 'connector', 'action'],
  takesGrain: false,
  columns: [...namesOf(described), 'status', ...namesOf(counted), ...spanColumns],
  read({ now, of, range, registry, workspaceId }) {
    const span = countedRange(range, now)
    const statement = Prisma.sql`
      SELECT ${cellsOf(described)}, ${statusOf(registry)}, ${cellsOf(counted)}, ${spanCells(span)}
      FROM action AS a ${statusTables}
      JOIN segment ON segment.id = a.segment_id
      LEFT JOIN ${connectorTypes(registry)} ON type.id = c.type
      LEFT JOIN (${totalsByAction(workspaceId, span)}) AS total ON total.action_id = a.id
      WHERE a.deleted_at IS NULL AND ${isActionOf(of)}
      ORDER BY c.name, c.id, a.name, a.id`
    return { statement, span }
  },
}

/** A row an action: what it is, and what it did in a range of time. */
import { Prisma } from '../../prisma/generated/client/client.ts'
import { isOwned } from '../metrics/metrics-of.ts'
import { countedRange } from '../metrics/ranges.ts'
import { totalsByAction } from '../metrics/totals.ts'
import {
  type Column,
  cellsOf,
  connectorTypes,
  type ExportKind,
  figures,
  inUtc,
  isActionOf,
  namesOf,
  spanCells,
  spanColumns,
} from './export-kind.ts'

const columns: readonly Column[] = [
  ['actionId', "'Action_' || action.id"],
  ['action', 'action.name'],
  ['actionType', 'action.type'],
  ['connectorId', "'Connector_' || connector.id"],
  ['connector', 'connector.name'],
  ['type', 'connector.type'],
  ['vendor', 'type.vendor'],
  ['dataSource', 'data_source.name'],
  ['segment', 'segment.name'],
  ['isActive', "CASE WHEN action.is_enabled THEN 'yes' ELSE 'no' END"],
  ['pausedUtc', inUtc('action.paused_at')],
  ...figures,
  ['createdUtc', inUtc('action.created_at')],
  ['modifiedUtc', inUtc('action.updated_at')],
]

export const actionMetrics: ExportKind = {
  scopes: ['workspace', 'connector', 'action'],
  takesGrain: false,
  columns: [...namesOf(columns), ...spanColumns],
  read({ now, of, range, registry }) {
    const span = countedRange(range, now)
    const statement = Prisma.sql`
      SELECT ${cellsOf(columns)}, ${spanCells(span)}
      FROM action
      JOIN connector ON connector.id = action.connector_id
      JOIN data_source ON data_source.id = action.data_source_id
      JOIN segment ON segment.id = action.segment_id
      LEFT JOIN ${connectorTypes(registry)} ON type.id = connector.type
      LEFT JOIN (${totalsByAction(span, isOwned(of))}) AS total ON total.action_id = action.id
      WHERE action.deleted_at IS NULL AND ${isActionOf(of)}
      ORDER BY connector.name, connector.id, action.name, action.id`
    return { statement, span }
  },
}

/** A row a connector: what it is, and what its actions did in a range of time. */
import { Prisma } from '../../prisma/generated/client/client.ts'
import { connectorStatus, connectorTypes } from '../connectors/type-table.ts'
import { idsOf } from '../metrics/metrics-of.ts'
import { countedRange } from '../metrics/ranges.ts'
import { totalsByConnector } from '../metrics/totals.ts'
import {
  type Column,
  cellsOf,
  type ExportKind,
  figures,
  inUtc,
  namesOf,
  spanCells,
  spanColumns,
} from './export-kind.ts'

const columns: readonly Column[] = [
  ['connectorId', "'Connector_' || connector.id"],
  ['connector', 'connector.name'],
  ['type', 'connector.type'],
  ['typeName', 'type.name'],
  ['vendor', 'type.vendor'],
  ['status', `upper(${connectorStatus})`],
  ['actions', 'coalesce(own.actions, 0)::int'],
  ['activeActions', 'coalesce(own.active_actions, 0)::int'],
  ...figures,
  ['createdUtc', inUtc('connector.created_at')],
  ['modifiedUtc', inUtc('greatest(connector.updated_at, own.updated_at)')],
]

export const connectorMetrics: ExportKind = {
  scopes: ['workspace', 'connector'],
  takesGrain: false,
  columns: [...namesOf(columns), ...spanColumns],
  read({ now, of, range, registry, workspaceId }) {
    const span = countedRange(range, now)
    const statement = Prisma.sql`
      SELECT ${cellsOf(columns)}, ${spanCells(span)}
      FROM connector
      LEFT JOIN ${connectorTypes(registry)} ON type.id = connector.type
      LEFT JOIN (
        SELECT connector_id, count(*) AS actions, count(*) FILTER (WHERE is_enabled) AS active_actions,
          max(updated_at) AS updated_at
        FROM action WHERE workspace_id = ${workspaceId}::uuid AND deleted_at IS NULL GROUP BY connector_id
      ) AS own ON own.connector_id = connector.id
      LEFT JOIN (${totalsByConnector(workspaceId, span)}) AS total ON total.connector_id = connector.id
      WHERE connector.deleted_at IS NULL
        AND ${'connectorIds' in of ? Prisma.sql`connector.id` : Prisma.sql`connector.workspace_id`} = ANY(${[...idsOf(of)]}::uuid[])
      ORDER BY connector.name, connector.id`
    return { statement, span }
  },
}

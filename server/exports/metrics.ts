/** A row for each minute, hour or day in which an action did something: the long one, for spreadsheets and warehouses. */
import { Prisma } from '../../prisma/generated/client/client.ts'
import { trendSpan } from '../metrics/ranges.ts'
import { isWithin } from '../metrics/totals.ts'
import { type Column, cellsOf, type ExportKind, figures, inUtc, isActionOf, namesOf } from './export-kind.ts'

const columns: readonly Column[] = [
  ['startUtc', inUtc('total.start')],
  ['grain', 'total.grain::text'],
  ['connectorId', "'Connector_' || owner.connector_id"],
  ['connector', 'owner.connector'],
  ['actionId', "'Action_' || owner.id"],
  ['action', 'owner.name'],
  ...figures,
]

export const metrics: ExportKind = {
  scopes: ['workspace', 'connector', 'action'],
  takesGrain: true,
  columns: namesOf(columns),
  // Action by action, so that however long it is, nothing has to be sorted as a whole.
  read({ grain, now, of, range }) {
    const span = trendSpan(range, grain, now)
    const statement = Prisma.sql`
      SELECT ${cellsOf(columns)}
      FROM (
        SELECT a.id, a.name, connector.id AS connector_id, connector.name AS connector
        FROM action AS a JOIN connector ON connector.id = a.connector_id
        WHERE ${isActionOf(of)}
      ) AS owner
      JOIN LATERAL (
        SELECT bucket.* FROM metric_bucket AS bucket WHERE bucket.action_id = owner.id AND ${isWithin(span)}
      ) AS total ON true
      ORDER BY owner.connector, owner.connector_id, owner.name, owner.id, total.start`
    return { statement, span }
  },
}

/** Reads what the overview tells of connectors beside themselves: their actions, and what these did in a range of time. */
import type { DataKind } from '@sluice/connector-sdk'
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import type { CountedRange } from '../metrics/ranges.ts'
import { type LaneCounts, noCounts } from '../metrics/rules.ts'
import { readTotals } from '../metrics/totals.ts'

/** How many actions there are in the working copy. */
interface Numbers {
  readonly total: number
  readonly active: number
  readonly paused: number
}

export interface ActionCounts extends Numbers {
  readonly dataKind: DataKind
}

export type ConnectorOverview = LaneCounts & {
  readonly from: Date
  readonly to: Date
  readonly actions: readonly ActionCounts[]
  readonly changedAt: Date
}

/** Of several connectors, in two statements. */
export async function readOverviews(
  db: Pick<PrismaClient, '$queryRaw'>,
  connectorIds: readonly string[],
  range: CountedRange,
): Promise<ReadonlyMap<string, ConnectorOverview>> {
  const [totals, rows] = await Promise.all([
    readTotals(db, { connectorIds }, range),
    readActions(db, connectorIds),
  ])
  const { from, to } = range
  return new Map(
    rows.map(({ changedAt, id, ...numbers }) => {
      const actions = [{ dataKind: 'records' as const, ...numbers }]
      return [id, { ...(totals.get(id) ?? noCounts), from, to, actions, changedAt }]
    }),
  )
}

type Row = Numbers & Pick<ConnectorOverview, 'changedAt'> & { readonly id: string }

function readActions(db: Pick<PrismaClient, '$queryRaw'>, ids: readonly string[]): Promise<readonly Row[]> {
  return db.$queryRaw`
    SELECT connector.id, greatest(connector.updated_at, max(action.updated_at)) AS "changedAt",
      count(action.id)::int AS total, count(action.id) FILTER (WHERE action.is_enabled)::int AS active,
      count(action.id) FILTER (WHERE action.paused_at IS NOT NULL)::int AS paused
    FROM connector
    LEFT JOIN action ON action.workspace_id = connector.workspace_id AND action.connector_id = connector.id
      AND action.deleted_at IS NULL
    WHERE connector.id = ANY(${[...ids]}::uuid[])
    GROUP BY connector.id`
}

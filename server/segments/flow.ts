/** The flow of a segment: its data sources, the actions that read it, and which chains of them work. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'

/** Why an activation sends nothing; null where it does. */
export const standstills = [
  'SWITCHED_OFF',
  'CONNECTOR_OFF',
  'SOURCE_OFF',
  'NOT_PUBLISHED',
  'HALTED',
  'PAUSED',
  'SOURCE_FAILING',
] as const
export type Standstill = (typeof standstills)[number]

interface Activation {
  readonly id: string
  readonly dataSourceId: string
  readonly isEnabled: boolean
  readonly pausedAt: Date | null
  readonly workspace: { readonly haltedAt: Date | null }
  readonly connector: { readonly isEnabled: boolean }
  readonly dataSource: {
    readonly isEnabled: boolean
    readonly progress: { readonly errorCode: string | null } | null
  }
}

/** What the live version runs of a segment: an action on a data source. */
export interface LiveChain {
  readonly actionId: string
  readonly dataSourceId: string
}

/** The first reason in the order in which people would mend them. */
export function standstillOf(activation: Activation, live: readonly LiveChain[]): Standstill | null {
  const { connector, dataSource, id, isEnabled, pausedAt, workspace } = activation
  const isLive = live.some(
    ({ actionId, dataSourceId }) => actionId === id && dataSourceId === activation.dataSourceId,
  )
  if (!isLive) {
    if (!isEnabled) return 'SWITCHED_OFF'
    if (!connector.isEnabled) return 'CONNECTOR_OFF'
    return dataSource.isEnabled ? 'NOT_PUBLISHED' : 'SOURCE_OFF'
  }
  if (workspace.haltedAt !== null) return 'HALTED'
  if (pausedAt !== null) return 'PAUSED'
  return dataSource.progress?.errorCode === undefined || dataSource.progress.errorCode === null
    ? null
    : 'SOURCE_FAILING'
}

/** One statement. What an action reads and sends may have been edited since. */
export async function readLiveChains(
  db: Pick<PrismaClient, '$queryRaw'>,
  workspaceId: string,
  segmentId: string,
): Promise<readonly LiveChain[]> {
  return db.$queryRaw<readonly LiveChain[]>`
    SELECT d.body ->> 'id' AS "actionId", d.body ->> 'dataSourceId' AS "dataSourceId"
    FROM workspace AS w
    JOIN version AS v ON v.workspace_id = w.id AND v.number = w.live_version
    CROSS JOIN LATERAL jsonb_to_recordset(v.manifest) AS entry(kind text, id text, hash text)
    JOIN document AS d ON d.workspace_id = w.id AND d.hash = entry.hash
    JOIN action AS a ON a.workspace_id = w.id AND a.id::text = entry.id AND a.is_live
    WHERE w.id = ${workspaceId}::uuid AND entry.kind = 'action' AND d.body ->> 'segmentId' = ${segmentId}`
}

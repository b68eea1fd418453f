/** The flow of a segment: its data sources, the actions that read it, and which chains of them work. */

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

/** What the live version runs: a segment's rows of a data source to an action. */
export interface LiveChain {
  readonly segmentId: string
  readonly actionId: string
  readonly dataSourceId: string
}

/** The first reason in the order in which people would mend them. */
export function standstillOf(
  activation: Activation,
  live: readonly Omit<LiveChain, 'segmentId'>[],
): Standstill | null {
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

/** All that can be watched: progress, and changes of the configuration. Notices of every process touch it. */
import { isDeepStrictEqual } from 'node:util'
import type { Delivery, PrismaClient } from '../../prisma/generated/client/client.ts'
import { areSameChanges, type NewestChanges, readNewestChanges } from '../audit/newest-changes.ts'
import { readDeliveries } from '../deliveries/read-deliveries.ts'
import { isOver } from '../deliveries/rules.ts'
import type { WorkspaceKeys } from '../workspaces/workspace-keys.ts'
import { createLiveValues, type LiveOptions, type LiveValues } from './live-values.ts'
import { createProgressListener, type ProgressNotice } from './progress-listener.ts'
import { type ActionMetrics, isSameReading, type SummaryMetrics } from './rules.ts'
import { readActionMetrics, readSummaries } from './service.ts'

export interface LiveProgress {
  readonly actions: LiveValues<ActionMetrics>
  readonly connectors: LiveValues<SummaryMetrics>
  readonly workspaces: LiveValues<SummaryMetrics>
  readonly deliveries: LiveValues<Delivery>
  /** The newest changes of a workspace's configuration. */
  readonly changes: LiveValues<NewestChanges>
  /** Ends every watch at once, and then the listening. */
  close(): Promise<void>
}

interface Deps extends LiveOptions {
  readonly db: PrismaClient
  /** Of the same database: notices need a connection of their own. */
  readonly databaseUrl: string
  readonly workspaceKeys: WorkspaceKeys
}

export function createLiveProgress({ db, databaseUrl, workspaceKeys, ...options }: Deps): LiveProgress {
  const actions = createLiveValues<ActionMetrics>({
    ...options,
    read: (ids) => readActionMetrics({ db, workspaceKeys }, ids),
    isSame: isSameReading,
  })
  const connectors = createLiveValues<SummaryMetrics>({
    ...options,
    read: (connectorIds) => readSummaries({ db, workspaceKeys }, { connectorIds }),
    isSame: isSameReading,
  })
  const workspaces = createLiveValues<SummaryMetrics>({
    ...options,
    read: (workspaceIds) => readSummaries({ db, workspaceKeys }, { workspaceIds }),
    isSame: isSameReading,
  })
  const deliveries = createLiveValues<Delivery>({
    ...options,
    read: (ids) => readDeliveries(db, ids),
    isSame: isDeepStrictEqual,
    isLast: isOver,
  })
  const changes = createLiveValues<NewestChanges>({
    ...options,
    read: (ids) => readNewestChanges(db, ids),
    isSame: areSameChanges,
  })
  const all = [actions, connectors, workspaces, deliveries, changes]

  function touchProgress({ actionId, deliveryId }: ProgressNotice): void {
    actions.touch(actionId)
    if (deliveryId !== undefined) deliveries.touch(deliveryId)
    // It may have been several.
    else deliveries.touchAll((delivery) => delivery.actionId === actionId)
  }

  const listener = createProgressListener({
    databaseUrl,
    log: options.log,
    onNotice(notice) {
      const { workspaceId } = notice
      // Actions that run are counted in both: publishing changes them.
      workspaces.touch(workspaceId)
      connectors.touchAll((connector) => connector.workspaceId === workspaceId)
      if (notice.kind === 'configuration') changes.touch(workspaceId)
      else touchProgress(notice)
    },
    onGap() {
      for (const each of all) each.touchAll()
    },
  })
  return {
    actions,
    connectors,
    workspaces,
    deliveries,
    changes,
    async close() {
      for (const each of all) each.close()
      await listener.close()
    },
  }
}

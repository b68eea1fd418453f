/** All that can be watched: actions, workspaces and deliveries, touched by the notices of every worker. */
import { isDeepStrictEqual } from 'node:util'
import type { Delivery, PrismaClient } from '../../prisma/generated/client/client.ts'
import { readDeliveries } from '../deliveries/read-deliveries.ts'
import { isOver } from '../deliveries/rules.ts'
import type { WorkspaceKeys } from '../workspaces/workspace-keys.ts'
import { createLiveValues, type LiveOptions, type LiveValues } from './live-values.ts'
import { createProgressListener } from './progress-listener.ts'
import { type ActionMetrics, isSameReading, type WorkspaceMetrics } from './rules.ts'
import { readActionMetrics, readWorkspaceMetrics } from './service.ts'

export interface LiveProgress {
  readonly actions: LiveValues<ActionMetrics>
  readonly workspaces: LiveValues<WorkspaceMetrics>
  readonly deliveries: LiveValues<Delivery>
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
  const workspaces = createLiveValues<WorkspaceMetrics>({
    ...options,
    read: (ids) => readWorkspaceMetrics({ db, workspaceKeys }, ids),
    isSame: isSameReading,
  })
  const deliveries = createLiveValues<Delivery>({
    ...options,
    read: (ids) => readDeliveries(db, ids),
    isSame: isDeepStrictEqual,
    isLast: isOver,
  })
  const listener = createProgressListener({
    databaseUrl,
    log: options.log,
    onNotice({ workspaceId, actionId, deliveryId }) {
      workspaces.touch(workspaceId)
      actions.touch(actionId)
      if (deliveryId !== undefined) deliveries.touch(deliveryId)
      // It may have been several.
      else deliveries.touchAll((delivery) => delivery.actionId === actionId)
    },
    onGap() {
      for (const each of [actions, workspaces, deliveries]) each.touchAll()
    },
  })
  return {
    actions,
    workspaces,
    deliveries,
    async close() {
      for (const each of [actions, workspaces, deliveries]) each.close()
      await listener.close()
    },
  }
}

/** Wires a worker: the engine's ports on PostgreSQL, HTTP and the installed plugins, under Temporal. */
import { NativeConnection, Worker } from '@temporalio/worker'
import type { PrismaClient } from '../prisma/generated/client/client.ts'
import { createActivities } from '../workflows/activities/create-activities.ts'
import { loadWorkflowBundle } from '../workflows/bundle.ts'
import { createWorkflowStarter } from '../workflows/client.ts'
import { taskQueue } from '../workflows/contracts.ts'
import { createDataConverter } from '../workflows/data-converter.ts'
import { startCleanUp } from './clean-up.ts'
import { createGrants } from './connectors/grants.ts'
import { createCommitter } from './deliveries/committer.ts'
import { createCompiledLanes } from './deliveries/compiled-lanes.ts'
import { createPlanDelivery } from './deliveries/plan-delivery.ts'
import { createSendPass } from './deliveries/send-pass.ts'
import { startSweep } from './deliveries/sweep.ts'
import type { Logger } from './logger.ts'
import type { Registry } from './registry/registry.ts'
import { createConnectSource, createSourceChangeToken } from './sources/connect.ts'
import { createPollSource } from './sources/poll-source.ts'
import { createAuthorize } from './transport/authorize.ts'
import { createHttpTransport } from './transport/http-transport.ts'
import { createKeyring } from './workspaces/keys.ts'
import { createWorkspaceKeys } from './workspaces/workspace-keys.ts'

interface Options {
  readonly db: PrismaClient
  readonly temporal: { readonly address: string; readonly namespace: string }
  readonly masterKey: Uint8Array
  readonly registry: Registry
  /** Real paths of the folders that file sources may read. */
  readonly sourceDirs: readonly string[]
  readonly allowPrivateHosts: readonly string[]
  readonly log: Logger
}

export interface RunningWorker {
  /** Resolves when the worker has ended, by `shutdown` or by itself. */
  readonly ended: Promise<void>
  /** Takes nothing new, lets requests in flight finish and commits what they brought. */
  shutdown(): Promise<void>
}

const mostActivities = 1_000
/** Soon after a worker died, its workflows are taken over. */
const stickyTimeout = '2s'
/** Activities must not be taken for dead because their signs of life were saved up. */
const heartbeatInterval = '3s'

export async function runWorker(options: Options): Promise<RunningWorker> {
  const { db, log, masterKey, registry, temporal } = options
  const workspaceKeys = createWorkspaceKeys({ db, keyring: createKeyring({ masterKey }) })
  const connectSource = createConnectSource({
    registry,
    workspaceKeys,
    allowedDirectories: options.sourceDirs,
    allowPrivateHosts: options.allowPrivateHosts,
  })
  const starter = await createWorkflowStarter({ ...temporal, masterKey })
  const transport = createHttpTransport(options)
  const compiledLanes = createCompiledLanes({ db, registry })
  const deps = {
    db,
    registry,
    workspaceKeys,
    connectSource,
    changeToken: createSourceChangeToken({ registry, allowedDirectories: options.sourceDirs }),
    compiledLanes,
    committer: createCommitter({ db }),
    transport: transport.send,
    authorize: createAuthorize({
      transport: transport.send,
      grants: createGrants({ db, workspaceKeys, now: Date.now }),
      now: Date.now,
    }),
    now: Date.now,
    wakeLane: starter.runLane,
    wakeDelivery: starter.wakeDelivery,
  }
  const activities = createActivities({
    ports: {
      pollSource: createPollSource(deps),
      planDelivery: createPlanDelivery(deps),
      sendPass: createSendPass(deps),
    },
    onUnexpected: (activity, error) =>
      log.error({ err: error, activity }, 'An activity failed unexpectedly.'),
  })

  const connection = await NativeConnection.connect({ address: temporal.address })
  const worker = await Worker.create({
    connection,
    namespace: temporal.namespace,
    taskQueue,
    workflowBundle: await loadWorkflowBundle(),
    activities: { ...activities },
    dataConverter: createDataConverter(masterKey),
    maxConcurrentActivityTaskExecutions: mostActivities,
    stickyQueueScheduleToStartTimeout: stickyTimeout,
    maxHeartbeatThrottleInterval: heartbeatInterval,
    defaultHeartbeatThrottleInterval: heartbeatInterval,
    shutdownGraceTime: 0,
    shutdownForceTime: '8s',
  })
  const ended = worker.run().finally(async () => {
    await Promise.allSettled([transport.close(), starter.close(), connection.close()])
  })
  const sweep = await startSweep({ db, workflows: starter, log })
  const cleanUp = startCleanUp({ db, log })
  return {
    ended,
    async shutdown() {
      sweep.stop()
      cleanUp.stop()
      if (worker.getState() === 'RUNNING') worker.shutdown()
      await ended
    },
  }
}

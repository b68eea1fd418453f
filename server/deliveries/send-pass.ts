/** The activity `sendPass`: one pass over a delivery, with its version, the current secrets and the real world. */
import { SourceError } from '@sluice/connector-sdk'
import { LaneNotRunnableError, type VersionLane } from '../../engine/compile.ts'
import type { PassEnd } from '../../engine/delivering/progress.ts'
import { runPass } from '../../engine/delivering/run-pass.ts'
import type { SendingDeps } from '../../engine/sending/send-request.ts'
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import type { PassResult } from '../../workflows/activities/ports.ts'
import { type Outputs, placeOf, preparedOutputs } from '../actions/preparations.ts'
import { pause } from '../pause.ts'
import type { ConnectSource } from '../sources/connect.ts'
import { connectionSecrets } from '../sources/connection-secrets.ts'
import type { WorkspaceKey } from '../workspaces/keys.ts'
import { openSecrets } from '../workspaces/secrets.ts'
import type { WorkspaceKeys } from '../workspaces/workspace-keys.ts'
import type { Committer } from './committer.ts'
import type { CompiledLanes } from './compiled-lanes.ts'
import { keyedHash } from './keyed-hash.ts'
import { openPass } from './open-pass.ts'
import { wakeNeighbours } from './wake-neighbours.ts'

interface Deps extends SendingDeps {
  readonly db: PrismaClient
  readonly committer: Committer
  readonly compiledLanes: CompiledLanes
  readonly connectSource: ConnectSource
  readonly workspaceKeys: WorkspaceKeys
  readonly now: () => number
  wakeLane(laneId: string): Promise<void>
  wakeDelivery(deliveryId: string): Promise<void>
}

/**
 * Makes the activity. A delivery that is over is answered as such; a pass that is fenced fails, and is tried again:
 * what fenced it may have begun late, for a try that nobody waits for any more.
 */
export function createSendPass(deps: Deps) {
  const { db, now } = deps
  return async function sendPass(deliveryId: string, signal: AbortSignal): Promise<PassResult> {
    const pass = await openPass({ ...deps, workspaceKey: deps.workspaceKeys.of }, deliveryId)
    if (pass === null) return { kind: 'over' }
    const { delivery, progress } = pass
    const { workspaceId } = delivery
    let isPrepared = false
    try {
      const version = await deps.compiledLanes(workspaceId, delivery.versionNumber, delivery.actionId)
      const key = await deps.workspaceKeys.of(workspaceId)
      const prepared = await preparedFor(db, key, version)
      const deliveryKey = key.hash(deliveryId)
      const lane = version.inDelivery({
        id: deliveryId,
        createdAt: delivery.createdAt.getTime(),
        prepared,
        tokenSign: keyedHash(deliveryKey, 'access token'),
      })
      const connector = await db.connector.findFirstOrThrow({ where: { workspaceId, id: lane.connector.id } })
      const connection = await deps.connectSource({
        ...lane.connection,
        workspaceId,
        secrets: await connectionSecrets(db, workspaceId, lane.connection.id),
      })
      try {
        isPrepared = true
        const end = await runPass(
          {
            ...deps,
            lane,
            connection,
            progress,
            account: {
              definition: lane.connectorDefinition,
              settings: lane.settings,
              secrets: connector.secrets === null ? {} : openSecrets(key, connector.secrets),
              owner: { workspaceId, connectorId: connector.id },
              tokenSign: lane.tokenSign,
            },
            itemKey: (position) => keyedHash(deliveryKey, JSON.stringify(position)),
            requestKey: (request) => keyedHash(deliveryKey, request),
            wait: pause,
          },
          signal,
        )
        await deps.wakeLane(delivery.laneId)
        return resultOf(end, now())
      } finally {
        await connection.close()
        await wakeNeighbours(deps, delivery, pass.cleared)
      }
    } catch (error) {
      // It has sent nothing; but what the pass before may still send, the next one waits for.
      if (!isPrepared && progress.start.leaseLeftMs === null) await progress.releaseLease()
      // The pass is tried again until the source can be read; meanwhile the delivery says why it stands.
      if (error instanceof SourceError) await pass.noteFailure(error.code)
      // The next worker that has the plugin wakes it.
      if (error instanceof LaneNotRunnableError) {
        await pass.standStill(error.code)
        return { kind: 'paused' }
      }
      throw error
    } finally {
      pass.close()
    }
  }
}

/** What was created at the vendor for the lane's action before it was published. */
async function preparedFor(
  db: PrismaClient,
  key: WorkspaceKey,
  { action, actionDefinition }: VersionLane,
): Promise<Outputs> {
  if (actionDefinition.prepare === undefined) return {}
  const outputs = await preparedOutputs(db, key, placeOf(action))
  if (outputs !== null) return outputs
  throw new LaneNotRunnableError(
    'action_not_prepared',
    `The action "${action.name}" needs something of its own at the vendor that is not created yet.`,
  )
}

function resultOf(end: PassEnd, now: number): PassResult {
  switch (end.kind) {
    case 'completed':
      return { kind: 'over' }
    case 'paused':
      return { kind: 'paused' }
    case 'waiting':
      return { kind: 'waiting', dueInMs: end.dueAt === null ? null : Math.max(0, end.dueAt - now) }
  }
}

/** Moves the place from which a lane, or all lanes of a source, read on. What was planned before still comes first. */
import { runningActions } from '../../engine/documents.ts'
import type { Prisma } from '../../prisma/generated/client/client.ts'
import { requireRight, within } from '../access/rules.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { announceActions } from '../metrics/progress-channel.ts'
import { InvalidInput, NotFound } from '../problems/rules.ts'
import { askSource } from '../sources/ask-source.ts'
import { connectionSecrets } from '../sources/connection-secrets.ts'
import { dialectOf } from '../sources/look-into.ts'
import { type LaneStart, positionOfStart, type StartTarget } from '../sources/processing-start.ts'
import { sealPosition } from '../sources/sealed-position.ts'
import { loadVersion } from '../versions/load-version.ts'
import { assertStopped } from './assert-stopped.ts'
import { findAction } from './service.ts'

/** Returns the ids of the actions whose lanes were moved. */
export async function setProcessingStart(
  context: Context,
  { target, from, value }: LaneStart,
): Promise<readonly string[]> {
  const { db, deps } = context
  const { lanes, row, workspaceId } = await findLanes(context, target)
  const { liveVersion } = await db.workspace.findUniqueOrThrow({ where: { id: workspaceId } })
  if (liveVersion === null || lanes.length === 0) throw new InvalidInput([notPublished])
  const version = await loadVersion({ db }, workspaceId, liveVersion)
  const source = version.sources.find(({ id }) => id === row.id)
  const connection = version.connections.find(({ id }) => id === source?.connectionId)
  if (source === undefined || connection === undefined) throw new InvalidInput([notPublished])

  // As it was published: what runs next reads by that cursor.
  const dialect = dialectOf(deps, connection.type)
  const secrets = await connectionSecrets(db, workspaceId, connection.id)
  const position = await askSource(deps, { ...connection, workspaceId, secrets }, (open) =>
    positionOfStart(dialect, open, source, { from, value }),
  )
  const key = await deps.workspaceKeys.of(workspaceId)
  const running = runningActions(version).map(({ id }) => id)
  const actionIds = lanes.map((lane) => lane.actionId)
  await db.$transaction(async (tx) => {
    await lockLanes(tx, lanes)
    await assertStopped(tx, { actionIds, running })
    await tx.lane.updateMany({
      where: { workspaceId, id: { in: lanes.map(({ id }) => id) } },
      data: { position: position === null ? null : sealPosition(key, position), starts: { increment: 1 } },
    })
    await announceActions(tx, workspaceId, actionIds)
    const { entity, id: entityId } = target
    await recordChange(tx, context, { workspaceId, verb: 'setProcessingStart', entity, entityId })
  })
  return actionIds
}

async function findLanes(context: Context, target: StartTarget) {
  const { access, db } = context
  const action = target.entity === 'Action' ? await findAction(context, target.id, 'operate') : null
  const id = action?.dataSourceId ?? target.id
  const row = await db.dataSource.findUnique({ where: { id, ...within(access) }, include: { lanes: true } })
  if (row === null) throw new NotFound('DataSource', id)
  requireRight(access, row.workspaceId, 'operate')
  const lanes = row.lanes.filter(({ actionId }) => action === null || actionId === action.id)
  return { row, lanes, workspaceId: row.workspaceId }
}

/** A delivery that is being planned is written before this, or not at all. */
async function lockLanes(tx: Prisma.TransactionClient, lanes: readonly { readonly id: string }[]) {
  const ids = lanes.map(({ id }) => id)
  await tx.$queryRaw`SELECT 1 FROM lane WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`
}

const notPublished = {
  path: [],
  code: 'not_published',
  message: 'Nothing that was published reads this. Publish first: the actions say where they start.',
}

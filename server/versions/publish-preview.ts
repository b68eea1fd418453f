/** Which lanes a publish or a revert would begin, or might begin elsewhere: asked before it is done. */

import { runningActions } from '../../engine/documents.ts'
import type { Conditions } from '../../engine/rules/conditions.ts'
import type { Version } from '../../prisma/generated/client/client.ts'
import type { Context } from '../context.ts'
import type { ReadableSource } from '../sources/look-into.ts'
import type { LaneStart } from '../sources/processing-start.ts'
import { keptLanes } from './check-working-copy.ts'
import { laneStarts, type PlannedLane } from './lane-starts.ts'
import { loadVersion } from './load-version.ts'
import { keptDocuments } from './load-working-copy.ts'
import { connectorReverted } from './revert-connector.ts'
import { readWorkingCopy, type WorkingCopy, workingCopyOf } from './working-copy.ts'

export interface PreviewedLane extends PlannedLane {
  readonly source: ReadableSource
  readonly conditions: Conditions
}

interface Published {
  readonly id: string
  readonly liveVersion: number | null
}

export async function publishPreview(
  { db }: Pick<Context, 'db'>,
  workspace: Published,
  starts: readonly LaneStart[],
): Promise<readonly PreviewedLane[]> {
  const copy = await db.$transaction((tx) => readWorkingCopy(tx, workspace.id), {
    isolationLevel: 'RepeatableRead',
  })
  return lanesOf({ db }, workspace, copy, starts)
}

/** Of the whole version, or of one connector; none where that cannot be reverted to it. */
export async function revertPreview(
  { db }: Pick<Context, 'db'>,
  version: Version,
  {
    connectorId,
    starts,
  }: { readonly connectorId: string | undefined; readonly starts: readonly LaneStart[] },
): Promise<readonly PreviewedLane[]> {
  const { workspaceId } = version
  const workspace = await db.workspace.findUniqueOrThrow({ where: { id: workspaceId } })
  const old = await keptDocuments({ db }, version)
  const wanted =
    connectorId === undefined ? old : await connectorReverted({ db }, workspace, old, connectorId)
  if (wanted === undefined) return []
  return lanesOf({ db }, workspace, await workingCopyOf(db, workspaceId, wanted), starts)
}

async function lanesOf(
  { db }: Pick<Context, 'db'>,
  { id: workspaceId, liveVersion }: Published,
  { documents, sourceRows }: WorkingCopy,
  starts: readonly LaneStart[],
): Promise<readonly PreviewedLane[]> {
  const before = liveVersion === null ? null : await loadVersion({ db }, workspaceId, liveVersion)
  const kept = await keptLanes(db, workspaceId)
  const { lanes } = laneStarts({ ...kept, documents, before, running: runningActions(documents), starts })
  return lanes.flatMap((lane) => {
    const source = sourceRows.get(lane.dataSourceId)
    const action = documents.actions.find(({ id }) => id === lane.actionId)
    const segment = documents.segments.find(({ id }) => id === action?.segmentId)
    return source === undefined || segment === undefined
      ? []
      : [{ ...lane, source, conditions: segment.conditions }]
  })
}

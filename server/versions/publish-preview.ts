/** Which lanes a publish of the working copy would begin, or might begin elsewhere: asked before it is done. */
import { runningActions } from '../../engine/documents.ts'
import type { Conditions } from '../../engine/rules/conditions.ts'
import type { Context } from '../context.ts'
import type { ReadableSource } from '../sources/look-into.ts'
import type { LaneStart } from '../sources/processing-start.ts'
import { keptLanes } from './check-working-copy.ts'
import { laneStarts, type PlannedLane } from './lane-starts.ts'
import { loadVersion } from './load-version.ts'
import { readWorkingCopy } from './working-copy.ts'

export interface PreviewedLane extends PlannedLane {
  readonly source: ReadableSource
  readonly conditions: Conditions
}

export async function publishPreview(
  { db }: Pick<Context, 'db'>,
  { id: workspaceId, liveVersion }: { readonly id: string; readonly liveVersion: number | null },
  starts: readonly LaneStart[],
): Promise<readonly PreviewedLane[]> {
  const { documents, sourceRows } = await db.$transaction((tx) => readWorkingCopy(tx, workspaceId), {
    isolationLevel: 'RepeatableRead',
  })
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

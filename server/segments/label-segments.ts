/** Labels on segments: put on several and taken off several at once. */
import type { Context } from '../context.ts'
import { labelSeveral, unlabelSeveral } from '../labels/label-several.ts'

export interface LabelSegments {
  readonly segmentIds: readonly string[]
  readonly labelIds: readonly string[]
}

/** Returns the segments' ids. */
export function labelSegments(
  context: Context,
  { labelIds, segmentIds }: LabelSegments,
): Promise<readonly string[]> {
  return labelSeveral(context, { entity: 'Segment', ids: segmentIds, labelIds, verb: 'labelSegments' })
}

/** Returns the segments' ids. */
export function unlabelSegments(
  context: Context,
  { labelIds, segmentIds }: LabelSegments,
): Promise<readonly string[]> {
  return unlabelSeveral(context, { entity: 'Segment', ids: segmentIds, labelIds, verb: 'unlabelSegments' })
}

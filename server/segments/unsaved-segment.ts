/** Conditions that are not saved yet, on one data source: checked, to be looked at before they are. */
import { type Conditions, conditionsSchema } from '../../engine/rules/conditions.ts'
import { requireRight, within } from '../access/rules.ts'
import type { Context } from '../context.ts'
import { issuesOf } from '../problems/issues.ts'
import { InvalidInput, NotFound, rejectIssues } from '../problems/rules.ts'
import { sourceDocument } from '../sources/document.ts'
import type { ReadableSource } from '../sources/look-into.ts'
import { present } from '../workspaces/present.ts'
import { conditionIssues } from './read-segment.ts'

export interface UnsavedSegment {
  readonly source: ReadableSource
  readonly conditions: Conditions
}

interface Draft {
  readonly dataSourceId: string
  readonly conditions: unknown
}

/** Fails with everything that is wrong with the conditions. */
export async function readUnsavedSegment(
  { access, db }: Context,
  { dataSourceId, conditions }: Draft,
): Promise<UnsavedSegment> {
  const source = await db.dataSource.findUnique({
    where: { id: dataSourceId, ...within(access), ...present },
    include: { connection: true },
  })
  if (source === null) throw new NotFound('DataSource', dataSourceId)
  requireRight(access, source.workspaceId, 'preview')
  const read = conditionsSchema.safeParse(conditions)
  if (!read.success) throw new InvalidInput(issuesOf(read.error.issues, ['conditions']))
  rejectIssues(conditionIssues(read.data, [sourceDocument(source)]))
  return { source, conditions: read.data }
}

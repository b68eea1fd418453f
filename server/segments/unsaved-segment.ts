/** Conditions that are not saved yet, on one data source: checked, to be looked at before they are. */
import { type Conditions, conditionsSchema } from '../../engine/rules/conditions.ts'
import { issuesOf } from '../problems/issues.ts'
import { InvalidInput, rejectIssues } from '../problems/rules.ts'
import { sourceDocument } from '../sources/document.ts'
import type { ReadableSource } from '../sources/look-into.ts'
import { conditionIssues } from './read-segment.ts'

export interface UnsavedSegment {
  readonly source: ReadableSource
  readonly conditions: Conditions
}

/** Fails with everything that is wrong with the conditions. */
export function readUnsavedSegment(source: ReadableSource, conditions: unknown): UnsavedSegment {
  const read = conditionsSchema.safeParse(conditions)
  if (!read.success) throw new InvalidInput(issuesOf(read.error.issues, ['conditions']))
  rejectIssues(conditionIssues(read.data, [sourceDocument(source)]))
  return { source, conditions: read.data }
}

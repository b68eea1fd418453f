/** Reads a segment as someone wants it: a name, at least one data source, conditions that fit each. */
import type { AttributeColumn } from '../../engine/reading/columns.ts'
import { checkConditions } from '../../engine/rules/check.ts'
import { type Conditions, conditionsSchema, dependsOnNow } from '../../engine/rules/conditions.ts'
import { defaultRescan, type RescanSchedule, rescanSchema } from '../../engine/rules/rescan.ts'
import { issuesOf } from '../problems/issues.ts'
import type { Issue } from '../problems/rules.ts'
import { notesIssues } from '../workspaces/notes-issues.ts'
import { nameSchema, stepsOf } from '../workspaces/rules.ts'

/** A data source that a segment may be written for. */
export interface SegmentableSource {
  readonly id: string
  readonly name: string
  /** Undefined: they are not known yet. */
  readonly columns: readonly AttributeColumn[] | undefined
}

export interface SegmentDraft {
  readonly name: string
  readonly dataSourceIds: readonly string[]
  readonly conditions: unknown
  readonly notes: string
  /** Null: the default, where the conditions need one. */
  readonly rescan: unknown
}

export type SegmentReading =
  | { readonly ok: true; readonly conditions: Conditions; readonly rescan: RescanSchedule | null }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** `sources` are those of the workspace that the draft names. */
export function readSegment(draft: SegmentDraft, sources: readonly SegmentableSource[]): SegmentReading {
  const name = nameSchema.safeParse(draft.name)
  const conditions = conditionsSchema.safeParse(draft.conditions)
  const rescan = rescanSchema.nullable().safeParse(draft.rescan)
  const issues = [
    ...issuesOf(name.error?.issues ?? [], ['name']),
    ...sourceIssues(draft.dataSourceIds, sources),
    ...issuesOf(conditions.error?.issues ?? [], ['conditions']),
    ...(conditions.success ? conditionIssues(conditions.data, sources) : []),
    ...notesIssues(draft.notes),
    ...issuesOf(rescan.error?.issues ?? [], ['rescan']),
  ]
  if (!conditions.success || !rescan.success || issues.length > 0) return { ok: false, issues }
  const needed = dependsOnNow(conditions.data) ? defaultRescan : null
  return { ok: true, conditions: conditions.data, rescan: rescan.data ?? needed }
}

export function conditionIssues(
  conditions: Conditions,
  sources: readonly SegmentableSource[],
): readonly Issue[] {
  return sources.flatMap((source) =>
    (source.columns === undefined ? [] : checkConditions(conditions, source.columns)).map(
      ({ path, code, message }) => ({
        path: ['conditions', ...stepsOf(path)],
        code,
        // Which source is meant is plain when there is only one.
        message: sources.length === 1 ? message : `For the data source "${source.name}": ${message}`,
      }),
    ),
  )
}

function sourceIssues(ids: readonly string[], sources: readonly SegmentableSource[]): readonly Issue[] {
  if (ids.length === 0) {
    return [
      {
        path: ['dataSourceIds'],
        code: 'required',
        message: 'Name at least one data source that the conditions are for.',
      },
    ]
  }
  return ids.flatMap((id, index) =>
    sources.some((source) => source.id === id)
      ? []
      : [
          {
            path: ['dataSourceIds', index],
            code: 'unknown_data_source',
            message: 'There is no data source with this id in the workspace.',
          },
        ],
  )
}

/** Why a data source cannot leave a segment. */
export function sourceInUse(actionName: string, sourceName: string): Issue {
  return {
    path: ['dataSourceIds'],
    code: 'in_use',
    message: `The action "${actionName}" reads the data source "${sourceName}" with this segment. Give it another segment first.`,
  }
}

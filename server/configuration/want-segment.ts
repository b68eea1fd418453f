/** A segment as a document wants it: its conditions must fit the data sources as the document has them. */
import { isDeepStrictEqual } from 'node:util'
import type { SegmentDocument } from '../../engine/documents.ts'
import { readSegment, type SegmentableSource } from '../segments/read-segment.ts'
import type { SegmentEntry } from './document.ts'
import type { Match } from './match-entries.ts'
import { issuesAt, type Planning, refer, type Want } from './planning.ts'

export function wantSegment(
  planning: Planning,
  { entry, id, index }: Match<SegmentEntry>,
  stored: SegmentDocument | undefined,
  sourceOf: (id: string) => SegmentableSource,
): Want<SegmentEntry, SegmentDocument> {
  const before = planning.before.segments.get(id)
  const references = entry.dataSources.map((name, at) =>
    refer(planning.names, 'dataSources', name, ['dataSources', at]),
  )
  const dataSourceIds = [...new Set(references.flatMap(({ id }) => id ?? []))].toSorted()
  const dangling = references.flatMap(({ issues }) => issues)
  const told = { ...entry, dataSources: [...new Set(entry.dataSources)].toSorted() }
  const want = { id, index, before }
  if (before !== undefined && dangling.length === 0 && isDeepStrictEqual(before, told)) {
    return { ...want, after: told, document: stored, issues: [] }
  }
  const { name, conditions, notes, rescan } = entry
  const reading = readSegment({ name, dataSourceIds, conditions, notes, rescan }, dataSourceIds.map(sourceOf))
  const own = reading.ok ? [] : reading.issues
  const issues = [
    ...dangling,
    // Whoever names only what there is not has named some.
    ...own.filter(({ path }) => dangling.length === 0 || path[0] !== 'dataSourceIds'),
  ]
  const document: SegmentDocument | undefined = reading.ok
    ? {
        ...{ id, name, conditions: reading.conditions, dataSourceIds },
        ...(reading.rescan === null ? {} : { rescan: reading.rescan }),
      }
    : undefined
  return {
    ...want,
    after: { ...told, ...(reading.ok && { conditions: reading.conditions, rescan: reading.rescan }) },
    document: issues.length === 0 ? document : undefined,
    issues: issuesAt('segments', index, issues, { dataSourceIds: 'dataSources' }),
  }
}

/** Segment by segment, the data sources that its conditions are for. */
import type { Documents } from './rules.ts'

/** Of a segment that does not tell, because its version is older: those that actions read with it. */
export function sourcesOfSegments({
  segments,
  actions,
}: Pick<Documents, 'segments' | 'actions'>): ReadonlyMap<string, readonly string[]> {
  const read = new Map<string, Set<string>>()
  for (const { segmentId, dataSourceId } of actions) {
    read.set(segmentId, (read.get(segmentId) ?? new Set()).add(dataSourceId))
  }
  return new Map(segments.map(({ id, dataSourceIds }) => [id, dataSourceIds ?? [...(read.get(id) ?? [])]]))
}

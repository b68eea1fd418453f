/** A value of a document as clients know it: ids of other entities in the form of this API. */
import { encodeGlobalId } from '../graphql/global-id.ts'
import type { EntityName } from '../problems/rules.ts'

const references: Readonly<Record<string, EntityName>> = {
  connectionId: 'DataSourceConnection',
  connectorId: 'Connector',
  dataSourceId: 'DataSource',
  dataSourceIds: 'DataSource',
  segmentId: 'Segment',
}

/** `path` is where the value stands: only outermost fields refer to others. */
export function shownValue([field, ...deeper]: readonly string[], value: unknown): unknown {
  const entity = field === undefined ? undefined : references[field]
  if (entity === undefined) return value
  if (Array.isArray(value)) return value.map((each) => shownValue([field ?? '', ...deeper], each))
  return typeof value === 'string' ? encodeGlobalId(entity, value) : value
}

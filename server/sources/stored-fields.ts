/** An admitted data source as the row that is stored: key and cursor by the attributes that their columns feed. */
import { nameInSource } from '../../engine/reading/columns.ts'
import { asJsonArray, asJsonObject } from '../workspaces/json.ts'
import type { AdmittedDraft, AdmittedSource } from './admit-source.ts'

export function storedFields({ connectionId, draft, query, named }: AdmittedSource) {
  const { columns, ignoredColumns } = named
  const attributes = new Map(columns.map((column) => [nameInSource(column), column.name]))
  const attributeOf = (column: string | null) => column && (attributes.get(column) ?? column)
  return {
    ...pacingFields(draft),
    connectionId,
    query: asJsonObject(query),
    keyColumns: draft.keyColumns.map((name) => attributes.get(name) ?? name),
    cursorMode: draft.cursorMode,
    timestampColumn: attributeOf(draft.timestampColumn),
    incrementColumn: attributeOf(draft.incrementColumn),
    columns: asJsonArray(columns),
    ignoredColumns: [...ignoredColumns],
  }
}

/** What a change of it needs no source for. */
export function pacingFields(draft: AdmittedDraft) {
  return {
    name: draft.name,
    timeZone: draft.timeZone,
    settleMs: draft.settleMs,
    pollIntervalMs: draft.pollIntervalMs,
    schedule: draft.schedule,
    batchRows: draft.batchRows,
    resyncLimit: draft.resyncLimit,
    isEnabled: draft.isEnabled,
  }
}

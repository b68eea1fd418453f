/** A stored data source as the engine's document: what reads and publishing work on. */
import { type SourceDocument, sourceDocumentSchema } from '../../engine/documents.ts'
import type { CursorMode } from './rules.ts'

/** A row of the table `data_source`, as far as it is versioned. */
export interface StoredSource {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly settings: unknown
  readonly tableSchema: string | null
  readonly tableName: string
  readonly keyColumns: readonly string[]
  readonly cursorMode: CursorMode
  readonly timestampColumn: string | null
  readonly incrementColumn: string
  readonly timeZone: string
  readonly settleMs: number
  readonly pollIntervalMs: number
  readonly columns: unknown
}

export function sourceDocument(row: StoredSource): SourceDocument {
  return sourceDocumentSchema.parse(sourceFields(row))
}

/** The row with its table in the document's form, not yet checked. */
export function sourceFields(row: StoredSource) {
  const { tableSchema, tableName, ...rest } = row
  return { ...rest, table: { name: tableName, ...(tableSchema === null ? {} : { schema: tableSchema }) } }
}

/** The row of a document: the other way round. */
export function storedSource({ table, ...rest }: SourceDocument): StoredSource {
  return { ...rest, tableSchema: table.schema ?? null, tableName: table.name }
}

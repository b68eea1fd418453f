/** A stored data source as the engine's document: what reads and publishing work on. */
import { type SourceDocument, sourceDocumentSchema } from '../../engine/documents.ts'
import type { CursorMode } from './rules.ts'

/** A row of the table `data_source`, as far as it is versioned. */
export interface StoredSource {
  readonly id: string
  readonly name: string
  readonly connectionId: string
  readonly query: unknown
  readonly keyColumns: readonly string[]
  readonly cursorMode: CursorMode
  readonly timestampColumn: string | null
  readonly incrementColumn: string | null
  readonly timeZone: string
  readonly settleMs: number
  readonly pollIntervalMs: number
  readonly schedule: unknown
  readonly batchRows: number | null
  readonly resyncLimit: number | null
  readonly isEnabled: boolean
  readonly columns: unknown
}

export function sourceDocument(row: StoredSource): SourceDocument {
  return sourceDocumentSchema.parse(row)
}

/** Key and cursor of a stored data source as the source calls their columns: they are stored by their attributes. */
import { type AttributedColumn, sourceColumnsSchema } from '../../engine/documents.ts'
import { nameInSource } from '../../engine/reading/columns.ts'
import type { DataSource } from '../../prisma/generated/client/client.ts'

type Stored = Pick<DataSource, 'columns' | 'keyColumns' | 'timestampColumn' | 'incrementColumn'>

export interface ColumnsByName {
  readonly columns: readonly AttributedColumn[]
  readonly keyColumns: readonly string[]
  readonly timestampColumn: string | null
  readonly incrementColumn: string | null
}

export function columnsByName(row: Stored): ColumnsByName {
  const columns = sourceColumnsSchema.parse(row.columns)
  const own = new Map(columns.map((column) => [column.name, nameInSource(column)]))
  const ownName = (attribute: string) => own.get(attribute) ?? attribute
  return {
    columns,
    keyColumns: row.keyColumns.map(ownName),
    timestampColumn: row.timestampColumn === null ? null : ownName(row.timestampColumn),
    incrementColumn: row.incrementColumn === null ? null : ownName(row.incrementColumn),
  }
}

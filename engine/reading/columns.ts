/** Rows in memory, by column: what predicates and mappings are compiled against. */
import type { AttributeType, AttributeValue } from '@sluice/connector-sdk'

/** A column that was read: its place in the list is its place in {@link Columns}. */
export interface AttributeColumn {
  readonly name: string
  readonly type: AttributeType
}

/** What the source itself calls a column of it. */
export function nameInSource({ name, column }: { readonly name: string; readonly column?: string }): string {
  return column ?? name
}

/** `columns[c][r]` is the value of column c in row r. */
export type Columns = readonly (readonly AttributeValue[])[]

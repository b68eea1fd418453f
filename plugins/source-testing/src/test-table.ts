/** What the suite wants to find in a database, said without any database's SQL: whoever tests a source makes it. */
import type { ConnectContext, PublicSettings, SourceTable } from '@sluice/connector-sdk'

/** `decimal` has 18 digits, 4 of them after the point; `naive` is a timestamp without zone, to the microsecond. */
export type ColumnKind =
  | 'integer'
  | 'bigint'
  | 'decimal'
  | 'double'
  | 'boolean'
  | 'text'
  | 'naive'
  | 'instant'
  | 'day'
  | 'texts'
  | 'integers'
  | 'booleans'

/** A value as a text that casts to its column's type, or a list of such. */
export type Cell = string | null | readonly (string | null)[]

export interface TestTable {
  readonly name: string
  readonly columns: Readonly<Record<string, ColumnKind>>
  readonly rows: readonly (readonly Cell[])[]
}

export interface PreparedSource {
  readonly settings: PublicSettings
  readonly secrets: Readonly<Record<string, string>>
  readonly context: ConnectContext
  /** Where a table of this name has come to lie. */
  tableOf(name: string): SourceTable
  remove(): Promise<void>
}
